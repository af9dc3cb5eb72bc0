#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_EARNING_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_EARNING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/common/limits.h"
#include "server/domain/points/ledger.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/matching.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

// Points that one rule or multiplier gives for a purchase.
struct RulePoints {
  const Rule* rule = nullptr;
  EntryKind kind = EntryKind::kEarn;  // EARN of a base rule, BONUS of a multiplier.
  int64_t points = 0;
  bool capped = false;
  bool budget_exhausted = false;  // The budget made it less.
  std::vector<int64_t> by_line;   // Adds up to `points`.
};

// What rules may give for a purchase, beside what the program says of it.
struct Allowance {
  int64_t under_caps = 0;  // Of caps over several purchases.
  int64_t in_budget = 0;
};

// What decides about rules beside the purchase itself.
struct Circumstances {
  // Whether what the rule's conditions say of the member holds.
  absl::FunctionRef<bool(const Rule& rule)> is_met;
  absl::FunctionRef<Allowance(const Rule& rule)> allowance;
};

inline constexpr Allowance kUnlimited = {limits::kMaxPointsPerPurchase,
                                         limits::kMaxPointsPerPurchase};

// Works out what a purchase earns: base rules in the order of the program, then
// multipliers; rules that give nothing are left out. INVALID_ARGUMENT for an undeclared
// currency or more points than any purchase may earn.
absl::StatusOr<std::vector<RulePoints>> Earn(const Purchase& purchase, const Program& program,
                                             const Circumstances& circumstances);

// The same for what has not come back of a recorded purchase, by the program that judged it
// and what was known then: conditions about the member hold that held, and rules with a
// budget or with caps over several purchases give no more than they gave.
absl::StatusOr<std::vector<RulePoints>> EarnOfRest(const Purchase& purchase,
                                                   const Program& program);

// INVALID_ARGUMENT for a currency that the program does not declare.
absl::Status CheckCurrency(const std::string& code, const Program& program);

// Whether a line is of goods that the program does not exclude.
bool EarnsAtAll(const PurchaseLine& line, const Program& program);

// What conditions look at. The program must declare the currency.
PurchaseFacts FactsOf(const Purchase& purchase, const Program& program);

// The part of each line that earns points, in minor units: goods without tax,
// without what was paid with points (which is spread over everything in the
// purchase by largest remainder), and without what the program excludes.
std::vector<int64_t> EarningBasis(const Purchase& purchase, const Program& program);

// The counters of the budgets that a purchase at this time may draw on: of the rules
// whose dates include it.
std::vector<std::string> BudgetCounters(const Program& program, absl::Time occurred_at);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_EARNING_H_
