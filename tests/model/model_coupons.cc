// What the model makes of rewards: there is one, in the first wallet.

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/civil_time.h"
#include "tests/model/model.h"
#include "tests/model/plain.h"

namespace dangol::model {

using domain::CouponStatus;
using domain::MemberStatus;

// Coupons whose time is over by now.
void Model::ExpireCoupons() {
  for (auto& [id, taken] : coupons_) {
    if (taken.answer.status == CouponStatus::kIssued && taken.answer.expires_at <= now_) {
      taken.answer.status = CouponStatus::kExpired;
    }
  }
}

std::string Model::Obey(const domain::IssueCoupon& issue) {
  const domain::Reward& reward = program_.rewards.front();
  if (issue.reward_id != reward.id) return "REWARD_NOT_FOUND";
  if (status_ == MemberStatus::kClosed) return "MEMBER_CLOSED";
  if (status_ == MemberStatus::kSuspended) return "MEMBER_SUSPENDED";
  int64_t in_all = 0;
  int64_t this_month = 0;
  const absl::CivilMonth month(absl::ToCivilDay(clock_, program_.time_zone));
  for (const auto& [id, taken] : coupons_) {
    if (taken.answer.status == CouponStatus::kCancelled) continue;
    ++in_all;
    if (absl::CivilMonth(absl::ToCivilDay(taken.issued_at, program_.time_zone)) == month)
      ++this_month;
  }
  if (in_all >= reward.stock) return "REWARD_OUT_OF_STOCK";
  if (this_month >= reward.limits.front().pieces) return "REWARD_LIMIT_REACHED";
  const std::string& wallet = program_.wallets.front().id;
  if (Available(wallet) < reward.points) return "INSUFFICIENT_POINTS";
  Act(now_);
  Taken taken;
  taken.issued_at = now_;
  const absl::CivilDay today = absl::ToCivilDay(now_, program_.time_zone);
  taken.answer.expires_at =
      reward.validity_days == 0
          ? absl::InfiniteFuture()
          : FirstInstantOf(today + reward.validity_days + 1, program_.time_zone);
  taken.points = InSpendingOrder(wallet);
  taken.points.resize(static_cast<size_t>(reward.points));
  for (const size_t point : taken.points) points_[point].where = Where::kSpent;
  ++ids_;
  coupon_ids_.push_back(issue.coupon_id);
  answer_.coupon = taken.answer;
  coupons_[issue.coupon_id] = std::move(taken);
  return "";
}

Model::Taken* Model::FindTaken(const std::string& code) {
  ExpireCoupons();
  for (auto& [id, taken] : coupons_) {
    if (CodeOf(id) == code) return &taken;
  }
  return nullptr;
}

std::string Model::Obey(const domain::UseCoupon& use) {
  Taken* const taken = FindTaken(use.code);
  if (taken == nullptr) return "COUPON_NOT_FOUND";
  if (taken->answer.status != CouponStatus::kIssued) return "COUPON_ENDED";
  if (status_ == MemberStatus::kSuspended) return "MEMBER_SUSPENDED";
  Act(now_);
  taken->answer.status = CouponStatus::kUsed;
  answer_.coupon = taken->answer;
  return "";
}

std::string Model::Obey(const domain::CancelCoupon& cancel) {
  Taken* const taken = FindTaken(cancel.code);
  if (taken == nullptr) return "COUPON_NOT_FOUND";
  if (taken->answer.status != CouponStatus::kIssued) return "COUPON_ENDED";
  taken->answer.status = CouponStatus::kCancelled;
  for (const size_t point : std::exchange(taken->points, {})) ComeBack(point, now_);
  answer_.coupon = taken->answer;
  return "";
}

}  // namespace dangol::model
