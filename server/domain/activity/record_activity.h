#ifndef DANGOL_SERVER_DOMAIN_ACTIVITY_RECORD_ACTIVITY_H_
#define DANGOL_SERVER_DOMAIN_ACTIVITY_RECORD_ACTIVITY_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"

namespace dangol::domain {

// Somebody did something of a kind that the program declares: a mark on its own day, whenever
// it is told.
absl::StatusOr<Decision> DecideRecordActivity(const RecordActivity& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now);

// An activity never was. What it kept from expiring meanwhile stays, as with a purchase that
// comes back.
absl::StatusOr<Decision> DecideUndoActivity(const UndoActivity& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ACTIVITY_RECORD_ACTIVITY_H_
