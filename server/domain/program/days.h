#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_DAYS_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_DAYS_H_

#include <cstdint>
#include <limits>

#include "absl/time/civil_time.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

// Days since 1970-01-01, of civil time in the program's zone.
using DayNumber = int32_t;

inline DayNumber NumberOf(absl::CivilDay day) {
  return static_cast<DayNumber>(day - absl::CivilDay(1970, 1, 1));
}
inline absl::CivilDay DayOf(DayNumber number) { return absl::CivilDay(1970, 1, 1) + number; }

// From the first day to before the other.
struct Days {
  DayNumber from = 0;
  DayNumber until = 0;

  bool Contains(DayNumber day) const { return from <= day && day < until; }
  friend bool operator==(const Days&, const Days&) = default;
};

// The days over which a cap counts, or a limit, on this day; not for CapPeriod::kPurchase.
inline Days PeriodOf(CapPeriod per, absl::CivilDay day) {
  using Limits = std::numeric_limits<DayNumber>;
  if (per == CapPeriod::kEver) return {Limits::min(), Limits::max()};
  if (per == CapPeriod::kDay) return {NumberOf(day), NumberOf(day + 1)};
  const absl::CivilMonth month(day);
  return {NumberOf(absl::CivilDay(month)), NumberOf(absl::CivilDay(month + 1))};
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_DAYS_H_
