#ifndef DANGOL_SERVER_DOMAIN_POINTS_EXPIRY_H_
#define DANGOL_SERVER_DOMAIN_POINTS_EXPIRY_H_

#include <optional>

#include "absl/time/time.h"
#include "server/domain/points/ledger.h"
#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// Gives a lot, whose earned_at is known, the expiry of its wallet.
void SetExpiry(const Wallet& wallet, absl::TimeZone zone, Lot& lot);

// Whether points expire by inactivity, if not before that at their date.
inline bool ExpiresByInactivity(const Lot& lot) {
  return lot.idle_months != 0 || lot.idle_days != 0;
}

// When a lot expires if its member does nothing more: at its date or by inactivity, whichever
// comes first; InfiniteFuture for never. A period without activity begins when points were
// earned or with the member's last activity, whichever is later; its days are those of the
// time zone of the version that judged the earning. So it never comes earlier than it was.
absl::Time ExpiryOf(const Lot& lot, const std::optional<absl::Time>& last_activity_at,
                    const ProgramCatalog& catalog);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_EXPIRY_H_
