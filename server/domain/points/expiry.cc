#include "server/domain/points/expiry.h"

#include <algorithm>

#include "server/domain/program/calendar.h"

namespace dangol::domain {

void SetExpiry(const Wallet& wallet, absl::TimeZone zone, Lot& lot) {
  lot.expires_at = ExpiresAt(wallet, lot.earned_at, zone);
  const Expiry* const inactivity = FindInactivity(wallet);
  if (inactivity == nullptr) return;
  lot.idle_months = inactivity->months;
  lot.idle_days = inactivity->days;
}

absl::Time ExpiryOf(const Lot& lot, const std::optional<absl::Time>& last_activity_at,
                    const ProgramCatalog& catalog) {
  if (!ExpiresByInactivity(lot)) return lot.expires_at;
  const absl::Time begin = std::max(lot.earned_at, last_activity_at.value_or(lot.earned_at));
  const absl::TimeZone zone = catalog.At(lot.earned_at)->program->time_zone;
  return std::min(lot.expires_at, EndOfPeriod(begin, lot.idle_months, lot.idle_days, zone));
}

}  // namespace dangol::domain
