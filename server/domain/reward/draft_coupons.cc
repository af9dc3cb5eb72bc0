// What a draft does about coupons.

#include <algorithm>
#include <utility>

#include "server/domain/points/draft.h"

namespace dangol::domain {

Coupon* Draft::FindCoupon(absl::string_view code) {
  const auto found = std::find_if(coupons_.begin(), coupons_.end(),
                                  [&](const Coupon& coupon) { return coupon.code == code; });
  return found == coupons_.end() ? nullptr : &*found;
}

const Coupon& Draft::Issue(Coupon coupon, const Cause& cause) {
  coupon.person = person().id;
  coupon.lots =
      Take(coupon.wallet, coupon.points, EntryKind::kRedeem, LedgerAccount::kRedeemed, cause);
  return coupons_.emplace_back(std::move(coupon));
}

void Draft::Cancel(Coupon& coupon, const Cause& cause) {
  coupon.status = CouponStatus::kCancelled;
  coupon.ended_at = now_;
  for (const Lot& paid : std::exchange(coupon.lots, {})) {
    PutBack(paid, paid.remaining, EntryKind::kRestore, LedgerAccount::kRedeemed, cause);
  }
}

void Draft::ExpireCoupons() {
  for (Coupon& coupon : coupons_) {
    if (coupon.status != CouponStatus::kIssued || coupon.expires_at > now_) continue;
    coupon.status = CouponStatus::kExpired;
    coupon.ended_at = coupon.expires_at;
  }
}

void Draft::EndCoupons() {
  for (Coupon& coupon : coupons_) {
    if (coupon.status != CouponStatus::kIssued) continue;
    coupon.status = CouponStatus::kExpired;
    coupon.ended_at = now_;
  }
}

}  // namespace dangol::domain
