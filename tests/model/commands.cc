// What the numbers of a step mean, where it is known what there is to command.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/model/story.h"

namespace dangol::model {
namespace {

constexpr const char* kSkus[] = {"latte", "bagel", "cake"};
constexpr int kHuge = 1'000'000;

// The last of ten choices is something that there is not.
std::string WalletOf(const Step& step, const domain::Program& program) {
  if (step.wallet == 9) return step.choice % 2 == 0 ? "stamps" : "";
  return program.wallets[static_cast<size_t>(step.wallet) % program.wallets.size()].id;
}

// Half of the time the newest, sometimes one that there is not.
std::string Pick(const std::vector<std::string>& ids, int pick) {
  if (ids.empty() || pick == 9) return "nobody's";
  const size_t back = pick < 5 ? 0 : static_cast<size_t>(pick - 4) % ids.size();
  return ids[ids.size() - 1 - back];
}

std::optional<absl::Time> OccurredAt(const Step& step, absl::Time now) {
  if (step.late < 60) return std::nullopt;
  if (step.late < 64) return now + absl::Seconds(20 * (step.late - 59));  // 61 s are too many.
  if (step.late == 64) return now + absl::Seconds(61);
  if (step.late < 80) return now - absl::Hours(step.late - 64);
  return now - absl::Hours(24 * 90 * (step.late - 79) / 20);
}

// Of what is available: some, most, all, and more than there is.
int64_t PointsOf(const Step& step, int64_t available) {
  if (available < 1 || step.size >= 96) return std::max<int64_t>(available, 0) + 1;
  if (step.size >= 70) return available;
  return std::max<int64_t>(available * (step.size + 1) / 70, 1);
}

int NumberOf(const Step& step, size_t index) {
  return index < step.lines.size() ? step.lines[index] : 0;
}

// Whether a hold has not ended. Of one that has, points would be taken anew, which the model does
// not know: tests/e2e/payment_corners_test.cc tells of that.
bool Pays(const std::string& reservation, absl::Time now, const Model& model) {
  if (!reservation.starts_with("h-")) return false;
  const ReservationAnswer& hold = model.reservation(reservation).answer;
  return hold.status == domain::ReservationStatus::kCaptured ||
         (hold.status == domain::ReservationStatus::kHeld && hold.lapses_at > now);
}

domain::Action Buy(const Step& step, absl::Time now, const domain::MemberRef& member,
                   const Model& model) {
  domain::RecordPurchase record;
  record.member = member;
  record.occurred_at = OccurredAt(step, now);
  domain::Purchase& purchase = record.purchase;
  purchase.purchase_id = model.NewId("p-");
  purchase.currency = step.wallet == 9 && step.late < 60 ? "XXX" : "EUR";
  const int line_count = 1 + NumberOf(step, 6) % 3;
  int64_t total = 0;
  for (int i = 0; i < line_count; ++i) {
    domain::PurchaseLine& line = purchase.lines.emplace_back();
    const int number = NumberOf(step, static_cast<size_t>(2 * i));
    line.sku = kSkus[number % 3];
    line.category = number % 2 == 0 ? "drinks" : "food";
    line.quantity = 1 + number % 5;
    line.amount_minor = NumberOf(step, static_cast<size_t>(2 * i + 1));
    total += line.amount_minor;
  }
  if (step.choice >= 60 && !model.reservation_ids().empty()) {
    purchase.reservation_id = Pick(model.reservation_ids(), step.pick);
    if (Pays(purchase.reservation_id, now, model) && step.choice >= 80) {
      purchase.paid_with_points_minor = total * (step.choice - 79) / 20;
    }
  }
  return record;
}

domain::RecordReturn Return(const Step& step, absl::Time now) {
  domain::RecordReturn record;
  record.return_id = "r";
  record.occurred_at = step.late < 80 ? std::nullopt : OccurredAt(step, now);
  return record;
}

domain::Action ReturnOfPurchase(const Step& step, absl::Time now, const Model& model) {
  domain::RecordReturn record = Return(step, now);
  record.purchase_id = record.member.purchase_id = Pick(model.purchase_ids(), step.pick);
  const bool known = record.purchase_id.starts_with("p-");
  if (step.what == What::kReturnAmount) {
    const int64_t left = known ? model.purchase(record.purchase_id).total_minor -
                                     model.purchase(record.purchase_id).returned_minor
                               : 0;
    record.amount_minor = PointsOf(step, left);
    return record;
  }
  const size_t lines = known ? model.purchase(record.purchase_id).lines.size() : 1;
  for (int i = 0; i <= step.choice % 3; ++i) {
    const int number = NumberOf(step, static_cast<size_t>(2 * i));
    domain::RecordReturn::Line& line = record.lines.emplace_back();
    line.line = number == 39 ? 3 : number % static_cast<int>(lines);
    line.quantity = 1 + NumberOf(step, static_cast<size_t>(2 * i + 1)) / 10;
    if (!known || line.line >= static_cast<int>(lines)) continue;
    const Model::Line& bought =
        model.purchase(record.purchase_id).lines[static_cast<size_t>(line.line)];
    // Mostly no more than there is.
    const int64_t left = bought.said.quantity - bought.returned_quantity;
    if (step.size < 90 && left > 0) line.quantity = std::min(line.quantity, left);
  }
  return record;
}

domain::Action ReturnWithoutReceipt(const Step& step, absl::Time now,
                                    const domain::MemberRef& member) {
  domain::RecordReturn record = Return(step, now);
  record.member = member;
  record.currency = step.wallet == 9 ? "XXX" : "EUR";
  for (int i = 0; i <= step.choice % 2; ++i) {
    domain::RecordReturn::Line& line = record.lines.emplace_back();
    line.sku = kSkus[NumberOf(step, static_cast<size_t>(2 * i)) % 3];
    line.quantity = 1 + step.size % 7;
    line.amount_minor = NumberOf(step, static_cast<size_t>(2 * i + 1));
  }
  return record;
}

domain::Action Spend(const Step& step, const domain::MemberRef& member,
                     const domain::Program& program, const Model& model) {
  domain::ReservePoints reserve;
  reserve.member = member;
  reserve.reservation_id = model.NewId("h-");
  reserve.wallet = WalletOf(step, program);
  reserve.points = PointsOf(
      step, model.Available(reserve.wallet.empty() ? program.wallets[0].id : reserve.wallet));
  reserve.capture = step.what == What::kRedeem;
  const absl::Duration lives[] = {absl::Seconds(1), absl::Minutes(15), absl::Hours(24 * 31)};
  if (!reserve.capture) reserve.time_to_live = lives[step.choice % 3];
  return reserve;
}

domain::Action Capture(const Step& step, const Model& model) {
  domain::CapturePoints capture;
  capture.reservation_id = Pick(model.reservation_ids(), step.pick);
  capture.member.reservation_id = capture.reservation_id;
  const bool known = capture.reservation_id.starts_with("h-");
  if (known && step.choice % 2 == 1) {
    capture.points = PointsOf(step, model.reservation(capture.reservation_id).answer.points);
    if (step.choice % 7 == 0) capture.points = 0;
  }
  return capture;
}

domain::Action Adjust(const Step& step, const domain::MemberRef& member,
                      const domain::Program& program, const Model& model) {
  domain::AdjustPoints adjust;
  adjust.member = member;
  adjust.wallet = WalletOf(step, program);
  adjust.reason = step.pick == 9 ? "whim" : "goodwill";
  const std::string& wallet = adjust.wallet.empty() ? program.wallets[0].id : adjust.wallet;
  adjust.points =
      step.choice % 3 > 0 ? 1 + step.size / 2 : -PointsOf(step, model.Available(wallet));
  if (step.choice == 98) adjust.points = kHuge;
  return adjust;
}

domain::Action Give(const Step& step, const domain::MemberRef& member,
                    const domain::Program& program, const Model& model) {
  domain::TransferPoints transfer;
  transfer.member = member;
  transfer.to.id.emplace();
  transfer.transfer_id = "gift";
  transfer.wallet = WalletOf(step, program);
  transfer.points = PointsOf(
      step, model.Available(transfer.wallet.empty() ? program.wallets[0].id : transfer.wallet));
  return transfer;
}

// What expires within seconds has done so already where the member's time is ahead.
domain::Action Receive(const Step& step, absl::Time now, const domain::MemberRef& member,
                       const domain::Program& program) {
  domain::ReceivePoints receive;
  receive.member = member;
  receive.transfer_id = "gift";
  receive.wallet = program.wallets[static_cast<size_t>(step.wallet) % program.wallets.size()].id;
  const absl::Duration lives[] = {absl::Seconds(1 + step.pick), absl::Hours(24 * step.size),
                                  absl::InfiniteDuration()};
  for (size_t i = static_cast<size_t>(step.choice % 3); i < 3; ++i) {
    const int number = NumberOf(step, i);
    const absl::Time earned_at = now - absl::Hours(24 * number);
    receive.lots.push_back({1 + number % 8, earned_at, now + absl::Seconds(1) + lives[i]});
  }
  return receive;
}

domain::Action Issue(const Step& step, const domain::MemberRef& member, const Model& model) {
  domain::IssueCoupon issue;
  issue.member = member;
  issue.coupon_id = model.NewId("c-");
  issue.reward_id = step.pick == 9 ? "tea" : "latte";
  issue.code = Model::CodeOf(issue.coupon_id);
  return issue;
}

// Whoever is not named by an id is a newcomer.
domain::Action Merge(const domain::MemberRef& member, const domain::MemberRef& into) {
  domain::MergeMembers merge;
  merge.member = member;
  merge.into = into;
  merge.merge_id = "merge";
  return merge;
}

// Of one of the coupons, or of one that there is not.
template <typename Action>
domain::Action OfCoupon(const Step& step, const Model& model) {
  Action action;
  action.code = action.member.coupon_code = Model::CodeOf(Pick(model.coupon_ids(), step.pick));
  return action;
}

}  // namespace

absl::Time TimeOf(const Step& step, absl::Time before, const Model& model) {
  switch (step.wait) {
    case Wait::kNone:
      return before;
    case Wait::kSeconds:
      return before + absl::Seconds(step.wait_count);
    case Wait::kHours:
      return before + absl::Hours(step.wait_count);
    case Wait::kDays:
      return before + absl::Hours(24 * (step.wait_count % 10));
    case Wait::kMonths:
      return before + absl::Hours(24 * 30 * (step.wait_count % 6));
    case Wait::kUntilNextMoment: {
      // Just before it, on it, and a little later.
      const absl::Time moment = model.NextMoment();
      if (moment == absl::InfiniteFuture()) return before;
      return std::max(before, moment + absl::Seconds(step.wait_count % 3 - 1));
    }
    case Wait::kBackwards:
      return before - absl::Seconds(step.wait_count);
  }
  return before;
}

domain::Action ActionOf(const Step& step, absl::Time now, const domain::Program& program,
                        const Model& model) {
  domain::MemberRef me;
  me.id.emplace();
  // Without a purchase or a reservation there is mostly nothing to do to it.
  What what = step.what;
  const bool of_purchase = what == What::kReturnLines || what == What::kReturnAmount ||
                           what == What::kReturnWithoutReceipt || what == What::kConfirm;
  const bool of_reservation = what == What::kCapture || what == What::kVoid;
  if (of_purchase && model.purchase_ids().empty() && step.pick < 9) what = What::kBuy;
  const bool of_coupon = what == What::kUseCoupon || what == What::kCancelCoupon;
  if (of_coupon && model.coupon_ids().empty() && step.pick < 9) what = What::kIssueCoupon;
  if (of_reservation && model.reservation_ids().empty() && step.pick < 9) what = What::kReserve;
  switch (what) {
    case What::kNothing:
      return domain::AdvanceMember{me};
    case What::kBuy:
      return Buy(step, now, me, model);
    case What::kReturnLines:
    case What::kReturnAmount:
      return ReturnOfPurchase(step, now, model);
    case What::kReturnWithoutReceipt:
      return ReturnWithoutReceipt(step, now, me);
    case What::kReserve:
    case What::kRedeem:
      return Spend(step, me, program, model);
    case What::kCapture:
      return Capture(step, model);
    case What::kVoid: {
      domain::VoidReservation release;
      release.reservation_id = Pick(model.reservation_ids(), step.pick);
      release.member.reservation_id = release.reservation_id;
      return release;
    }
    case What::kConfirm: {
      domain::ConfirmPurchase confirm;
      confirm.purchase_id = Pick(model.purchase_ids(), step.pick);
      confirm.member.purchase_id = confirm.purchase_id;
      return confirm;
    }
    case What::kAdjust:
      return Adjust(step, me, program, model);
    case What::kGive:
      return Give(step, me, program, model);
    case What::kReceive:
      return Receive(step, now, me, program);
    case What::kIssueCoupon:
      return Issue(step, me, model);
    case What::kUseCoupon:
      return OfCoupon<domain::UseCoupon>(step, model);
    case What::kCancelCoupon:
      return OfCoupon<domain::CancelCoupon>(step, model);
    case What::kMerge:
      return model.is_merged() ? Merge({}, me) : Merge(me, {});
    case What::kAbsorb:
      return Merge({}, me);
    case What::kUnmerge:
      if (model.merges_to_undo() == 0) return domain::AdvanceMember{me};
      return domain::UnmergeMember{me, "unmerge"};
    case What::kSuspend:
      return domain::ChangeStatus{me, domain::MemberStatus::kSuspended};
    case What::kReinstate:
      return domain::ChangeStatus{me, domain::MemberStatus::kActive};
    case What::kClose:
      // Seldom: nothing of interest happens after it.
      return domain::ChangeStatus{
          me, step.pick == 0 ? domain::MemberStatus::kClosed : domain::MemberStatus::kActive};
  }
  return domain::AdvanceMember{me};
}

}  // namespace dangol::model
