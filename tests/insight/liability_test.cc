#include "server/insight/liability.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/decide.h"
#include "server/domain/program/calendar.h"
#include "tests/domain/scenario.h"
#include "tests/support/programs.h"

namespace dangol::insight {
namespace {

using domain::Outstanding;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Utc;

std::string Show(const WalletLiability::Month& month) {
  return absl::StrCat(month.month.has_value() ? absl::FormatCivilTime(*month.month) : "never", " ",
                      month.points);
}

std::vector<std::string> Show(const std::vector<WalletLiability::Month>& months) {
  std::vector<std::string> shown;
  for (const WalletLiability::Month& month : months) shown.push_back(Show(month));
  return shown;
}

TEST(LiabilityTest, MonthsBeginAtMidnightOfTheZone) {
  absl::TimeZone seoul;
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Seoul", &seoul));
  const absl::Time now = Utc("2026-01-31 15:00:00");  // February in Seoul.
  domain::Program program = testing::SimpleProgram();
  program.time_zone = seoul;
  const std::vector<absl::Time> months = PiecesAt(now, testing::CatalogOf(program)).months;
  EXPECT_EQ(months.front(), Utc("1969-12-31 15:00:00"));
  EXPECT_EQ(months.back(), Utc("2026-02-28 15:00:00"));
  // 1970 is the first year, and January 2026 the month 56 * 12 + 1.
  EXPECT_EQ(domain::PieceOf(now - absl::Microseconds(1), months), 673);
  EXPECT_EQ(domain::PieceOf(now, months), 674);
  EXPECT_EQ(domain::PieceOf(Utc("1969-01-01 00:00:00"), months), 0);
}

// A shop that reported in UTC moves to Seoul, and later to London: what was March stays March.
TEST(LiabilityTest, AZoneThatComesLaterLeavesClosedMonthsAsTheyWere) {
  domain::ProgramCatalog catalog = testing::CatalogOf(testing::SimpleProgram());
  const auto move_to = [&](absl::Time from, const char* name) {
    domain::Program program = testing::SimpleProgram();
    ASSERT_TRUE(absl::LoadTimeZone(name, &program.time_zone));
    catalog.Add({static_cast<int64_t>(catalog.versions().size()) + 1, from, from, "",
                 std::make_shared<const domain::Program>(std::move(program))});
  };
  const auto begins = [&](int piece) {
    return PiecesAt(Utc("2026-12-15 00:00:00"), catalog).months.at(static_cast<size_t>(piece - 1));
  };
  constexpr int kJanuary = 673;  // Of 2026.
  const absl::Time march = Utc("2026-03-01 00:00:00");
  EXPECT_EQ(begins(kJanuary + 2), march);

  ASSERT_NO_FATAL_FAILURE(move_to(Utc("2026-04-20 00:00:00"), "Asia/Seoul"));
  EXPECT_EQ(begins(kJanuary + 2), march) << "as it was reported";
  EXPECT_EQ(begins(kJanuary + 3), Utc("2026-04-01 00:00:00"));
  EXPECT_EQ(begins(kJanuary + 4), Utc("2026-04-30 15:00:00")) << "midnight in Seoul";

  // In the night in which July has begun in Seoul and not in London: begun is begun.
  ASSERT_NO_FATAL_FAILURE(move_to(Utc("2026-06-30 18:00:00"), "Europe/London"));
  EXPECT_EQ(begins(kJanuary + 6), Utc("2026-06-30 15:00:00"));
  EXPECT_EQ(begins(kJanuary + 7), Utc("2026-07-31 23:00:00"));

  // And the other way round: August has begun in Seoul when it becomes the zone.
  ASSERT_NO_FATAL_FAILURE(move_to(Utc("2026-07-31 20:00:00"), "Asia/Seoul"));
  EXPECT_EQ(begins(kJanuary + 7), Utc("2026-07-31 20:00:00"));

  // What was to begin and never did leaves no trace.
  ASSERT_NO_FATAL_FAILURE(move_to(Utc("2026-11-10 00:00:00"), "Europe/London"));
  ASSERT_NO_FATAL_FAILURE(move_to(Utc("2026-10-10 00:00:00"), "Asia/Seoul"));
  EXPECT_EQ(begins(kJanuary + 11), Utc("2026-11-30 15:00:00"));
}

// Points keep the zone in which they were earned, and are told in the months of now.
TEST(LiabilityTest, PeriodsOfInactivityOfAnotherZoneEndInTheMonthThatTheirPieceSays) {
  domain::Program program = testing::SimpleProgram();
  program.wallets[0].expiry = {domain::Expiry::Policy::kInactivity, 1, 0, 0};
  domain::ProgramCatalog catalog = testing::CatalogOf(program);
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Seoul", &program.time_zone));
  const absl::Time moved = Utc("2026-04-20 00:00:00");
  catalog.Add({2, moved, moved, "", std::make_shared<const domain::Program>(program)});
  const absl::Time now = Utc("2026-06-15 12:00:00");
  const domain::OutstandingPieces pieces = PiecesAt(now, catalog);
  ASSERT_EQ(pieces.idle_periods.size(), 2u);
  EXPECT_EQ(pieces.idle_periods[0].earned_until, moved);
  EXPECT_EQ(pieces.idle_periods[1].earned_from, moved);
  const auto last_month = [&](absl::Time end) {
    return absl::CivilMonth(absl::ToCivilDay(end - absl::Microseconds(1), program.time_zone));
  };
  const absl::TimeZone zones[] = {absl::UTCTimeZone(), program.time_zone};
  for (size_t i = 0; i < 2; ++i) {
    const domain::IdlePeriod& period = pieces.idle_periods[i];
    for (absl::Time begin = Utc("2026-01-01 00:00:00"); begin <= now; begin += absl::Hours(1)) {
      const absl::Time end = domain::EndOfPeriod(begin, 1, 0, zones[i]);
      const auto piece = static_cast<size_t>(domain::PieceOf(begin, period.begins));
      ASSERT_EQ(last_month(period.ends.at(piece)), last_month(end)) << begin;
    }
  }
}

// Every instant at which a period may begin falls into a piece whose end is in the month
// of its own end: around the end of February, the change of clocks, and at a month's end.
TEST(LiabilityTest, PeriodsOfInactivityEndInTheMonthThatTheirPieceSays) {
  domain::Program program = testing::SimpleProgram();
  ASSERT_TRUE(absl::LoadTimeZone("Europe/London", &program.time_zone));
  const absl::Time now = Utc("2024-06-15 12:00:00");
  const auto last_month = [&](absl::Time end) {
    return absl::CivilMonth(absl::ToCivilDay(end - absl::Microseconds(1), program.time_zone));
  };
  const std::pair<int, int> periods[] = {{1, 0}, {0, 1}, {0, 30}, {6, 15}, {13, 1}};
  for (const auto& [months, days] : periods) {
    program.wallets[0].expiry = {domain::Expiry::Policy::kInactivity, months, days, 0};
    const domain::OutstandingPieces pieces = PiecesAt(now, testing::CatalogOf(program));
    ASSERT_EQ(pieces.idle_periods.size(), 1u);
    const domain::IdlePeriod& period = pieces.idle_periods[0];
    ASSERT_EQ(period.ends.size(), period.begins.size() + 1);
    for (absl::Time begin = Utc("2023-01-01 00:00:00"); begin <= now; begin += absl::Hours(1)) {
      const absl::Time end = domain::EndOfPeriod(begin, months, days, program.time_zone);
      const auto piece = static_cast<size_t>(domain::PieceOf(begin, period.begins));
      ASSERT_EQ(last_month(period.ends.at(piece)), last_month(end))
          << months << " months and " << days << " days from " << begin;
    }
  }
}

// Also where it is not the only expiry of a wallet, nor the first.
TEST(LiabilityTest, APeriodBesideADateIsFound) {
  domain::Program program = testing::SimpleProgram();
  program.wallets[0].expiry = {domain::Expiry::Policy::kAfter, 48, 0, 0};
  program.wallets[0].or_earlier = {{domain::Expiry::Policy::kInactivity, 18, 0, 0}};
  const domain::OutstandingPieces pieces =
      PiecesAt(Utc("2026-05-15 12:00:00"), testing::CatalogOf(program));
  ASSERT_EQ(pieces.idle_periods.size(), 1u);
  EXPECT_EQ(pieces.idle_periods[0].months, 18);
}

class AssessTest : public ::testing::Test {
 protected:
  AssessTest() {
    program_.wallets[0].value = domain::PointValue{0, 1, 3};
    months_ = PiecesAt(kNow, testing::CatalogOf(program_)).months;
  }

