#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_WINDOW_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_WINDOW_H_

#include "absl/time/civil_time.h"
#include "server/domain/program/days.h"
#include "server/domain/program/incentives.h"

namespace dangol::domain {

// The week of a day, which begins on this weekday.
Days WeekOf(DayNumber day, absl::Weekday begins);

// The days that count together with this one: of a calendar window those of its piece of the
// calendar, of a rolling one those up to and including it, else all.
Days WindowOf(const IncentiveWindow& window, DayNumber day);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_WINDOW_H_
