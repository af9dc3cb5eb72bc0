#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_GIVEN_AWAY_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_GIVEN_AWAY_H_

#include <cstdint>
#include <string>

#include "server/domain/member/member_id.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

// Points of a purchase that went to other members, and for which its goods do not stand any more.
struct GivenAway {
  MemberId member_id;  // Whose purchase it is.
  std::string purchase_id;
  std::string wallet;
  int64_t points = 0;

  friend bool operator==(const GivenAway&, const GivenAway&) = default;
};

// How many these are of `given`, which went to others of what the purchase earned in a wallet:
// what stands of the purchase stands for those that were given first. So it tells the same
// however a return is split, and whatever else has become of the points.
int64_t GivenWithoutGoods(const Purchase& purchase, const std::string& wallet, int64_t given);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_GIVEN_AWAY_H_
