#ifndef DANGOL_SERVER_DOMAIN_POINTS_TRANSFER_H_
#define DANGOL_SERVER_DOMAIN_POINTS_TRANSFER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

// Decide for points that go from one member to another.
namespace dangol::domain {

// Takes the points from the giver as if they were spent. What the receiver gets is the
// decision's consequence, which is refused or accepted with it.
absl::StatusOr<Decision> DecideTransfer(const TransferPoints& command, absl::string_view principal,
                                        const State& state, const ProgramCatalog& catalog,
                                        absl::Time now);

absl::StatusOr<Decision> DecideReceive(const ReceivePoints& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_TRANSFER_H_
