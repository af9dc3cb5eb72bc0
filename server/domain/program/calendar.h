#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_CALENDAR_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_CALENDAR_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

// The first instant of a civil day. Where clocks jump over midnight, that is
// the instant of the jump; where they repeat it, the first of the two.
absl::Time StartOfDay(absl::CivilDay day, absl::TimeZone zone);

// The day `months` later; a day that the month lacks becomes its last one.
absl::CivilDay AddMonths(absl::CivilDay day, int months);

// Some way ahead in the calendar.
struct Period {
  int months = 0;
  int days = 0;
  absl::Duration rest;
};

// The same time of day so many months and then days later, and then by the rest. A day that
// the month lacks becomes its last one; a time that the day lacks, the moment at which clocks
// are put forward.
absl::Time LaterBy(absl::Time time, const Period& period, absl::TimeZone zone);

// When points of `wallet` that are earned at `earned_at` become available by time
// alone: InfiniteFuture where they wait for the purchase to be confirmed.
absl::Time AvailableFrom(const Wallet& wallet, absl::Time earned_at, absl::TimeZone zone);

// The end of the day that lies so many months and days after that of `begin`, or of the piece
// of the year that has that day.
absl::Time EndOfPeriod(absl::Time begin, int months, int days, absl::TimeZone zone,
                       Expiry::RoundUpTo round_up_to = Expiry::RoundUpTo::kDay);

// The date on which they expire, whatever the member does: InfiniteFuture where there is none.
absl::Time ExpiresAt(const Wallet& wallet, absl::Time earned_at, absl::TimeZone zone);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_CALENDAR_H_
