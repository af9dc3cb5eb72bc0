#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_DAY_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_DAY_H_

#include <cstdint>
#include <limits>

#include "absl/types/span.h"
#include "server/domain/program/days.h"

// What every kind of incentive is: a fold over the days on which something was done.
//
//   struct XFold {
//     int64_t Step(const X& terms, const IncentiveWindow& window, const IncentiveDay& day);
//     IncentiveProgress ProgressOn(const X& terms, const IncentiveWindow& window,
//                                  DayNumber today) const;
//   };
//
// Days come in their order, each once, with the terms of that day. Step says how many awards
// become due on it. A day is taken as a whole: what of it came first does not matter.
namespace dangol::domain {

inline constexpr DayNumber kNoDay = std::numeric_limits<DayNumber>::min();

struct IncentiveDay {
  DayNumber day = 0;
  int64_t stamps = 0;                // What it brings for the incentive (StampsOf).
  int64_t base = 0;                  // Of a boost: points of base rules for what brings it.
  bool bought = false;               // Something, whether that counts for the incentive or not.
  absl::Span<const int> categories;  // CategoryBreadth: those of which goods were bought.
};

// How far somebody is.
struct IncentiveProgress {
  int64_t have = 0;
  int64_t need = 0;
  // What is there counts up to and including this day; of a date, when it comes. kNoDay: for good,
  // or there is nothing.
  DayNumber until = kNoDay;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_DAY_H_
