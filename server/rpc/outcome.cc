#include "server/rpc/outcome.h"

#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "dangol/v1/reward_service.pb.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/member/convert_merge.h"
#include "server/rpc/points/convert_spending.h"
#include "server/rpc/points/convert_transfer.h"
#include "server/rpc/program/convert_program.h"
#include "server/rpc/purchase/convert_purchase.h"
#include "server/rpc/purchase/convert_return.h"
#include "server/rpc/reward/convert_rewards.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

// Every reply about a member has the member as field 1: one encoding is all of
// them.
static_assert(v1::EnrollMemberResponse::kMemberFieldNumber == 1);
static_assert(v1::AddAliasResponse::kMemberFieldNumber == 1);
static_assert(v1::RemoveAliasResponse::kMemberFieldNumber == 1);
static_assert(v1::SuspendMemberResponse::kMemberFieldNumber == 1);
static_assert(v1::ReinstateMemberResponse::kMemberFieldNumber == 1);
static_assert(v1::CloseMemberResponse::kMemberFieldNumber == 1);

// So it is with the replies about a reservation,
static_assert(v1::ReservePointsResponse::kReservationFieldNumber == 1);
static_assert(v1::ReservePointsResponse::kBalancesFieldNumber == 2);
static_assert(v1::CapturePointsResponse::kReservationFieldNumber == 1);
static_assert(v1::CapturePointsResponse::kBalancesFieldNumber == 2);
static_assert(v1::VoidReservationResponse::kReservationFieldNumber == 1);
static_assert(v1::VoidReservationResponse::kBalancesFieldNumber == 2);
static_assert(v1::RedeemPointsResponse::kReservationFieldNumber == 1);
static_assert(v1::RedeemPointsResponse::kBalancesFieldNumber == 2);

// about a coupon,
static_assert(v1::IssueCouponResponse::kCouponFieldNumber == 1);
static_assert(v1::IssueCouponResponse::kBalancesFieldNumber == 2);
static_assert(v1::UseCouponResponse::kCouponFieldNumber == 1);
static_assert(v1::UseCouponResponse::kBalancesFieldNumber == 2);
static_assert(v1::CancelCouponResponse::kCouponFieldNumber == 1);
static_assert(v1::CancelCouponResponse::kBalancesFieldNumber == 2);

// about two members who become one, or share their points, and what undoes that,
static_assert(v1::MergeMembersResponse::kMemberFieldNumber == 1);
static_assert(v1::MergeMembersResponse::kBalancesFieldNumber == 2);
static_assert(v1::MergeMembersResponse::kMergedMemberIdFieldNumber == 3);
static_assert(v1::JoinHouseholdResponse::kHouseholdFieldNumber == 1);
static_assert(v1::JoinHouseholdResponse::kBalancesFieldNumber == 2);
static_assert(v1::JoinHouseholdResponse::kMemberIdFieldNumber == 3);
static_assert(v1::UnmergeMemberResponse::kMemberFieldNumber == 1);
static_assert(v1::UnmergeMemberResponse::kBalancesFieldNumber == 2);
static_assert(v1::UnmergeMemberResponse::kSurvivorMemberIdFieldNumber == 3);
static_assert(v1::LeaveHouseholdResponse::kMemberFieldNumber == 1);
static_assert(v1::LeaveHouseholdResponse::kBalancesFieldNumber == 2);
static_assert(v1::LeaveHouseholdResponse::kHouseholdMemberIdFieldNumber == 3);

// and those that tell no more than balances.
static_assert(v1::AdjustPointsResponse::kMemberIdFieldNumber == 1);
static_assert(v1::AdjustPointsResponse::kBalancesFieldNumber == 2);
static_assert(v1::ConfirmPurchaseResponse::kMemberIdFieldNumber == 1);
static_assert(v1::ConfirmPurchaseResponse::kBalancesFieldNumber == 2);

