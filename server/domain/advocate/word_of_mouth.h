#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_WORD_OF_MOUTH_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_WORD_OF_MOUTH_H_

#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// Judges anew how somebody stands as an advocate by word of mouth: found, not bought. From the
// beginning of `from` or of `judged`, whichever comes first, up to now, as far back as what they
// did is known by day; what was so before stays. A day counts from its end on, what is open between
// them and the house at once.
void JudgeWordOfMouth(const ProgramCatalog& catalog, absl::Time now, DayNumber from,
                      DayNumber judged, Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_WORD_OF_MOUTH_H_
