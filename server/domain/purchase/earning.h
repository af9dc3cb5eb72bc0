#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_EARNING_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_EARNING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/state.h"

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

// Works out what a purchase earns: base rules in the order of the program, then
// multipliers; rules that give nothing are left out. `member` is the member
// before the purchase, `usage` what capped rules have given in the periods of
// CapPeriods, and `counters` those of BudgetCounters (null: nothing is used yet).
// INVALID_ARGUMENT for an undeclared currency or more points than any purchase may
// earn.
absl::StatusOr<std::vector<RulePoints>> Earn(const Purchase& purchase, const Member& member,
                                             const std::vector<CapUsage>& usage,
                                             const Program& program,
                                             const SharedCounters* counters = nullptr);

// INVALID_ARGUMENT for a currency that the program does not declare.
absl::Status CheckCurrency(const std::string& code, const Program& program);

// The part of each line that earns points, in minor units: goods without tax,
// without what was paid with points (which is spread over everything in the
// purchase by largest remainder), and without what the program excludes.
std::vector<int64_t> EarningBasis(const Purchase& purchase, const Program& program);

// The periods over which the program's caps count for a purchase at this time,
// as they are named in CapUsage; empty for a program without such caps.
std::vector<std::string> CapPeriods(const Program& program, absl::Time occurred_at);

// The counters of the budgets that a purchase at this time may draw on: of the rules
// whose dates include it.
std::vector<std::string> BudgetCounters(const Program& program, absl::Time occurred_at);

// The period of one cap on a day in the program's time zone; not for
// CapPeriod::kPurchase, which spans no purchases.
std::string PeriodName(CapPeriod per, absl::CivilDay day);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_EARNING_H_
