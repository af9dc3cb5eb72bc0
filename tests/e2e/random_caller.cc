#include "tests/e2e/random_caller.h"

#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {

std::string ProgramOfRandomCallers() {
  return ProgramText("everything", 10) +
         "adjustment_reasons { code: \"goodwill\" max_points: 100 }\n"
         "rewards { id: \"mug\" name: \"A mug\" wallet: \"points\" points: 30 stock: 100"
         " limits { per: CAP_PERIOD_EVER pieces: 12 } gift { sku: \"mug\" } }\n"
         "multipliers { id: \"staff\" wallet: \"points\" factor { numerator: 3 denominator: 1 }"
         " when { attributes { key: \"staff\" value: \"yes\" } } }\n"
         "incentives { id: \"bringing\" referrer {} reward { wallet: \"points\" points: 20 } }\n"
         "incentives { id: \"brought\" referred {} reward { wallet: \"points\" points: 10 } }\n";
}

RandomCaller::RandomCaller(Client client, int number, int callers, std::vector<std::string> members)
    : client_(std::move(client)),
      number_(number),
      callers_(callers),
      members_(std::move(members)),
      random_(static_cast<unsigned>(number)) {}

namespace {

// Two names may be those of one member: it depends on what others have merged.
bool IsOfOneMember(const absl::Status& status) {
  const std::string reason = ErrorReason(status);
  return reason == "MERGE_WITH_THEMSELVES" || reason == "HOUSEHOLD_OF_THEMSELVES" ||
         reason == "RECEIVER_IS_GIVER";
}

}  // namespace

void RandomCaller::Run(int calls) {
  for (int i = 0; i < calls; ++i) {
    const absl::Status status = Call(absl::StrCat(number_, "-", i), i);
    EXPECT_TRUE(status.ok() || absl::IsNotFound(status) || absl::IsFailedPrecondition(status) ||
                IsOfOneMember(status))
        << status;
  }
}

absl::Status RandomCaller::Call(const std::string& id, int call) {
  const std::string earlier = absl::StrCat(UpTo(callers_), "-", UpTo(call + 1));
  switch (UpTo(22)) {
    case 0:
      return Reserve(id);
    case 1:
      return Redeem(id);
    case 2:
      return Capture(id, earlier);
    case 3:
      return Void(id, earlier);
    case 4:
      return Adjust(id);
    case 5:
    case 6:
      return Return(id, earlier);
    case 7:
      return Transfer(id);
    case 8:
      return Issue(id);
    case 9:
      return EndCoupon(id);
    case 10:
      return SuspendOrReinstate(id);
    case 11:
      return Unite(id);
    case 12:
      return Part(id);
    case 13:
      return Confirm(id, earlier);
    case 14:
      return UndoReturn(id);
    case 15:
      return Bring(id);
    case 16:
      return Refer(id);
    case 17:
      return Describe(id);
    default:
      return Buy(id, earlier);
  }
}

absl::Status RandomCaller::Buy(const std::string& id, const std::string& reservation_id) {
  v1::Purchase purchase = SmallPurchase(id, 10 * (UpTo(150) + 1));
  *purchase.mutable_member() = Member();
  if (UpTo(3) == 0) {
    purchase.set_reservation_id(reservation_id);
    purchase.set_paid_with_points_minor(1 + UpTo(10));
  }
  const auto bought = client_.RecordPurchase(purchase);
  if (!bought.ok()) return bought.status();
  const v1::PointsPayment& payment = bought->outcome().payment();
  spent_ += payment.taken_now_points() + payment.owed_points() + payment.written_off_points();
  return absl::OkStatus();
}

// Somebody new, who buys at once.
absl::Status RandomCaller::Bring(const std::string& id) {
  v1::EnrollMemberRequest enroll;
  enroll.set_request_id(id);
  *enroll.mutable_referred_by() = Member();
  const auto enrolled = client_.EnrollMember(enroll);
  if (!enrolled.ok()) return enrolled.status();
  v1::Purchase purchase = SmallPurchase(id, 10 * (UpTo(150) + 1));
  *purchase.mutable_member() = MemberById(enrolled->member().member_id());
  return client_.RecordPurchase(purchase).status();
}

absl::Status RandomCaller::Refer(const std::string& id) {
  v1::RecordReferralRequest record;
  record.set_request_id(id);
  *record.mutable_member() = Member();
  *record.mutable_referred_by() = Member();
  return client_.RecordReferral(record).status();
}

// What the program multiplies by.
absl::Status RandomCaller::Describe(const std::string& id) {
  v1::UpdateMemberRequest update;
  update.set_request_id(id);
  *update.mutable_member() = Member();
  (*update.mutable_attributes())["staff"] = UpTo(2) == 0 ? "yes" : "no";
  update.mutable_update_mask()->add_paths("attributes.staff");
  return client_.UpdateMember(update).status();
}

absl::Status RandomCaller::UndoReturn(const std::string& id) {
  if (returns_.empty()) return Redeem(id);
  v1::UndoReturnRequest undo;
  undo.set_return_id(returns_.back());
  returns_.pop_back();
  const auto undone = client_.UndoReturn(undo);
  if (!undone.ok()) return undone.status();
  for (const v1::ReversedPoints& points : undone->points()) spent_ -= points.restored();
  return absl::OkStatus();
}

absl::Status RandomCaller::Return(const std::string& id, const std::string& purchase_id) {
  v1::Return goods;
  goods.set_return_id(id);
  goods.set_purchase_id(purchase_id);
  goods.set_amount_minor(UpTo(500) + 1);
  const auto back = client_.RecordReturn(goods);
  if (!back.ok()) return back.status();
  returns_.push_back(id);
  for (const v1::ReversedPoints& points : back->points()) spent_ -= points.restored();
  return absl::OkStatus();
}

