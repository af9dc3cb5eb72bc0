#ifndef DANGOL_SERVER_DOMAIN_REFERRAL_REFERRED_AWARDS_H_
#define DANGOL_SERVER_DOMAIN_REFERRAL_REFERRED_AWARDS_H_

#include <vector>

#include "absl/status/status.h"
#include "server/domain/draft.h"
#include "server/domain/program/program_catalog.h"

// What persons have for having been brought by another, where they turn out to be others than was
// thought. A merge by itself gives nothing and takes nothing else back; but nobody is paid for
// having brought themselves, on either side.
namespace dangol::domain {

// Who acts is about to become these persons, or with another this one: takes back what none of them
// has due. `again`: gives again what they have, as far as it was given before.
absl::Status RestandReferred(const std::vector<Member>& persons, bool again,
                             const ProgramCatalog& catalog, const Cause& cause, Draft& draft);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REFERRAL_REFERRED_AWARDS_H_
