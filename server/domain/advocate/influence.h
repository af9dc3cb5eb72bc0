#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_INFLUENCE_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_INFLUENCE_H_

#include <cstdint>

#include "server/domain/member/member.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"

// Whom somebody's word reaches: what they did unasked, and what those have done in turn whom they
// brought. It is told in thousandths of a point. `program` has Program::word_of_mouth, whose
// window ends with the day.
namespace dangol::domain {

inline constexpr int64_t kThousand = 1'000;

// Whom they brought by themselves, where nobody was to be paid for it.
int64_t OwnReferralsOn(const Member& person, const Program& program, DayNumber day);

// That, what they wrote and shared, and what those have done whom they brought, as it was told last
// (InfluenceMark): of each of those a half of what they brought themselves, a fourth of what these
// brought, and so on.
int64_t InfluenceOn(const Member& person, const Program& program, const ProgramCatalog& catalog,
                    DayNumber day);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_INFLUENCE_H_
