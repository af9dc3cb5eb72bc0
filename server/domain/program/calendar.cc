#include "server/domain/program/calendar.h"

#include <algorithm>

namespace dangol::domain {

absl::Time StartOfDay(absl::CivilDay day, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(absl::CivilSecond(day));
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay last_of_month = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month) + (day.day() - 1), last_of_month);
}

absl::Time AvailableFrom(const Wallet& wallet, absl::Time earned_at, absl::TimeZone zone) {
  if (wallet.pending_until_confirmed) return absl::InfiniteFuture();
  if (wallet.pending_days == 0) return earned_at;
  return StartOfDay(absl::ToCivilDay(earned_at, zone) + wallet.pending_days, zone);
}

absl::Time EndOfPeriod(absl::Time begin, int months, int days, absl::TimeZone zone) {
  const absl::CivilDay last_day = AddMonths(absl::ToCivilDay(begin, zone), months) + days;
  return StartOfDay(last_day + 1, zone);
}

absl::Time ExpiresAt(const Wallet& wallet, absl::Time earned_at, absl::TimeZone zone) {
  const absl::CivilDay earned_on = absl::ToCivilDay(earned_at, zone);
  switch (wallet.expiry.policy) {
    case Expiry::Policy::kNever:
    case Expiry::Policy::kInactivity:
      return absl::InfiniteFuture();
    case Expiry::Policy::kAfter:
      return EndOfPeriod(earned_at, wallet.expiry.months, wallet.expiry.days, zone);
    case Expiry::Policy::kYearEnd:
      return StartOfDay(absl::CivilDay(absl::CivilYear(earned_on) + wallet.expiry.years), zone);
  }
  return absl::InfiniteFuture();
}

}  // namespace dangol::domain
