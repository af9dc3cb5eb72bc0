#ifndef DANGOL_SERVER_DOMAIN_POINTS_SPEND_H_
#define DANGOL_SERVER_DOMAIN_POINTS_SPEND_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

// Decide for what concerns points that are there: reservations, and adjustments.
namespace dangol::domain {

class Draft;

// OK where who acts may spend of the purse.
absl::Status CheckSpends(const Member& purse, const Member& person);
inline absl::Status CheckSpends(const State& state) {
  return CheckSpends(state.member->member, PersonOf(state)->member);
}

// Refuses where who acts, or whose purse it is, has ended their membership.
absl::Status CheckNotClosed(const State& state);

// The wallet of this name; the only one where there is no name.
absl::StatusOr<const Wallet*> FindWallet(const std::string& name, const ProgramCatalog& catalog,
                                         absl::Time now);

// Refuses more points than are available.
absl::Status CheckAvailable(const Draft& draft, const std::string& wallet, int64_t points);

absl::StatusOr<Decision> DecideReserve(const ReservePoints& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now);

absl::StatusOr<Decision> DecideCapture(const CapturePoints& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now);

absl::StatusOr<Decision> DecideVoid(const VoidReservation& command, absl::string_view principal,
                                    const State& state, const ProgramCatalog& catalog,
                                    absl::Time now);

absl::StatusOr<Decision> DecideConfirm(const ConfirmPurchase& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now);

// Ends a decision of which the member is told their balances.
Decision ConcludeBalance(Draft& draft);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_SPEND_H_
