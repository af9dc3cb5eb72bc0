#ifndef DANGOL_SERVER_DOMAIN_REWARD_COUPONS_H_
#define DANGOL_SERVER_DOMAIN_REWARD_COUPONS_H_

#include "absl/strings/string_view.h"
#include "server/domain/draft.h"

namespace dangol::domain {

// Null where there is none with this code.
Coupon* FindCoupon(absl::string_view code, Draft& draft);

// Takes the points that a new coupon costs; there must be as many.
const Coupon& Issue(Coupon coupon, const Cause& cause, Draft& draft);

// Gives them back.
void Cancel(Coupon& coupon, const Cause& cause, Book& book);

// Ends those whose time is over by now.
void ExpireCoupons(Draft& draft);

// Ends all of them, now.
void EndCoupons(Draft& draft);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REWARD_COUPONS_H_
