#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_STATUS_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_STATUS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/incentive/day.h"
#include "server/domain/incentive/incentives_due.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/shared_counter.h"
#include "server/domain/standing/history.h"

namespace dangol::domain {

// Why nothing can be collected. The numbers are those of the API.
enum class IncentiveObstacle : int8_t {
  kNotInTier = 1,
  kNotInSegment = 2,
  kAttributes = 3,
  kNotYet = 4,
  kOver = 5,
  kBudget = 6,
  kLimitReached = 7,
  kSuspended = 8,
  kNotReferred = 9,
};

// An incentive as a person sees it.
struct IncentiveStatus {
  std::string id;
  std::string name;
  std::string kind;
  IncentiveProgress progress;
  int64_t awards = 0;  // That became due so far.
  std::string wallet;
  int64_t points = 0;  // What the next one is worth.
  int64_t boost_percent = 0;
  std::string budget;  // Its counter; empty where it has none.
  std::optional<int64_t> budget_left;
  std::optional<absl::CivilDay> first_day;
  std::optional<absl::CivilDay> last_day;
  std::vector<IncentiveObstacle> obstacles;  // Why nothing can be collected now; empty: it can.
};

// Of the program of now. `person`: as of now; null: nobody, who has collected nothing and meets
// every condition.
IncentiveStatus StatusOf(const Incentive& incentive, const ProgramCatalog& catalog, absl::Time now,
                         const Member* person, const SharedCounters* counters);

// Of those that a fact counts for, and of which something is there. `standings`: where the person
// stands with these, at least.
std::vector<IncentiveStatus> IncentivesOf(const Fact& fact,
                                          const std::vector<IncentiveStanding>& standings,
                                          const ProgramCatalog& catalog, absl::Time now,
                                          const Member& person, const SharedCounters* counters);

// The counters of the budgets of all versions of incentives.
std::vector<std::string> IncentiveBudgets(const ProgramCatalog& catalog);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_STATUS_H_
