#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_RECORD_RETURN_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_RECORD_RETURN_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Decide for a return. What it takes back in all of the points of a line is
//
//   floor(points of the line * what has come back of it / what it was),
//
// by amount, or by quantity where it cost nothing: so parts add up to the whole in
// whatever order they come, and never to more than was earned.
absl::StatusOr<Decision> DecideRecordReturn(const RecordReturn& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now);

// The earliest time of purchases to which a return without a receipt is matched.
absl::Time ReturnWindowBegins(const Program& program, absl::Time returned_at);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_RECORD_RETURN_H_
