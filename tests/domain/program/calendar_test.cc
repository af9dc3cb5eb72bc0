#include "server/domain/program/calendar.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

std::string InUtc(absl::Time time) {
  return time == absl::InfiniteFuture()
             ? "never"
             : absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
}

TEST(CalendarTest, MonthsEndWhereTheyEnd) {
  const absl::CivilDay start(2024, 1, 31);
  EXPECT_EQ(AddMonths(start, 1), absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(AddMonths(start, 13), absl::CivilDay(2025, 2, 28));
  EXPECT_EQ(AddMonths(start, 12), absl::CivilDay(2025, 1, 31));
  EXPECT_EQ(AddMonths(absl::CivilDay(2024, 2, 29), 48), absl::CivilDay(2028, 2, 29));
}

TEST(CalendarTest, AWayAheadKeepsTheTimeOfDay) {
  const absl::TimeZone london = Zone("Europe/London");
  const auto later = [&](int year, int month, int day, int hour, const Period& period) {
    const absl::CivilSecond begin(year, month, day, hour, 30, 0);
    return absl::FormatTime("%Y-%m-%d %H:%M:%S",
                            LaterBy(absl::FromCivil(begin, london), period, london), london);
  };
  EXPECT_EQ(later(2026, 1, 31, 9, {.months = 1}), "2026-02-28 09:30:00");
  EXPECT_EQ(later(2028, 2, 29, 9, {.months = 12}), "2029-02-28 09:30:00");
  EXPECT_EQ(later(2026, 1, 31, 9, {.months = 1, .days = 1}), "2026-03-01 09:30:00");
  // Over the day of 23 hours: a day is not 24 of them.
  EXPECT_EQ(later(2026, 3, 28, 9, {.days = 1}), "2026-03-29 09:30:00");
  EXPECT_EQ(later(2026, 3, 28, 9, {.rest = absl::Hours(24)}), "2026-03-29 10:30:00");
  // Half past one is not there on that day.
  EXPECT_EQ(later(2026, 3, 28, 1, {.days = 1}), "2026-03-29 02:00:00");
  const absl::Time second =
      absl::FromCivil(absl::CivilSecond(2026, 10, 25, 1, 30), london) + absl::Hours(1);
  EXPECT_EQ(LaterBy(second, {.rest = absl::Minutes(1)}, london), second + absl::Minutes(1));
  EXPECT_EQ(LaterBy(second + absl::Microseconds(7), {.days = 1}, london),
            second + absl::Hours(24) + absl::Microseconds(7));
}

TEST(CalendarTest, DaysBeginAtTheirFirstInstant) {
  // London: no day begins in a jump, but days have 23 and 25 hours.
  EXPECT_EQ(InUtc(StartOfDay(absl::CivilDay(2026, 3, 29), Zone("Europe/London"))),
            "2026-03-29 00:00:00");
  EXPECT_EQ(InUtc(StartOfDay(absl::CivilDay(2026, 3, 30), Zone("Europe/London"))),
            "2026-03-29 23:00:00");
  EXPECT_EQ(InUtc(StartOfDay(absl::CivilDay(2026, 10, 25), Zone("Europe/London"))),
            "2026-10-24 23:00:00");
  EXPECT_EQ(InUtc(StartOfDay(absl::CivilDay(2026, 10, 26), Zone("Europe/London"))),
            "2026-10-26 00:00:00");
  // São Paulo, until 2018: clocks jumped over midnight, and repeated the hour before it.
  EXPECT_EQ(InUtc(StartOfDay(absl::CivilDay(2018, 11, 4), Zone("America/Sao_Paulo"))),
            "2018-11-04 03:00:00");
  EXPECT_EQ(InUtc(StartOfDay(absl::CivilDay(2018, 2, 18), Zone("America/Sao_Paulo"))),
            "2018-02-18 03:00:00");
  // Havana repeats midnight itself: the day begins at the first one.
  EXPECT_EQ(InUtc(StartOfDay(absl::CivilDay(2025, 11, 2), Zone("America/Havana"))),
            "2025-11-02 04:00:00");
}

TEST(CalendarTest, LivesOfPoints) {
  using Policy = Expiry::Policy;
  struct Case {
    const char* name;
    const char* zone;
    const char* earned_at;  // UTC
    int pending_days;
    Expiry expiry;
    const char* available_from;
    const char* expires_at;
  };
  const Case cases[] = {
      {"at once and never", "UTC", "2026-01-15 12:34:56", 0, {}, "2026-01-15 12:34:56", "never"},
      {"pending until a midnight",
       "UTC",
       "2026-01-15 12:34:56",
       14,
       {},
       "2026-01-29 00:00:00",
       "never"},
      {"the day is that of the zone",
       "Asia/Seoul",
       "2026-01-15 15:30:00",
       1,
       {},
       "2026-01-16 15:00:00",
       "never"},
      {"two years, to the end of the day",
       "UTC",
       "2026-01-15 23:59:59",
       0,
       {Policy::kAfter, 24, 0, 0},
       "2026-01-15 23:59:59",
       "2028-01-16 00:00:00"},
      {"a month after the 31st",
       "UTC",
       "2026-01-31 12:00:00",
       0,
       {Policy::kAfter, 1, 0, 0},
       "2026-01-31 12:00:00",
       "2026-03-01 00:00:00"},
      {"a leap day's anniversary",
       "UTC",
       "2024-02-29 12:00:00",
       0,
       {Policy::kAfter, 12, 0, 0},
       "2024-02-29 12:00:00",
       "2025-03-01 00:00:00"},
      {"months, then days",
       "UTC",
       "2026-01-31 12:00:00",
       0,
       {Policy::kAfter, 1, 1, 0},
       "2026-01-31 12:00:00",
       "2026-03-02 00:00:00"},
      {"days across the jump forward",
       "Europe/London",
       "2026-03-28 12:00:00",
       1,
       {Policy::kAfter, 0, 1, 0},
       "2026-03-29 00:00:00",
       "2026-03-29 23:00:00"},
      {"days across the jump back",
       "Europe/London",
       "2026-10-24 12:00:00",
       1,
       {Policy::kAfter, 0, 1, 0},
       "2026-10-24 23:00:00",
       "2026-10-26 00:00:00"},
      {"the end of this year",
       "UTC",
       "2026-12-31 23:59:59",
       0,
       {Policy::kYearEnd, 0, 0, 1},
       "2026-12-31 23:59:59",
       "2027-01-01 00:00:00"},
      {"the end of next year",
       "UTC",
       "2026-01-01 00:00:00",
       0,
       {Policy::kYearEnd, 0, 0, 2},
       "2026-01-01 00:00:00",
       "2028-01-01 00:00:00"},
      {"the year is that of the zone",
       "Asia/Seoul",
       "2025-12-31 15:00:00",
       0,
       {Policy::kYearEnd, 0, 0, 1},
       "2025-12-31 15:00:00",
       "2026-12-31 15:00:00"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Wallet wallet{"points", c.pending_days, c.expiry};
    const absl::Time earned_at = testing::Utc(c.earned_at);
    EXPECT_EQ(InUtc(AvailableFrom(wallet, earned_at, Zone(c.zone))), c.available_from);
    EXPECT_EQ(InUtc(ExpiresAt(wallet, earned_at, Zone(c.zone))), c.expires_at);
  }
}

TEST(CalendarTest, PointsLiveOnToTheEndOfAPieceOfTheYear) {
  using RoundUpTo = Expiry::RoundUpTo;
  struct Case {
    const char* name;
    const char* zone;
    const char* earned_at;  // UTC
    int months;
    int days;
    RoundUpTo round_up_to;
    const char* expires_at;
  };
  const Case cases[] = {
      {"a month", "UTC", "2026-01-15 12:00:00", 1, 0, RoundUpTo::kMonth, "2026-03-01 00:00:00"},
      {"a month, whose last day it is", "UTC", "2026-01-31 12:00:00", 1, 0, RoundUpTo::kMonth,
       "2026-03-01 00:00:00"},
      {"a month, whose first day it is", "UTC", "2026-01-31 12:00:00", 1, 1, RoundUpTo::kMonth,
       "2026-04-01 00:00:00"},
      {"February of a leap year", "UTC", "2028-01-29 12:00:00", 1, 0, RoundUpTo::kMonth,
       "2028-03-01 00:00:00"},
      {"a year after a leap day", "UTC", "2024-02-29 12:00:00", 12, 0, RoundUpTo::kMonth,
       "2025-03-01 00:00:00"},
      {"the month after a leap day", "UTC", "2028-02-29 12:00:00", 0, 1, RoundUpTo::kMonth,
       "2028-04-01 00:00:00"},
      {"December", "UTC", "2026-11-30 12:00:00", 1, 0, RoundUpTo::kMonth, "2027-01-01 00:00:00"},
      {"the first quarter", "UTC", "2026-01-01 00:00:00", 0, 1, RoundUpTo::kQuarter,
       "2026-04-01 00:00:00"},
      {"a quarter, whose last day it is", "UTC", "2026-03-30 23:59:59", 0, 1, RoundUpTo::kQuarter,
       "2026-04-01 00:00:00"},
      {"a quarter, whose first day it is", "UTC", "2026-03-31 00:00:00", 0, 1, RoundUpTo::kQuarter,
       "2026-07-01 00:00:00"},
      {"the last quarter", "UTC", "2026-09-30 12:00:00", 1, 0, RoundUpTo::kQuarter,
       "2027-01-01 00:00:00"},
      {"the first half", "UTC", "2026-06-29 12:00:00", 0, 1, RoundUpTo::kHalfYear,
       "2026-07-01 00:00:00"},
      {"the second half", "UTC", "2026-06-30 12:00:00", 0, 1, RoundUpTo::kHalfYear,
       "2027-01-01 00:00:00"},
      {"the half of the next year", "UTC", "2026-12-31 12:00:00", 0, 1, RoundUpTo::kHalfYear,
       "2027-07-01 00:00:00"},
      {"a year", "UTC", "2026-01-01 12:00:00", 12, 0, RoundUpTo::kYear, "2028-01-01 00:00:00"},
      {"a year, whose last day it is", "UTC", "2026-12-30 12:00:00", 0, 1, RoundUpTo::kYear,
       "2027-01-01 00:00:00"},
      {"the day is that of the zone", "Asia/Seoul", "2026-06-29 15:00:00", 0, 1,
       RoundUpTo::kHalfYear, "2026-12-31 15:00:00"},
      {"from winter into summer time", "Europe/London", "2026-01-15 12:00:00", 2, 0,
       RoundUpTo::kMonth, "2026-03-31 23:00:00"},
      {"out of summer time", "Europe/London", "2026-09-15 23:30:00", 1, 0, RoundUpTo::kMonth,
       "2026-11-01 00:00:00"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Wallet wallet;
    wallet.expiry = {Expiry::Policy::kAfter, c.months, c.days, 0, c.round_up_to};
    EXPECT_EQ(InUtc(ExpiresAt(wallet, testing::Utc(c.earned_at), Zone(c.zone))), c.expires_at);
  }
}

TEST(CalendarTest, TheEarliestOfSeveralDatesCounts) {
  using Policy = Expiry::Policy;
  struct Case {
    const char* earned_at;
    const char* expires_at;
  };
  const Case cases[] = {
      {"2026-01-01 00:00:00", "2027-07-02 00:00:00"},
      {"2026-06-29 23:59:59", "2027-12-30 00:00:00"},
      {"2026-06-30 00:00:00", "2027-12-31 00:00:00"},
      {"2026-07-01 00:00:00", "2028-01-01 00:00:00"},
      {"2026-12-31 00:00:00", "2028-01-01 00:00:00"},
  };
  Wallet wallet;
  wallet.expiry = {Policy::kAfter, 18, 0, 0};
  wallet.or_earlier = {{Policy::kInactivity, 1, 0, 0}, {Policy::kYearEnd, 0, 0, 2}};
  for (const Case& c : cases) {
    EXPECT_EQ(InUtc(ExpiresAt(wallet, testing::Utc(c.earned_at), absl::UTCTimeZone())),
              c.expires_at)
        << c.earned_at;
  }
}

}  // namespace
}  // namespace dangol::domain
