#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_RECORD_ADVOCATE_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_RECORD_ADVOCATE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Puts something on record of who speaks for the house. Refused is what they have not agreed to,
// and whoever was paid for it.
absl::StatusOr<Decision> DecideRecordAdvocate(const RecordAdvocate& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now);

// Undoes what was put on record by mistake. A withdrawal stands: whoever withdrew their consent
// has to give it anew.
absl::StatusOr<Decision> DecideUndoAdvocateRecord(const UndoAdvocateRecord& command,
                                                  absl::string_view principal, const State& state,
                                                  const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_RECORD_ADVOCATE_H_
