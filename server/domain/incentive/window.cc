#include "server/domain/incentive/window.h"

#include "server/domain/standing/award.h"

namespace dangol::domain {
namespace {

// The piece of the year, so many months long, that has this day.
Days MonthsOf(DayNumber day, int months) {
  const absl::CivilMonth month(DayOf(day));
  const absl::CivilMonth first = month - (month.month() - 1) % months;
  return {NumberOf(absl::CivilDay(first)), NumberOf(absl::CivilDay(first + months))};
}

}  // namespace

Days WeekOf(DayNumber day, absl::Weekday begins) {
  // 1970-01-01 was a Thursday. Not by the calendar: it is asked for every day of two years.
  const int days_past_monday = ((day + 3) % 7 + 7) % 7;
  const int days_past_begin = (days_past_monday - static_cast<int>(begins) + 7) % 7;
  return {day - days_past_begin, day - days_past_begin + 7};
}

Days WindowOf(const IncentiveWindow& window, DayNumber day) {
  switch (window.kind) {
    case IncentiveWindow::Kind::kEver:
      return kAnyDay;
    case IncentiveWindow::Kind::kRolling:
      return {day - window.days + 1, day + 1};
    case IncentiveWindow::Kind::kWeek:
      return WeekOf(day, window.week_begins);
    case IncentiveWindow::Kind::kMonth:
      return MonthsOf(day, 1);
    case IncentiveWindow::Kind::kQuarter:
      return MonthsOf(day, 3);
    case IncentiveWindow::Kind::kHalfYear:
      return MonthsOf(day, 6);
    case IncentiveWindow::Kind::kYear:
      return MonthsOf(day, 12);
  }
  return kAnyDay;
}

}  // namespace dangol::domain
