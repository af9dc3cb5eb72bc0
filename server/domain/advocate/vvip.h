#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_VVIP_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_VVIP_H_

#include <optional>
#include <vector>

#include "server/domain/advocate/advocacy.h"
#include "server/domain/member/member.h"
#include "server/domain/program/days.h"
#include "server/domain/program/norms.h"
#include "server/domain/program/program_catalog.h"

// VVIPs: those who contribute most. Norms say once a day what that takes; who is one follows from
// them and from what somebody bought.
namespace dangol::domain {

// Where a person stands among all at the end of a day, by a program with Program::rfm: what they
// spent in its window, less what came back, and the purchases that they can earn by. Who was merged
// counts as the one who was a member first.
VvipRank RankOf(const Member& person, const Program& program, DayNumber day);

// The norms of those who contributed anything, of whom a program wants to know the first shares:
// as many as that, rounded up. Reorders the ranks.
AdvocateNorms AdvocateNormsOf(std::vector<VvipRank>& ranks, const std::optional<Vvip>& vvip);

// Judges anew since when somebody is a VVIP, by all norms of what was done by the end of `from` or
// later, and by those in force after `judged`; until `today`. Somebody becomes one by
// AdvocateNorms::enter and is one until they are beyond AdvocateNorms::stay.
void JudgeVvip(const ProgramCatalog& catalog, DayNumber from, DayNumber judged, DayNumber today,
               Member& person);

// Nobody is one from when on no version of the program has any.
void EndVvip(const ProgramCatalog& catalog, absl::Time now, Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_VVIP_H_
