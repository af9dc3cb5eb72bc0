#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_RECORD_INFLUENCE_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_RECORD_INFLUENCE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Records what those whom a member brought have brought in turn, in the place of what was known of
// that day.
absl::StatusOr<Decision> DecideRecordInfluence(const RecordInfluence& command, const State& state,
                                               const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_RECORD_INFLUENCE_H_
