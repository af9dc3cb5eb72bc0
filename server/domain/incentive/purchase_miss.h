#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_PURCHASE_MISS_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_PURCHASE_MISS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

// Why a purchase does not count for an incentive. The numbers are those of the API.
enum class PurchaseMiss : int8_t {
  kCounts = 1,
  kCameBack = 2,
  kSuspended = 3,
  kChannel = 4,
  kStore = 5,
  kWeekday = 6,
  kHours = 7,
  kDates = 8,
  kBasket = 9,
  kAttributes = 10,
  kGoods = 11,
  kAmount = 12,
  kAudience = 13,
  kLaterVersion = 14,
  kNoPurchases = 15,
  kNotReferred = 16,
};

// The first reason of them; the incentive is named by its id. `person`: as of now.
PurchaseMiss MissOf(const Purchase& purchase, const std::string& incentive,
                    const ProgramCatalog& catalog, const Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_PURCHASE_MISS_H_
