#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_AUDIENCE_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_AUDIENCE_H_

#include "server/domain/member/member.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// Whether a person was in any of the tiers of an incentive when a day began, if it asks for any:
// nothing that the day brings decides about it.
bool IsInTiersOf(const Incentive& incentive, const Program& program, const Member& person,
                 DayNumber day);

// The same of its segments.
bool IsInSegmentsOf(const Incentive& incentive, const Program& program,
                    const ProgramCatalog& catalog, const Member& person, DayNumber day);

// Whether it would reward somebody for speaking for the house who did so when the day began: it is
// due all the same, and not given (AwardDue::for_advocacy).
bool IsRefusedTo(const Incentive& incentive, const Program& program, const Member& person,
                 DayNumber day);

inline bool IsFor(const Incentive& incentive, const Program& program, const ProgramCatalog& catalog,
                  const Member& person, DayNumber day) {
  return IsInTiersOf(incentive, program, person, day) &&
         IsInSegmentsOf(incentive, program, catalog, person, day);
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_AUDIENCE_H_
