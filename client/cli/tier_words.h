#pragma once

#include <string>

#include "cli/currencies.h"
#include "dangol/v1/tier_service.pb.h"

// Tiers in words that a cashier can say.
namespace dangol::cli {

// What people call a tier; "none".
std::string NameOf(const v1::TierLabel& tier);

// What a criterion counts: "spent", "points", "purchases".
std::string CountedBy(const v1::TierCriterion& criterion);

// So much of what a criterion counts: "3,200 KRW", "2 purchases".
std::string Amount(const v1::TierCriterion& criterion, int64_t value, const Currencies& currencies);

// What criteria still need: "3,200 KRW more and 2 purchases more"; empty where they are met.
std::string Missing(const google::protobuf::RepeatedPtrField<v1::CriterionValue>& criteria,
                    bool any, const Currencies& currencies);

// "3,200 KRW more and it is Gold"; empty at the top.
std::string ToNext(const v1::NextTier& next, const Currencies& currencies);

// "still Silver; 3,200 KRW more and it is Gold", "Silver -> Gold".
std::string ChangeOf(const v1::TierProgress& progress, const Currencies& currencies);

}  // namespace dangol::cli
