#ifndef DANGOL_SERVER_DOMAIN_CARE_COMPLETE_WORK_H_
#define DANGOL_SERVER_DOMAIN_CARE_COMPLETE_WORK_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Somebody has seen to an alert: it is not in the queue any more. A complaint is done when the
// member is content, and not before (WORK_ENDS_BY_ITSELF).
absl::StatusOr<Decision> DecideCompleteWork(const CompleteWork& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_COMPLETE_WORK_H_
