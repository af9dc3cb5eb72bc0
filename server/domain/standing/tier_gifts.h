#ifndef DANGOL_SERVER_DOMAIN_STANDING_TIER_GIFTS_H_
#define DANGOL_SERVER_DOMAIN_STANDING_TIER_GIFTS_H_

#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/award.h"

namespace dangol::domain {

// Points for reaching a tier, or passing it, once in each period: what is due by the spans of a
// person, in the order of time. Each by the program of its day.
std::vector<AwardDue> TierGiftsDue(const ProgramCatalog& catalog, absl::Time now,
                                   const Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_TIER_GIFTS_H_
