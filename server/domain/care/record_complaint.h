#ifndef DANGOL_SERVER_DOMAIN_CARE_RECORD_COMPLAINT_H_
#define DANGOL_SERVER_DOMAIN_CARE_RECORD_COMPLAINT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Files a complaint: routes it by the program's table, and sets its deadlines from when it was
// said.
absl::StatusOr<Decision> DecideFileComplaint(const FileComplaint& command,
                                             absl::string_view principal, const State& state,
                                             const ProgramCatalog& catalog, absl::Time now);

// Records what happens to a complaint, where that can happen to it now. What opens it again gives
// it new deadlines; goodwill gives points, up to the program's cap for each complaint.
absl::StatusOr<Decision> DecideChangeComplaint(const ChangeComplaint& command,
                                               absl::string_view principal, const State& state,
                                               const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_RECORD_COMPLAINT_H_
