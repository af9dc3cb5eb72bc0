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
static_assert(v1::MemberServiceEnrollResponse::kMemberFieldNumber == 1);
static_assert(v1::AddAliasResponse::kMemberFieldNumber == 1);
static_assert(v1::RemoveAliasResponse::kMemberFieldNumber == 1);
static_assert(v1::SuspendResponse::kMemberFieldNumber == 1);
static_assert(v1::ReinstateResponse::kMemberFieldNumber == 1);
static_assert(v1::CloseResponse::kMemberFieldNumber == 1);

// So it is with the replies about a reservation,
static_assert(v1::ReserveResponse::kReservationFieldNumber == 1);
static_assert(v1::ReserveResponse::kBalancesFieldNumber == 2);
static_assert(v1::CaptureResponse::kReservationFieldNumber == 1);
static_assert(v1::CaptureResponse::kBalancesFieldNumber == 2);
static_assert(v1::VoidResponse::kReservationFieldNumber == 1);
static_assert(v1::VoidResponse::kBalancesFieldNumber == 2);
static_assert(v1::RedeemResponse::kReservationFieldNumber == 1);
static_assert(v1::RedeemResponse::kBalancesFieldNumber == 2);

// about a coupon,
static_assert(v1::IssueCouponResponse::kCouponFieldNumber == 1);
static_assert(v1::IssueCouponResponse::kBalancesFieldNumber == 2);
static_assert(v1::UseCouponResponse::kCouponFieldNumber == 1);
static_assert(v1::UseCouponResponse::kBalancesFieldNumber == 2);
static_assert(v1::CancelCouponResponse::kCouponFieldNumber == 1);
static_assert(v1::CancelCouponResponse::kBalancesFieldNumber == 2);

// about two members who become one, or share their points, and what undoes that,
static_assert(v1::MergeResponse::kMemberFieldNumber == 1);
static_assert(v1::MergeResponse::kBalancesFieldNumber == 2);
static_assert(v1::MergeResponse::kMergedMemberIdFieldNumber == 3);
static_assert(v1::JoinHouseholdResponse::kHouseholdFieldNumber == 1);
static_assert(v1::JoinHouseholdResponse::kBalancesFieldNumber == 2);
static_assert(v1::JoinHouseholdResponse::kMemberIdFieldNumber == 3);
static_assert(v1::UnmergeResponse::kMemberFieldNumber == 1);
static_assert(v1::UnmergeResponse::kBalancesFieldNumber == 2);
static_assert(v1::UnmergeResponse::kSurvivorMemberIdFieldNumber == 3);
static_assert(v1::LeaveHouseholdResponse::kMemberFieldNumber == 1);
static_assert(v1::LeaveHouseholdResponse::kBalancesFieldNumber == 2);
static_assert(v1::LeaveHouseholdResponse::kHouseholdMemberIdFieldNumber == 3);

// and those that tell no more than balances.
static_assert(v1::AdjustResponse::kMemberIdFieldNumber == 1);
static_assert(v1::AdjustResponse::kBalancesFieldNumber == 2);
static_assert(v1::ConfirmPurchaseResponse::kMemberIdFieldNumber == 1);
static_assert(v1::ConfirmPurchaseResponse::kBalancesFieldNumber == 2);

// What wire.h's WithReplayed rests on.
static_assert(v1::MemberServiceEnrollResponse::kReplayedFieldNumber == 15);
static_assert(v1::AddAliasResponse::kReplayedFieldNumber == 15);
static_assert(v1::RemoveAliasResponse::kReplayedFieldNumber == 15);
static_assert(v1::SuspendResponse::kReplayedFieldNumber == 15);
static_assert(v1::ReinstateResponse::kReplayedFieldNumber == 15);
static_assert(v1::CloseResponse::kReplayedFieldNumber == 15);
static_assert(v1::RecordPurchaseResponse::kReplayedFieldNumber == 15);
static_assert(v1::RecordReturnResponse::kReplayedFieldNumber == 15);
static_assert(v1::ReserveResponse::kReplayedFieldNumber == 15);
static_assert(v1::CaptureResponse::kReplayedFieldNumber == 15);
static_assert(v1::VoidResponse::kReplayedFieldNumber == 15);
static_assert(v1::RedeemResponse::kReplayedFieldNumber == 15);
static_assert(v1::AdjustResponse::kReplayedFieldNumber == 15);
static_assert(v1::ConfirmPurchaseResponse::kReplayedFieldNumber == 15);
static_assert(v1::TransferResponse::kReplayedFieldNumber == 15);
static_assert(v1::IssueCouponResponse::kReplayedFieldNumber == 15);
static_assert(v1::UseCouponResponse::kReplayedFieldNumber == 15);
static_assert(v1::CancelCouponResponse::kReplayedFieldNumber == 15);
static_assert(v1::MergeResponse::kReplayedFieldNumber == 15);
static_assert(v1::UnmergeResponse::kReplayedFieldNumber == 15);
static_assert(v1::JoinHouseholdResponse::kReplayedFieldNumber == 15);
static_assert(v1::LeaveHouseholdResponse::kReplayedFieldNumber == 15);
static_assert(v1::ProgramServiceActivateResponse::kReplayedFieldNumber == 15);

struct Encode {
  std::string operator()(const std::monostate&) const { return ""; }

  std::string operator()(const domain::MemberOutcome& outcome) const {
    v1::MemberServiceEnrollResponse response;
    ToProto(outcome.member, outcome.aliases, *response.mutable_member());
    return Serialize(response);
  }

  std::string operator()(const domain::PurchaseOutcome& outcome) const {
    v1::RecordPurchaseResponse response;
    ToProto(outcome, *response.mutable_outcome());
    return Serialize(response);
  }

  std::string operator()(const domain::ProgramOutcome& outcome) const {
    v1::ProgramServiceActivateResponse response;
    ToProto(outcome.version, /*with_text=*/true, *response.mutable_version());
    return Serialize(response);
  }

  std::string operator()(const domain::ReturnOutcome& outcome) const {
    v1::RecordReturnResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::ReservationOutcome& outcome) const {
    v1::ReserveResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::CouponOutcome& outcome) const {
    v1::IssueCouponResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::BalanceOutcome& outcome) const {
    v1::AdjustResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::TransferOutcome& outcome) const {
    v1::TransferResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::MergeOutcome& outcome) const {
    v1::MergeResponse response;
    ToProto(outcome, response);
    return Serialize(response);
  }

  std::string operator()(const domain::UnmergeOutcome& outcome) const {
    v1::UnmergeResponse response;
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
