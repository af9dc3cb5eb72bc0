#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVES_DUE_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVES_DUE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/incentive/day.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/award.h"

namespace dangol::domain {

// Where a person stands with an incentive of the program of now, at the end of a day.
struct IncentiveStanding {
  std::string incentive;
  IncentiveProgress progress;
  int64_t awards = 0;  // That became due up to this day.
};

// Adds what is due of incentives by what a person did, of days from this one on: of each by the
// program of its day, in the order of the program. `standings`: null, or where the person stands
// today with each of which there are such days is added.
void AddIncentivesDue(const ProgramCatalog& catalog, absl::Time now, DayNumber from,
                      const Member& person, std::vector<AwardDue>& due,
                      std::vector<IncentiveStanding>* standings = nullptr);

// A day on which a person did what an incentive may ask for, and what it made of that.
struct IncentiveStep {
  DayNumber day = 0;
  int64_t brought = 0;      // Stamps, minor units, activities and the like, whoever brings them.
  bool is_for_them = true;  // False: they were not of its audience when the day began.
  int64_t awards = 0;       // That became due on it.
  int64_t points = 0;       // What each of them is worth.
  IncentiveProgress after;  // When the day was over.
};

// All of them, of an incentive of any version, the first first: those that are still known by day.
// Of what groups leave out nothing is said. Empty where no version has it.
std::vector<IncentiveStep> StepsOf(const std::string& incentive, const ProgramCatalog& catalog,
                                   absl::Time now, const Member& person);

IncentiveStanding StandingOn(const Incentive& incentive, const ProgramCatalog& catalog,
                             absl::Time now, DayNumber today, const Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVES_DUE_H_
