#include "server/rpc/audit/recorded_command.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/member/convert_merge.h"
#include "server/rpc/points/convert_spending.h"
#include "server/rpc/points/convert_transfer.h"
#include "server/rpc/purchase/convert_purchase.h"
#include "server/rpc/purchase/convert_return.h"
#include "server/rpc/reward/convert_rewards.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

using storage::CommandKind;
using storage::CommandRecord;

template <typename Message>
absl::StatusOr<domain::Action> ActionOf(const Message& message) {
  ASSIGN_OR_RETURN(lane::Request request, ToRequest(message));
  return std::move(request.command.action);
}
absl::StatusOr<domain::Action> ActionOf(const v1::ReceivedTransfer& message) {
  return ToAction(message);
}

// The action of a record whose payload is such a message; nothing where it is another.
// What is hashed with a payload tells its type: one kind of command may come of several
// messages.
template <typename Message>
std::optional<absl::StatusOr<domain::Action>> ReadAs(const CommandRecord& record) {
  Message message;
  if (Hash(message.GetTypeName() + record.payload) != record.payload_hash) return std::nullopt;
  if (!message.ParseFromString(record.payload)) return std::nullopt;
  return ActionOf(message);
}

template <typename... Messages>
absl::StatusOr<domain::Action> ReadAny(const CommandRecord& record) {
  std::optional<absl::StatusOr<domain::Action>> action;
  ((action.has_value() || (action = ReadAs<Messages>(record)).has_value()), ...);
  if (action.has_value()) return *std::move(action);
  return absl::DataLossError("its request is not the one that was hashed");
}

// Purchases and returns are hashed as they are: each has a scope of its own.
absl::Status ReadOwn(const CommandRecord& record, google::protobuf::Message& message) {
  if (Hash(record.payload) == record.payload_hash && message.ParseFromString(record.payload)) {
    return absl::OkStatus();
  }
  return absl::DataLossError("its request is not the one that was hashed");
}

absl::StatusOr<domain::Action> ReadPurchase(const CommandRecord& record) {
  v1::RecordPurchaseRequest message;
  RETURN_IF_ERROR(ReadOwn(record, *message.mutable_purchase()));
  ASSIGN_OR_RETURN(lane::Request request, ToRequest(message));
  return std::move(request.command.action);
}

absl::StatusOr<domain::Action> ReadReturn(const CommandRecord& record) {
  v1::RecordReturnRequest message;
  RETURN_IF_ERROR(ReadOwn(record, *message.mutable_return_()));
  ASSIGN_OR_RETURN(lane::Request request, ToRequest(message));
  return std::move(request.command.action);
}

absl::StatusOr<domain::Action> ReadEnrolment(const CommandRecord& record) {
  ASSIGN_OR_RETURN(domain::Action action, ReadAny<v1::EnrollMemberRequest>(record));
  // The server had made an id, which is not in the request.
  std::get<domain::EnrollMember>(action).member_id = record.member_id;
  return action;
}

// What was made at random for it is not in the request.
absl::StatusOr<domain::Action> ReadIssue(const CommandRecord& record) {
  ASSIGN_OR_RETURN(domain::Action action, ReadAny<v1::IssueCouponRequest>(record));
  auto& issue = std::get<domain::IssueCoupon>(action);
  issue.code = record.inputs.coupon_code;
  issue.seed = record.inputs.seed;
  return action;
}

// Says who the other is, and nothing of what came of it: that is decided with the other.
absl::StatusOr<domain::Action> ReadHalf(const CommandRecord& record) {
  v1::MergedHalf message;
  const bool is_whole = Hash(message.GetTypeName() + record.payload) == record.payload_hash &&
                        message.ParseFromString(record.payload) &&
                        message.member_id() == record.member_id.ToString();
  if (!is_whole) return absl::DataLossError("is not the half that was hashed");
  if (record.kind == CommandKind::kAbsorb) return domain::AbsorbMember{};
  return domain::RestoreMember{};
}

absl::StatusOr<domain::Action> ReadAction(const CommandRecord& record) {
  switch (record.kind) {
    case CommandKind::kEnroll:
      return ReadEnrolment(record);
    case CommandKind::kAddAlias:
      return ReadAny<v1::AddAliasRequest>(record);
    case CommandKind::kRemoveAlias:
      return ReadAny<v1::RemoveAliasRequest>(record);
    case CommandKind::kRecordPurchase:
      return ReadPurchase(record);
    case CommandKind::kRecordReturn:
      return ReadReturn(record);
    case CommandKind::kConfirmPurchase:
      return ReadAny<v1::ConfirmPurchaseRequest>(record);
    case CommandKind::kReserve:
      return ReadAny<v1::ReservePointsRequest, v1::RedeemPointsRequest>(record);
    case CommandKind::kCapture:
      return ReadAny<v1::CapturePointsRequest>(record);
    case CommandKind::kVoid:
      return ReadAny<v1::VoidReservationRequest>(record);
    case CommandKind::kAdjust:
      return ReadAny<v1::AdjustPointsRequest>(record);
    case CommandKind::kChangeStatus:
      return ReadAny<v1::SuspendMemberRequest, v1::ReinstateMemberRequest, v1::CloseMemberRequest>(
          record);
    case CommandKind::kTransfer:
      return ReadAny<v1::TransferPointsRequest>(record);
    case CommandKind::kReceive:
      return ReadAny<v1::ReceivedTransfer>(record);
    case CommandKind::kIssueCoupon:
      return ReadIssue(record);
    case CommandKind::kUseCoupon:
      return ReadAny<v1::UseCouponRequest>(record);
    case CommandKind::kCancelCoupon:
      return ReadAny<v1::CancelCouponRequest>(record);
    case CommandKind::kMerge:
      return ReadAny<v1::MergeMembersRequest, v1::JoinHouseholdRequest>(record);
    case CommandKind::kUnmerge:
      return ReadAny<v1::UnmergeMemberRequest, v1::LeaveHouseholdRequest>(record);
    case CommandKind::kAbsorb:
    case CommandKind::kRestore:
      return ReadHalf(record);
    case CommandKind::kAdvance:
      return domain::AdvanceMember{};
    case CommandKind::kActivateProgram:
      break;  // Concerns no member.
  }
  return absl::DataLossError(absl::StrCat("kind ", static_cast<int>(record.kind), " is unknown"));
}

}  // namespace

absl::StatusOr<domain::Command> ReadCommand(const CommandRecord& record) {
  ASSIGN_OR_RETURN(domain::Action action, ReadAction(record));
  return domain::Command{std::move(action), record.principal};
}

}  // namespace dangol::rpc
