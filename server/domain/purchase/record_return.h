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

// Decide for a return: notes what has come back of each purchase, and judges what remains of
// it anew (RestandPurchase).
absl::StatusOr<Decision> DecideRecordReturn(const RecordReturn& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now);

// The earliest time of purchases to which a return without a receipt is matched.
absl::Time ReturnWindowBegins(const Program& program, absl::Time returned_at);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_RECORD_RETURN_H_