absl::Status RandomCaller::Reserve(const std::string& id) {
  v1::ReservePointsRequest reserve;
  reserve.set_request_id(id);
  *reserve.mutable_member() = Member();
  reserve.set_points(UpTo(150) + 1);
  return client_.ReservePoints(reserve).status();
}

absl::Status RandomCaller::Redeem(const std::string& id) {
  v1::RedeemPointsRequest redeem;
  redeem.set_request_id(id);
  *redeem.mutable_member() = Member();
  redeem.set_points(UpTo(150) + 1);
  const auto redeemed = client_.RedeemPoints(redeem);
  if (redeemed.ok()) spent_ += redeemed->reservation().captured();
  return redeemed.status();
}

absl::Status RandomCaller::Confirm(const std::string& id, const std::string& purchase_id) {
  v1::ConfirmPurchaseRequest confirm;
  confirm.set_request_id(id);
  confirm.set_purchase_id(purchase_id);
  return client_.ConfirmPurchase(confirm).status();
}

absl::Status RandomCaller::Capture(const std::string& id, const std::string& reservation_id) {
  v1::CapturePointsRequest capture;
  capture.set_request_id(id);
  capture.set_reservation_id(reservation_id);
  const auto captured = client_.CapturePoints(capture);
  if (!captured.ok()) return captured.status();
  spent_ += captured->reservation().captured() - captured->reservation().restored();
  return absl::OkStatus();
}

absl::Status RandomCaller::Void(const std::string& id, const std::string& reservation_id) {
  v1::VoidReservationRequest release;
  release.set_request_id(id);
  release.set_reservation_id(reservation_id);
  return client_.VoidReservation(release).status();
}

absl::Status RandomCaller::Adjust(const std::string& id) {
  v1::AdjustPointsRequest adjust;
  adjust.set_request_id(id);
  *adjust.mutable_member() = Member();
  adjust.set_reason("goodwill");
  if (!adjustments_.empty() && UpTo(2) == 0) {
    // Of whomever: they may have become one since.
    adjust.set_undoes(
        adjustments_[static_cast<size_t>(UpTo(static_cast<int>(adjustments_.size())))]);
    return client_.AdjustPoints(adjust).status();
  }
  adjust.set_points(UpTo(2) == 0 ? 50 : -50);
  const absl::Status status = client_.AdjustPoints(adjust).status();
  if (status.ok()) adjustments_.push_back(id);
  return status;
}

absl::Status RandomCaller::Transfer(const std::string& id) {
  v1::TransferPointsRequest transfer;
  transfer.set_request_id(id);
  *transfer.mutable_member() = Member();
  *transfer.mutable_to() = Member();
  transfer.set_points(UpTo(100) + 1);
  return client_.TransferPoints(transfer).status();
}

absl::Status RandomCaller::Issue(const std::string& id) {
  v1::IssueCouponRequest issue;
  issue.set_request_id(id);
  *issue.mutable_member() = Member();
  issue.set_reward_id("mug");
  const auto issued = client_.IssueCoupon(issue);
  if (issued.ok()) {
    codes_.push_back(issued->coupon().code());
    spent_ += issued->coupon().points();
  }
  return issued.status();
}

absl::Status RandomCaller::EndCoupon(const std::string& id) {
  if (codes_.empty()) return Issue(id);
  const std::string& code = codes_[static_cast<size_t>(UpTo(static_cast<int>(codes_.size())))];
  if (UpTo(2) == 0) {
    v1::UseCouponRequest use;
    use.set_request_id(id);
    use.set_code(code);
    return client_.UseCoupon(use).status();
  }
  v1::CancelCouponRequest cancel;
  cancel.set_request_id(id);
  cancel.set_code(code);
  const auto cancelled = client_.CancelCoupon(cancel);
  if (cancelled.ok()) spent_ -= cancelled->coupon().points();
  return cancelled.status();
}

// Mostly the latter, so that there is somebody to sell to.
absl::Status RandomCaller::SuspendOrReinstate(const std::string& id) {
  if (UpTo(5) == 0) {
    v1::SuspendMemberRequest suspend;
    suspend.set_request_id(id);
    *suspend.mutable_member() = Member();
    return client_.SuspendMember(suspend).status();
  }
  v1::ReinstateMemberRequest reinstate;
  reinstate.set_request_id(id);
  *reinstate.mutable_member() = Member();
  return client_.ReinstateMember(reinstate).status();
}

absl::Status RandomCaller::Unite(const std::string& id) {
  if (UpTo(2) == 0) {
    v1::MergeMembersRequest merge;
    merge.set_request_id(id);
    *merge.mutable_member() = Member();
    *merge.mutable_into() = Member();
    return client_.MergeMembers(merge).status();
  }
  v1::JoinHouseholdRequest join;
  join.set_request_id(id);
  *join.mutable_member() = Member();
  *join.mutable_household() = Member();
  return client_.JoinHousehold(join).status();
}

absl::Status RandomCaller::Part(const std::string& id) {
  if (UpTo(2) == 0) {
    v1::UnmergeMemberRequest unmerge;
    unmerge.set_request_id(id);
    unmerge.set_merged_member_id(Id());
    return client_.UnmergeMember(unmerge).status();
  }
  v1::LeaveHouseholdRequest leave;
  leave.set_request_id(id);
  *leave.mutable_member() = Member();
  return client_.LeaveHousehold(leave).status();
}

v1::MemberRef RandomCaller::Member() {
  return UpTo(2) == 0 ? MemberById(Id()) : Card(absl::StrCat(UpTo(count())));
}

}  // namespace dangol::e2e