// What wire.h's WithReplayed rests on.
static_assert(v1::EnrollMemberResponse::kReplayedFieldNumber == 15);
static_assert(v1::AddAliasResponse::kReplayedFieldNumber == 15);
static_assert(v1::RemoveAliasResponse::kReplayedFieldNumber == 15);
static_assert(v1::SuspendMemberResponse::kReplayedFieldNumber == 15);
static_assert(v1::ReinstateMemberResponse::kReplayedFieldNumber == 15);
static_assert(v1::CloseMemberResponse::kReplayedFieldNumber == 15);
static_assert(v1::RecordPurchaseResponse::kReplayedFieldNumber == 15);
static_assert(v1::RecordReturnResponse::kReplayedFieldNumber == 15);
static_assert(v1::ReservePointsResponse::kReplayedFieldNumber == 15);
static_assert(v1::CapturePointsResponse::kReplayedFieldNumber == 15);
static_assert(v1::VoidReservationResponse::kReplayedFieldNumber == 15);
static_assert(v1::RedeemPointsResponse::kReplayedFieldNumber == 15);
static_assert(v1::AdjustPointsResponse::kReplayedFieldNumber == 15);
static_assert(v1::ConfirmPurchaseResponse::kReplayedFieldNumber == 15);
static_assert(v1::TransferPointsResponse::kReplayedFieldNumber == 15);
static_assert(v1::IssueCouponResponse::kReplayedFieldNumber == 15);
static_assert(v1::UseCouponResponse::kReplayedFieldNumber == 15);
static_assert(v1::CancelCouponResponse::kReplayedFieldNumber == 15);
static_assert(v1::MergeMembersResponse::kReplayedFieldNumber == 15);
static_assert(v1::UnmergeMemberResponse::kReplayedFieldNumber == 15);
static_assert(v1::JoinHouseholdResponse::kReplayedFieldNumber == 15);
static_assert(v1::LeaveHouseholdResponse::kReplayedFieldNumber == 15);
static_assert(v1::ActivateProgramResponse::kReplayedFieldNumber == 15);

struct Encode {
  std::string operator()(const std::monostate&) const { return ""; }

  std::string operator()(const domain::MemberOutcome& outcome) const {
    v1::EnrollMemberResponse response;
    ToProto(outcome.member, outcome.aliases, *response.mutable_member());
    return Serialize(response);
  }

  std::string operator()(const domain::PurchaseOutcome& outcome) const {
    v1::RecordPurchaseResponse response;
    ToProto(outcome, *response.mutable_outcome());
    return Serialize(response);
  }

  std::string operator()(const domain::ProgramOutcome& outcome) const {
    v1::ActivateProgramResponse response;
    ToProto(outcome.version, /*with_text=*/true, *response.mutable_version());
    return Serialize(response);
  }

  std::string operator()(const domain::ReturnOutcome& outcome) const {
    v1::RecordReturnResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::ReservationOutcome& outcome) const {
    v1::ReservePointsResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::CouponOutcome& outcome) const {
    v1::IssueCouponResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::BalanceOutcome& outcome) const {
    v1::AdjustPointsResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::TransferOutcome& outcome) const {
    v1::TransferPointsResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::MergeOutcome& outcome) const {
    v1::MergeMembersResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::UnmergeOutcome& outcome) const {
    v1::UnmergeMemberResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }
};

template <typename Message, typename Action>
lane::Payload PayloadOf(const Action& action) {
  Message message;
  ToProto(action, message);
  lane::Payload payload;
  payload.bytes = Serialize(message);
  payload.hash = Hash(message.GetTypeName() + payload.bytes);
  return payload;
}

}  // namespace

std::string EncodeOutcome(const domain::Outcome& outcome) { return std::visit(Encode(), outcome); }

lane::Payload EncodeConsequence(const domain::Action& action) {
  if (const auto* absorb = std::get_if<domain::AbsorbMember>(&action)) {
    return PayloadOf<v1::MergedHalf>(*absorb);
  }
  if (const auto* restore = std::get_if<domain::RestoreMember>(&action)) {
    return PayloadOf<v1::MergedHalf>(*restore);
  }
  return PayloadOf<v1::ReceivedTransfer>(std::get<domain::ReceivePoints>(action));
}

}  // namespace dangol::rpc
