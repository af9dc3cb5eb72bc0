#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_RECORD_PURCHASE_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_RECORD_PURCHASE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Decide for a purchase: it is judged as of when it occurred, and what time has
// made of its points since then happens with it.
absl::StatusOr<Decision> DecideRecordPurchase(const RecordPurchase& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now);

// Refuses a time that is further ahead of `now` than clocks differ, or before
// 1970.
// That it did not occur before the history of the program begins, nor in the future.
absl::Status CheckOccurred(absl::string_view field, absl::Time time, const Program& program,
                           absl::Time now);
absl::Status CheckOccurred(absl::string_view field, absl::Time time, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_RECORD_PURCHASE_H_
