#include "tests/model/plain.h"

#include <cstddef>

namespace dangol::model {

// Zones are at most 14 hours from UTC, and change their clocks at a full quarter.
absl::Time FirstInstantOf(absl::CivilDay day, absl::TimeZone zone) {
  absl::Time time = absl::FromCivil(day, absl::UTCTimeZone()) - absl::Hours(15);
  while (absl::ToCivilDay(time, zone) < day) time += absl::Minutes(15);
  return time;
}

absl::Time BeginsAt(const domain::Wallet& wallet, absl::Time earned_at, absl::TimeZone zone) {
  if (wallet.pending_until_confirmed) return absl::InfiniteFuture();
  if (wallet.pending_days == 0) return earned_at;
  return FirstInstantOf(absl::ToCivilDay(earned_at, zone) + wallet.pending_days, zone);
}

absl::Time EndsAt(const domain::Wallet& wallet, absl::Time earned_at, absl::TimeZone zone) {
  if (wallet.expiry.policy != domain::Expiry::Policy::kAfter) return absl::InfiniteFuture();
  const absl::CivilDay last_day = absl::ToCivilDay(earned_at, zone) + wallet.expiry.days;
  return FirstInstantOf(last_day + 1, zone);
}

int64_t PartOf(int64_t whole, int64_t part, int64_t of) {
  return part >= of ? whole : whole * part / of;
}

std::vector<int64_t> Distribute(int64_t total, const std::vector<int64_t>& weights) {
  std::vector<int64_t> shares(weights.size(), 0);
  int64_t sum = 0;
  for (const int64_t weight : weights) sum += weight;
  if (sum == 0) return shares;
  std::vector<int64_t> remainders;
  int64_t left = total;
  for (size_t i = 0; i < weights.size(); ++i) {
    shares[i] = total * weights[i] / sum;
    remainders.push_back(total * weights[i] % sum);
    left -= shares[i];
  }
  for (; left > 0; --left) {
    size_t largest = 0;
    for (size_t i = 1; i < remainders.size(); ++i) {
      if (remainders[i] > remainders[largest]) largest = i;
    }
    ++shares[largest];
    remainders[largest] = -1;
  }
  return shares;
}

}  // namespace dangol::model
