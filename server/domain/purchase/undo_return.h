#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_UNDO_RETURN_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_UNDO_RETURN_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"

namespace dangol::domain {

// A return never was: what its purchases earned, and what had paid for them, stands as it would
// stand then.
absl::StatusOr<Decision> DecideUndoReturn(const UndoReturn& command, absl::string_view principal,
                                          const State& state, const ProgramCatalog& catalog,
                                          absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_UNDO_RETURN_H_
