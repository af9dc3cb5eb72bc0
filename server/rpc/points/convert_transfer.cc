#include "server/rpc/points/convert_transfer.h"

#include <optional>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::TransferPointsRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::TransferPoints transfer;
  transfer.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Text(Path("wallet"), message.wallet(), limits::kMaxNameBytes);
  validator.Check(message.points() >= 1 && message.points() <= limits::kMaxPointsMoved,
                  Path("points"), "must be 1 to 10^15");
  transfer.to = validator.MemberRef(Path("to"), message.has_to(), message.to());
  RETURN_IF_ERROR(validator.status());
  transfer.transfer_id = message.request_id();
  transfer.wallet = message.wallet();
  transfer.points = message.points();
  lane::Request request = RequestFor(message);
  request.command.action = std::move(transfer);
  return request;
}

void ToProto(const domain::TransferOutcome& outcome, v1::TransferPointsResponse& out) {
  out.set_member_id(outcome.member_id.ToString());
  ToProto(outcome.balances, *out.mutable_balances());
  out.set_to_member_id(outcome.to.ToString());
  Schedule expiring;
  for (const domain::MovedLot& lot : outcome.lots) {
    if (lot.expires_at != absl::InfiniteFuture()) expiring[lot.expires_at] += lot.points;
  }
  ToProto(expiring, *out.mutable_expiring());
}

void ToProto(const domain::ReceivePoints& received, v1::ReceivedTransfer& out) {
  out.set_transfer_id(received.transfer_id);
  out.set_member_id(received.member.id->ToString());
  out.set_person_id(received.person.ToString());
  out.set_from_member_id(received.from.ToString());
  out.set_wallet(received.wallet);
  for (const domain::MovedLot& lot : received.lots) {
    v1::ReceivedLot& added = *out.add_lots();
    added.set_points(lot.points);
    *added.mutable_earned_at() = ToTimestamp(lot.earned_at);
    if (lot.expires_at != absl::InfiniteFuture()) {
      *added.mutable_expires_at() = ToTimestamp(lot.expires_at);
    }
  }
}

absl::StatusOr<domain::ReceivePoints> ToAction(const v1::ReceivedTransfer& message) {
  domain::ReceivePoints received;
  received.member.id = domain::MemberId::Parse(message.member_id());
  const std::optional<domain::MemberId> from = domain::MemberId::Parse(message.from_member_id());
  const std::optional<domain::MemberId> person = domain::MemberId::Parse(message.person_id());
  if (!received.member.id.has_value() || !from.has_value() || !person.has_value()) {
    return absl::DataLossError("a received transfer names no member");
  }
  received.from = *from;
  received.person = *person;
  received.transfer_id = message.transfer_id();
  received.wallet = message.wallet();
  for (const v1::ReceivedLot& lot : message.lots()) {
    domain::MovedLot& moved = received.lots.emplace_back();
    moved.points = lot.points();
    moved.earned_at = FromTimestamp(lot.earned_at());
    if (lot.has_expires_at()) moved.expires_at = FromTimestamp(lot.expires_at());
  }
  return received;
}

}  // namespace dangol::rpc
