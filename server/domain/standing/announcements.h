#ifndef DANGOL_SERVER_DOMAIN_STANDING_ANNOUNCEMENTS_H_
#define DANGOL_SERVER_DOMAIN_STANDING_ANNOUNCEMENTS_H_

#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/tier.h"

namespace dangol::domain {

// The reviews that are announced to a person (Ladder::announce_days) at midnights from the first
// moment of a day up to `now`, by what was known at each of them; numbers them. `person`: as of
// now (AdvanceTiers), with no fact that was recorded after the first of these midnights. Since a
// person is advanced over every midnight once, everything is announced once.
std::vector<TierRecord> AnnouncementsFrom(DayNumber from, const ProgramCatalog& catalog,
                                          absl::Time now, Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_ANNOUNCEMENTS_H_
