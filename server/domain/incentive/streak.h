#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_STREAK_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_STREAK_H_

#include <cstdint>

#include "server/domain/incentive/day.h"
#include "server/domain/incentive/goods.h"
#include "server/domain/incentive/window.h"

namespace dangol::domain {

// A purchase in each of so many weeks or months, one after the other; then it begins anew.

inline int64_t StampsOf(const Streak&, const QualifyingGoods&) { return 1; }

// The week or the month of a day.
inline Days PeriodOf(const Streak& terms, DayNumber day) {
  if (terms.per == Streak::Per::kWeek) return WeekOf(day, terms.week_begins);
  return WindowOf({.kind = IncentiveWindow::Kind::kMonth}, day);
}

struct StreakFold {
  int64_t Step(const Streak& terms, const IncentiveWindow&, const IncentiveDay& day) {
    if (day.stamps <= 0) return 0;
    if (last.Contains(day.day)) return 0;
    const Days period = PeriodOf(terms, day.day);
    length = period.from == last.until ? length + 1 : 1;
    last = period;
    if (length < terms.length) return 0;
    length = 0;
    return 1;
  }

  // Until the end of the period in which the next purchase keeps it going.
  IncentiveProgress ProgressOn(const Streak& terms, const IncentiveWindow&, DayNumber today) const {
    const Days period = PeriodOf(terms, today);
    const bool goes_on = length > 0 && (period == last || period.from == last.until);
    if (!goes_on) return {0, terms.length, kNoDay};
    return {length, terms.length, PeriodOf(terms, last.until).until - 1};
  }

  Days last;  // The last period with a purchase.
  int64_t length = 0;
};

StreakFold FoldFor(const Streak&);  // The one of this kind.

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_STREAK_H_
