#include "server/domain/program/calendar.h"

#include <algorithm>

namespace dangol::domain {
namespace {

int MonthsOf(Expiry::RoundUpTo piece) {
  switch (piece) {
    case Expiry::RoundUpTo::kDay:
      return 0;
    case Expiry::RoundUpTo::kMonth:
      return 1;
    case Expiry::RoundUpTo::kQuarter:
      return 3;
    case Expiry::RoundUpTo::kHalfYear:
      return 6;
    case Expiry::RoundUpTo::kYear:
      return 12;
  }
  return 0;
}

// The last day of the piece of the year that has this day.
absl::CivilDay LastDay(absl::CivilDay day, Expiry::RoundUpTo piece) {
  const int months = MonthsOf(piece);
  if (months == 0) return day;
  const absl::CivilMonth month(day);
  return absl::CivilDay(month - (month.month() - 1) % months + months) - 1;
}

// When it makes points expire that are earned then; InfiniteFuture where that is no date.
absl::Time DateOf(const Expiry& expiry, absl::Time earned_at, absl::TimeZone zone) {
  switch (expiry.policy) {
    case Expiry::Policy::kNever:
    case Expiry::Policy::kInactivity:
      return absl::InfiniteFuture();
    case Expiry::Policy::kAfter:
      return EndOfPeriod(earned_at, expiry.months, expiry.days, zone, expiry.round_up_to);
    case Expiry::Policy::kYearEnd: {
      const absl::CivilYear year(absl::ToCivilDay(earned_at, zone));
      return StartOfDay(absl::CivilDay(year + expiry.years), zone);
    }
  }
  return absl::InfiniteFuture();
}

}  // namespace

absl::Time StartOfDay(absl::CivilDay day, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(absl::CivilSecond(day));
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay last_of_month = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month) + (day.day() - 1), last_of_month);
}

absl::Time LaterBy(absl::Time time, const Period& period, absl::TimeZone zone) {
  // An hour that clocks repeat is left as which of the two it is.
  if (period.months == 0 && period.days == 0) return time + period.rest;
  const absl::TimeZone::CivilInfo at = zone.At(time);
  const absl::CivilDay day = AddMonths(absl::CivilDay(at.cs), period.months) + period.days;
  const absl::CivilSecond later(day.year(), day.month(), day.day(), at.cs.hour(), at.cs.minute(),
                                at.cs.second());
  return absl::FromCivil(later, zone) + at.subsecond + period.rest;
}

absl::Time AvailableFrom(const Wallet& wallet, absl::Time earned_at, absl::TimeZone zone) {
  if (wallet.pending_until_confirmed) return absl::InfiniteFuture();
  if (wallet.pending_days == 0) return earned_at;
  return StartOfDay(absl::ToCivilDay(earned_at, zone) + wallet.pending_days, zone);
}

absl::Time EndOfPeriod(absl::Time begin, int months, int days, absl::TimeZone zone,
                       Expiry::RoundUpTo round_up_to) {
  const absl::CivilDay last_day = AddMonths(absl::ToCivilDay(begin, zone), months) + days;
  return StartOfDay(LastDay(last_day, round_up_to) + 1, zone);
}

absl::Time ExpiresAt(const Wallet& wallet, absl::Time earned_at, absl::TimeZone zone) {
  absl::Time earliest = DateOf(wallet.expiry, earned_at, zone);
  for (const Expiry& other : wallet.or_earlier) {
    earliest = std::min(earliest, DateOf(other, earned_at, zone));
  }
  return earliest;
}

}  // namespace dangol::domain
