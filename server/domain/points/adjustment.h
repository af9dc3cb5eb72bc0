#ifndef DANGOL_SERVER_DOMAIN_POINTS_ADJUSTMENT_H_
#define DANGOL_SERVER_DOMAIN_POINTS_ADJUSTMENT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"
#include "server/domain/draft.h"

namespace dangol::domain {

// Gives or takes points by hand, or undoes that: then the points that were given go first, of
// what was spent of them the program's debt policy tells, and what was taken comes back as old
// and as lasting as it was.
absl::StatusOr<Decision> DecideAdjust(const AdjustPoints& command, absl::string_view principal,
                                      const State& state, const ProgramCatalog& catalog,
                                      absl::Time now);

// Gives points by hand for one of the program's adjustment reasons, where that may be given for it
// and to them.
absl::Status GiveByHand(const ProgramVersion& version, absl::Time now, const Wallet& wallet,
                        int64_t points, const Cause& cause, Draft& draft);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_ADJUSTMENT_H_
