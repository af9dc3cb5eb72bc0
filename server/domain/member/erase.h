#ifndef DANGOL_SERVER_DOMAIN_MEMBER_ERASE_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_ERASE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"

// Forgetting who somebody was (GDPR, article 17): what names or describes them goes, and with it
// what was said in their own words; what they did stays under an id that means nobody any more, so
// that the ledger adds up.
namespace dangol::domain {

// Ends a membership where it has not ended (Close), and forgets the person: of everybody who was
// merged into them, too. MEMBER_ERASED, MEMBER_IN_HOUSEHOLD, HOUSEHOLD_NOT_EMPTY.
absl::StatusOr<Decision> DecideErase(const EraseMember& erase, absl::string_view principal,
                                     const State& state, const ProgramCatalog& catalog,
                                     absl::Time now);

// What that means for one who was merged.
Decision DecideEraseMerged(const State& state);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_ERASE_H_
