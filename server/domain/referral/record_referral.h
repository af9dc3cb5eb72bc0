#ifndef DANGOL_SERVER_DOMAIN_REFERRAL_RECORD_REFERRAL_H_
#define DANGOL_SERVER_DOMAIN_REFERRAL_RECORD_REFERRAL_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Refuses who cannot have referred a member: nobody, who is not active (REFERRER_NOT_FOUND,
// REFERRER_NOT_ACTIVE), or was not a member before (MEMBER_BEFORE_REFERRER). `said`: by whom that
// was meant.
absl::Status CheckReferrer(const FoundReferrer& referrer, const MemberRef& said,
                           const MemberSince& referred);

// Records who brought a member: before anything was bought, once, and nobody themselves.
absl::StatusOr<Decision> DecideRecordReferral(const RecordReferral& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now);

// The referrer's half of what somebody whom they referred did: puts what that is now in the place
// of what it was. Who is suspended or has left gets nothing for it, then or later.
absl::StatusOr<Decision> DecideCountReferral(const CountReferral& command,
                                             absl::string_view principal, const State& state,
                                             const ProgramCatalog& catalog, absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REFERRAL_RECORD_REFERRAL_H_
