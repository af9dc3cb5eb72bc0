#ifndef DANGOL_SERVER_DOMAIN_STANDING_IMPORT_LIFETIME_SUMS_H_
#define DANGOL_SERVER_DOMAIN_STANDING_IMPORT_LIFETIME_SUMS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"

namespace dangol::domain {

// Takes in what a person had done before, elsewhere (lifetime.h), in place of what the same source
// said before; without any sums the source is no more. Refused for a day that is to come, and where
// the program does not have what a sum is of.
absl::StatusOr<Decision> DecideImportLifetimeSums(const ImportLifetimeSums& command,
                                                  absl::string_view principal, const State& state,
                                                  const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_IMPORT_LIFETIME_SUMS_H_
