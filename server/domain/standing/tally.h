#ifndef DANGOL_SERVER_DOMAIN_STANDING_TALLY_H_
#define DANGOL_SERVER_DOMAIN_STANDING_TALLY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/program/tiers.h"
#include "server/domain/standing/history.h"

// What criteria count, and over which days. Every indicator is one case in ValueOf.
namespace dangol::domain {

// What it comes to over these days, of all who are one. `catalog`: what counts of activities goes
// by the caps of their days.
int64_t ValueOf(const Criterion& criterion, const std::vector<History>& histories, Days days,
                const ProgramCatalog& catalog);

// What was imported of a criterion, as of the end of a day: of imports that cover that day or an
// earlier one. Only a lifetime counts it.
int64_t ImportedOf(const Criterion& criterion, const std::vector<History>& histories,
                   DayNumber last);

// All days up to and including this one.
Days AllDaysUntil(DayNumber last);

// The year of a ladder's window that has this day, calendar or of membership; nothing where the
// ladder counts over no years. `enrolled`: a membership year begins on its anniversary; of
// 29 February that is the 28th in other years.
std::optional<Days> YearOf(const Qualification& qualification, DayNumber enrolled, DayNumber day);

// Over which days criteria count at the end of this day, which is the last of them.
// `counts_from`: of kSinceTier.
Days WindowOf(const Qualification& qualification, DayNumber enrolled, DayNumber counts_from,
              DayNumber last);

// The last day of a tier that is reached, or kept, on this day; 0 where it lasts for good.
DayNumber ValidUntil(const Validity& validity, DayNumber enrolled, DayNumber day);

// At the end of a day.
int64_t ThresholdOf(const Criterion& criterion, const Ladder& ladder, DayNumber day);
// Whether nobody falls who is reviewed for this last day.
bool KeepsAll(const Ladder& ladder, DayNumber day);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_TALLY_H_
