#ifndef DANGOL_SERVER_DOMAIN_STANDING_RECORD_NORMS_H_
#define DANGOL_SERVER_DOMAIN_STANDING_RECORD_NORMS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"

namespace dangol::domain {

// When norms are to be computed next: now (`at` is not later) where there are none for the first
// day that is far enough away, and the program wants some; else on the day before a period of
// NormsInterval begins. Nothing where it never is: there is no program, or it has thresholds, or
// nobody is to compute them by themselves.
std::optional<NormsDue> NextNorms(const ProgramCatalog& catalog, absl::Time now);

// What somebody who asks for norms is given now, whatever the interval. FAILED_PRECONDITION where
// the program has no use for them.
absl::StatusOr<NormsDue> NormsNow(const ProgramCatalog& catalog, absl::Time now);

// The program by which they are computed: the one that is in force on their first day.
const Program& ProgramOfNorms(const NormsDue& due, const ProgramCatalog& catalog, absl::Time now);

// Puts norms in force. Refused where it is too late for their first day: they are to be computed
// anew.
absl::StatusOr<Decision> DecideRecordNorms(const RecordNorms& command,
                                           const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_RECORD_NORMS_H_
