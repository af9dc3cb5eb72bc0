#include "server/domain/reward/coupons.h"

#include <algorithm>
#include <utility>

namespace dangol::domain {

Coupon* FindCoupon(absl::string_view code, Draft& draft) {
  for (Coupon& coupon : draft.coupons()) {
    if (coupon.code == code) return &coupon;
  }
  return nullptr;
}

const Coupon& Issue(Coupon coupon, const Cause& cause, Draft& draft) {
  coupon.person = draft.person().id;
  coupon.lots = draft.book().Take(coupon.wallet, coupon.points, EntryKind::kRedeem,
                                  LedgerAccount::kRedeemed, cause);
  return draft.coupons().emplace_back(std::move(coupon));
}

void Cancel(Coupon& coupon, const Cause& cause, Book& book) {
  coupon.status = CouponStatus::kCancelled;
  coupon.ended_at = book.now();
  for (const Lot& paid : std::exchange(coupon.lots, {})) {
    book.PutBack(paid, paid.remaining, EntryKind::kRestore, LedgerAccount::kRedeemed, cause,
                 book.now());
  }
}

void ExpireCoupons(Draft& draft) {
  for (Coupon& coupon : draft.coupons()) {
    if (coupon.status != CouponStatus::kIssued || coupon.expires_at > draft.now()) continue;
    coupon.status = CouponStatus::kExpired;
    coupon.ended_at = coupon.expires_at;
  }
}

void EndCoupons(Draft& draft) {
  for (Coupon& coupon : draft.coupons()) {
    if (coupon.status != CouponStatus::kIssued) continue;
    coupon.status = CouponStatus::kExpired;
    coupon.ended_at = draft.now();
  }
}

}  // namespace dangol::domain
