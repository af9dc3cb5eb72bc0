#include "server/domain/points/expiry.h"

#include <algorithm>

#include "server/domain/program/calendar.h"

namespace dangol::domain {

void SetExpiry(const Wallet& wallet, absl::TimeZone zone, Lot& lot) {
  lot.expires_at = ExpiresAt(wallet, lot.earned_at, zone);
  if (wallet.expiry.policy != Expiry::Policy::kInactivity) return;
  lot.idle_months = wallet.expiry.months;
  lot.idle_days = wallet.expiry.days;
}

absl::Time ExpiryOf(const Lot& lot, const std::optional<absl::Time>& last_activity_at,
                    const ProgramCatalog& catalog) {
  if (!ExpiresByInactivity(lot)) return lot.expires_at;
  const absl::Time begin = std::max(lot.earned_at, last_activity_at.value_or(lot.earned_at));
  const absl::TimeZone zone = catalog.At(lot.earned_at)->program->time_zone;
  return EndOfPeriod(begin, lot.idle_months, lot.idle_days, zone);
}

}  // namespace dangol::domain
