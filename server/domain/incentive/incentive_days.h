#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVE_DAYS_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVE_DAYS_H_

#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "server/domain/incentive/day.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/history.h"

namespace dangol::domain {

// What an incentive was under each of several versions; null where it was not.
using TermsOverTime = absl::InlinedVector<const Incentive*, 2>;

// What is known of a person for one incentive, day by day. Days that the histories have summed up
// are one, the first of them.
struct IncentiveDays {
  std::vector<IncentiveDay> days;
  std::vector<std::vector<int>> categories;  // What days refer to.
};

IncentiveDays DaysFor(const TermsOverTime& terms, const std::vector<History>& histories,
                      const ProgramCatalog& catalog);

// Whether anything from a day on may concern an incentive.
bool HasDaysFrom(DayNumber from, const Incentive& incentive, const std::vector<History>& histories);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVE_DAYS_H_
