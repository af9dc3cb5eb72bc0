#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_STAMPS_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_STAMPS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/domain/incentive/goods.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/matching.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/standing/history.h"

namespace dangol::domain {

// What Measure::kCategory is of.
inline std::string CategoryKey(absl::string_view incentive, absl::string_view category) {
  return absl::StrCat(incentive, "/", category);
}

// Of a purchase whose facts these are; nothing where no goods qualify.
std::optional<QualifyingGoods> GoodsFor(const Incentive& incentive, const Program& program,
                                        const PurchaseFacts& facts);

// What they bring for an incentive; 0 where that is nothing.
int64_t StampsFor(const Incentive& incentive, const QualifyingGoods& goods);

// Adds to the marks of a purchase what the rest of it brings for incentives of the program that
// judged it. Those for referrals take it as it was bought, while anything of it is left, or where
// the last of it came back too late for them.
void AddStamps(const Purchase& purchase, const Program& program, Fact& fact);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_STAMPS_H_
