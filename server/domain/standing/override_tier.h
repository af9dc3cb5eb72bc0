#ifndef DANGOL_SERVER_DOMAIN_STANDING_OVERRIDE_TIER_H_
#define DANGOL_SERVER_DOMAIN_STANDING_OVERRIDE_TIER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Somebody decides on a person's tier, from today on and until a day. Refused where the program
// has no such ladder or tier, and for a day that is over.
absl::StatusOr<Decision> DecideOverrideTier(const OverrideTier& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now);

// Ends such a decision before its time: yesterday was its last day.
absl::StatusOr<Decision> DecideEndTierOverride(const EndTierOverride& command,
                                               absl::string_view principal, const State& state,
                                               const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_OVERRIDE_TIER_H_