  int Month(absl::string_view day) {
    return domain::PieceOf(Utc(absl::StrCat(day, " 00:00:00")), months_);
  }
  void AddLot(absl::string_view earned, absl::Time expires_at, int64_t points) {
    outstanding_.lots[{"points", Month(earned), expires_at}] += points;
  }
  WalletLiability Assessed() { return Assess(outstanding_, program_, months_, kNow).at(0); }

  static inline const absl::Time kNow = Utc("2026-05-15 12:00:00");
  domain::Program program_ = testing::SimpleProgram();
  std::vector<absl::Time> months_;
  Outstanding outstanding_;
};

TEST_F(AssessTest, NothingIsOwedWhereNothingWasEarned) {
  const WalletLiability liability = Assessed();
  EXPECT_EQ(liability.wallet, "points");
  EXPECT_EQ(liability.outstanding, 0);
  EXPECT_THAT(liability.by_month_earned, IsEmpty());
  EXPECT_THAT(liability.by_month_of_expiry, IsEmpty());
  EXPECT_EQ(liability.cost->all_minor, 0);
}

TEST_F(AssessTest, PointsAreToldByMonth) {
  outstanding_.balances["points"] = {10, 79, 21, 7};
  AddLot("2026-03-02", Utc("2027-01-01 00:00:00"), 50);  // Up to 31 December.
  AddLot("2026-03-31", Utc("2027-01-01 00:00:01"), 20);
  AddLot("2026-04-01", absl::InfiniteFuture(), 47);
  AddLot("2025-01-01", Utc("2026-05-16 00:00:00"), 5);
  AddLot("2025-01-01", Utc("2026-06-16 00:00:00"), 5);
  AddLot("2025-01-01", Utc("2026-06-16 00:00:00"), -5);
  outstanding_.balances["miles"] = {};
  EXPECT_EQ(Assess(outstanding_, program_, months_, kNow).size(), 2u);
  const WalletLiability liability = Assess(outstanding_, program_, months_, kNow).at(1);
  EXPECT_EQ(liability.outstanding, 122);
  EXPECT_EQ(liability.balance.owed, 7);
  EXPECT_THAT(Show(liability.by_month_earned),
              ElementsAre("2025-01 5", "2026-03 70", "2026-04 47"));
  EXPECT_THAT(Show(liability.by_month_of_expiry),
              ElementsAre("2026-05 5", "2026-12 50", "2027-01 20", "never 47"));
  EXPECT_EQ(liability.history_months, 0);
  EXPECT_EQ(liability.expected_to_expire, 0);
  EXPECT_EQ(liability.beyond_history, 75);
  EXPECT_EQ(liability.cost->currency, "EUR");
  EXPECT_EQ(liability.cost->all_minor, 41);  // 122 / 3, rounded up.
  EXPECT_EQ(liability.cost->expected_minor, 41);
}

TEST_F(AssessTest, WhatNeverExpiresIsNotExpectedTo) {
  // Half of the points of January have expired in April, nothing was used.
  const int january = Month("2026-01-01");
  outstanding_.flows[{"points", january, january}] = {1'000, 0, 0};
  outstanding_.flows[{"points", january, Month("2026-04-01")}] = {0, 500, 500};
  AddLot("2026-05-01", Utc("2027-01-01 00:00:00"), 100);
  AddLot("2026-05-01", absl::InfiniteFuture(), 900);
  const WalletLiability liability = Assessed();
  EXPECT_EQ(liability.history_months, 4);
  EXPECT_EQ(liability.expected_to_expire, 50);
  EXPECT_EQ(liability.beyond_history, 0);
  EXPECT_EQ(liability.cost->all_minor, 334);
  EXPECT_EQ(liability.cost->expected_minor, 317);
}

TEST(OutstandingTest, WhatTimeHasCausedReplacesWhatIsStored) {
  domain::Program program = testing::SimpleProgram();
  program.wallets[0].expiry = {domain::Expiry::Policy::kAfter, 2, 0, 0};
  program.wallets[0].grace_days = 3;
  program.adjustment_reasons = {{"goodwill", 1'000}};
  domain::Scenario life(program);
  const absl::Time begin = Utc("2026-01-15 12:00:00");
  const std::vector<absl::Time> months =
      PiecesAt(Utc("2026-12-01 00:00:00"), life.catalog()).months;
  const auto day = [&](int days) { return begin + absl::Hours(24 * days); };
  domain::Purchase purchase = testing::PurchaseOf({testing::Line(10'000)});
  purchase.purchase_id = "p-1";
  ASSERT_TRUE(life.Buy(purchase, begin, day(0)).ok());
  domain::ReservePoints reserve;
  reserve.member = life.Me();
  reserve.wallet = "points";
  reserve.reservation_id = "r-1";
  reserve.points = 40;
  reserve.time_to_live = absl::Hours(24 * 90);
  ASSERT_TRUE(life.Do(reserve, day(20)).ok());

  Outstanding held;
  domain::AddHeld(life.state().reservations.at(0), std::nullopt, life.catalog(), months, held);
  EXPECT_EQ(held.lots.size(), 1u);
  EXPECT_EQ(held.lots.begin()->second, 40);

  // 60 expire in March, and the 40 lapse in May, live through their days of grace, and
  // expire as well.
  const domain::MemberState stored = life.state();
  const domain::Effects effects = domain::Advance(stored, life.catalog(), day(200));
  Outstanding change;
  domain::Replace(stored, effects, life.catalog(), months, change);
  const int january = domain::PieceOf(begin, months);
  EXPECT_EQ(change.balances["points"].available, -60);
  EXPECT_EQ(change.balances["points"].held, -40);
  int64_t lots = 0;
  for (const auto& [group, points] : change.lots) {
    EXPECT_EQ(group.month_earned, january);
    lots += points;
  }
  EXPECT_EQ(lots, -100);
  const Outstanding::Flow march = change.flows[{"points", january, january + 2}];
  const Outstanding::Flow may = change.flows[{"points", january, january + 4}];
  EXPECT_EQ(march.expired, 60);
  EXPECT_EQ(may.expired, 40);
  EXPECT_EQ(march.used + may.used + march.issued + may.issued, 0);

  // Nothing is left of what was stored: 60 in a lot, and 40 that were held.
  domain::Add(held, change);
  for (const auto& [group, points] : change.lots) lots += points;
  EXPECT_EQ(lots, -160);
}

}  // namespace
}  // namespace dangol::insight
