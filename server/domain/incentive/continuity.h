#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_CONTINUITY_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_CONTINUITY_H_

#include "absl/status/status.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// What is collected goes on under the terms of the next version: it must be of the same thing.
// FAILED_PRECONDITION (INCENTIVE_CHANGED) where an incentive counts something else than under an
// earlier version, or over other days: stamps would be read as won.
absl::Status CheckIncentivesGoOn(const Program& next, const ProgramCatalog& catalog);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_CONTINUITY_H_
