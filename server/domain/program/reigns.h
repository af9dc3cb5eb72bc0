#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_REIGNS_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_REIGNS_H_

#include <limits>

#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

inline constexpr DayNumber kNever = std::numeric_limits<DayNumber>::max();
inline constexpr DayNumber kAlways = std::numeric_limits<DayNumber>::min();

// A version of the program, and the days on some part of which it is in force.
struct Reign {
  const Program* program = nullptr;
  DayNumber first = kAlways;
  DayNumber last = kNever;
  bool from_midnight = true;  // Of the first day it has everything.
};

using Reigns = absl::InlinedVector<Reign, 2>;

// Up to now, in the order of time.
Reigns ReignsOf(const ProgramCatalog& catalog, absl::Time now);

inline DayNumber DayIn(absl::Time time, absl::TimeZone zone) {
  return NumberOf(absl::ToCivilDay(time, zone));
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_REIGNS_H_
