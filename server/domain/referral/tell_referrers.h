#ifndef DANGOL_SERVER_DOMAIN_REFERRAL_TELL_REFERRERS_H_
#define DANGOL_SERVER_DOMAIN_REFERRAL_TELL_REFERRERS_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Adds to a decision, whatever it is about, what it means for those who referred somebody whom it
// concerns: a consequence for each of whom something changes. Asks for those whom it does not know
// (Decision::asks_for). Where the command is decided again, they have logs of their own.
absl::Status TellReferrers(const Command& command, const State& state,
                           const ProgramCatalog& catalog, absl::Time now, Decision& decision);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REFERRAL_TELL_REFERRERS_H_
