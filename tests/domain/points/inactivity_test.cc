// Points that expire after a period without activity.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/domain/audit/audit.h"
#include "server/domain/points/expiry.h"
#include "server/domain/points/timeline.h"
#include "tests/domain/scenario.h"
#include "tests/support/recorded.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone));
  return zone;
}

Program Idle(int months, int days) {
  Program program = SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kInactivity, months, days, 0};
  program.adjustment_reasons = {{"goodwill", 500}};
  return program;
}

TEST(ExpiryOfTest, IsTheEndOfThePeriodAfterTheLastActivity) {
  struct Case {
    const char* name;
    const char* zone;
    const char* earned_at;
    const char* active_at;  // Empty: never.
    int months;
    int days;
    const char* expires_at;
  };
  const Case cases[] = {
      {"from the earning", "UTC", "2026-01-15 12:00:00", "", 12, 0, "2027-01-16 00:00:00"},
      {"from a later activity", "UTC", "2026-01-15 12:00:00", "2026-06-30 23:59:59", 12, 0,
       "2027-07-01 00:00:00"},
      {"not from an earlier one", "UTC", "2026-01-15 12:00:00", "2025-06-30 12:00:00", 0, 1,
       "2026-01-17 00:00:00"},
      {"the day is that of the zone", "Asia/Seoul", "2026-01-01 12:00:00", "2026-01-15 15:30:00", 0,
       1, "2026-01-17 15:00:00"},
      {"a month after the 31st", "UTC", "2026-01-01 12:00:00", "2026-01-31 12:00:00", 1, 0,
       "2026-03-01 00:00:00"},
      {"a month after the 30th of a leap year", "UTC", "2028-01-01 12:00:00", "2028-01-30 12:00:00",
       1, 0, "2028-03-01 00:00:00"},
      {"a year after a leap day", "UTC", "2024-01-01 12:00:00", "2024-02-29 12:00:00", 12, 0,
       "2025-03-01 00:00:00"},
      {"months, then days", "UTC", "2026-01-01 12:00:00", "2026-01-31 12:00:00", 1, 1,
       "2026-03-02 00:00:00"},
      {"the last day is the one of 23 hours", "Europe/London", "2026-01-01 12:00:00",
       "2026-03-28 12:00:00", 0, 1, "2026-03-29 23:00:00"},
      {"the last day is the one of 25 hours", "Europe/London", "2026-01-01 12:00:00",
       "2026-10-24 12:00:00", 0, 1, "2026-10-26 00:00:00"},
      {"active in the hour that comes twice", "Europe/London", "2026-01-01 12:00:00",
       "2026-10-25 01:30:00", 0, 1, "2026-10-27 00:00:00"},
      {"the midnight that ends it is skipped", "America/Sao_Paulo", "2018-01-01 12:00:00",
       "2018-11-02 12:00:00", 0, 1, "2018-11-04 03:00:00"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Program program = Idle(c.months, c.days);
    program.time_zone = Zone(c.zone);
    Lot lot;
    lot.earned_at = Utc(c.earned_at);
    SetExpiry(program.wallets[0], program.time_zone, lot);
    EXPECT_EQ(lot.expires_at, absl::InfiniteFuture());
    EXPECT_TRUE(ExpiresByInactivity(lot));
    std::optional<absl::Time> active_at;
    if (*c.active_at != '\0') active_at = Utc(c.active_at);
    EXPECT_EQ(ExpiryOf(lot, active_at, testing::CatalogOf(program)), Utc(c.expires_at));
  }
}

TEST(ExpiryOfTest, OtherLotsHaveADate) {
  Lot lot;
  lot.expires_at = Utc("2026-02-01 00:00:00");
  EXPECT_EQ(ExpiryOf(lot, Utc("2026-01-31 00:00:00"), {}), lot.expires_at);
}

TEST(ExpiryOfTest, IsTheEarlierWhereALotHasBoth) {
  Program program = Idle(18, 0);
  program.wallets[0].or_earlier = {{Expiry::Policy::kAfter, 48, 0, 0}};
  Lot lot;
  lot.earned_at = Utc("2024-02-29 12:00:00");
  SetExpiry(program.wallets[0], program.time_zone, lot);
  EXPECT_EQ(lot.expires_at, Utc("2028-03-01 00:00:00"));
  EXPECT_TRUE(ExpiresByInactivity(lot));
  struct Case {
    const char* active_at;
    const char* expires_at;
  };
  const Case cases[] = {
      {"2024-02-29 12:00:00", "2025-08-30 00:00:00"},
      {"2026-08-28 12:00:00", "2028-02-29 00:00:00"},
      {"2026-08-29 23:59:59", "2028-03-01 00:00:00"},
      {"2026-08-30 00:00:00", "2028-03-01 00:00:00"},
      {"2028-02-29 23:59:59", "2028-03-01 00:00:00"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ExpiryOf(lot, Utc(c.active_at), testing::CatalogOf(program)), Utc(c.expires_at))
        << c.active_at;
  }
}

// Points expire after 30 days without activity, from noon of 15 January on.
class InactivityTest : public ::testing::Test {
 protected:
  explicit InactivityTest(Program program = Idle(0, 30)) : life_(std::move(program)) {}

  static absl::Time Day(int day) { return Utc("2026-01-15 12:00:00") + absl::Hours(24 * day); }

  void Buy(int64_t points, int day, int recorded_day) {
    Purchase purchase = PurchaseOf({Line(points * 100)});
    purchase.purchase_id = absl::StrCat("p-", ++purchases_);
    ASSERT_TRUE(life_.Buy(std::move(purchase), Day(day), Day(recorded_day)).ok());
  }
  void Buy(int64_t points, int day) { Buy(points, day, day); }

  absl::Status Reserve(const std::string& id, int64_t points, int day, bool capture,
                       absl::Duration time_to_live = absl::Hours(24 * 60)) {
    ReservePoints reserve;
    reserve.member = life_.Me();
    reserve.reservation_id = id;
    reserve.wallet = "points";
    reserve.points = points;
    reserve.time_to_live = time_to_live;
    reserve.capture = capture;
    return life_.Do(std::move(reserve), Day(day)).status();
  }

  absl::Status Adjust(int64_t points, int day) {
    return life_.Do(AdjustPoints{life_.Me(), "points", points, "goodwill"}, Day(day)).status();
  }

  // The points that are available on a day, without looking in between.
  std::string BalanceOn(int day) const {
    Scenario later = life_;
    later.AdvanceTo(Day(day));
    return later.Balance();
  }

  Scenario life_;
  int purchases_ = 0;
};

TEST_F(InactivityTest, PointsLiveUntilThePeriodIsOver) {
  Buy(100, 0);
  EXPECT_EQ(BalanceOn(30), "0/100");
  EXPECT_EQ(BalanceOn(31), "0/0");
  life_.AdvanceTo(Day(40));
  ASSERT_EQ(life_.entries().size(), 2u);
  EXPECT_EQ(life_.entries()[1].kind, EntryKind::kExpire);
  EXPECT_EQ(life_.entries()[1].effective_at, Utc("2026-02-15 00:00:00"));
  EXPECT_EQ(life_.state().member.next_due_at, absl::InfiniteFuture());
}

TEST_F(InactivityTest, EveryActivityBeginsThePeriodAnewForAllPoints) {
  Buy(100, 0);
  Buy(1, 20);
  EXPECT_EQ(BalanceOn(50), "0/101");
  EXPECT_EQ(BalanceOn(51), "0/0");
  ASSERT_TRUE(Reserve("r-1", 10, 45, /*capture=*/true).ok());
  EXPECT_EQ(BalanceOn(75), "0/91");
  EXPECT_EQ(BalanceOn(76), "0/0");
  ASSERT_TRUE(Reserve("r-2", 10, 70, /*capture=*/false).ok());
  EXPECT_EQ(BalanceOn(100), "0/81");
  CapturePoints capture;
  capture.member = life_.Me();
  capture.reservation_id = "r-2";
  ASSERT_TRUE(life_.Do(capture, Day(90)).ok());
  EXPECT_EQ(BalanceOn(120), "0/81");
  EXPECT_EQ(BalanceOn(121), "0/0");
}

TEST_F(InactivityTest, WhatOthersDoIsNoActivity) {
  Buy(100, 0);
  ASSERT_TRUE(Adjust(50, 10).ok());
  ASSERT_TRUE(Adjust(-20, 11).ok());
  RecordReturn goods;
  goods.member = life_.Me();
  goods.return_id = "back";
  goods.purchase_id = "p-1";
  goods.amount_minor = 1'000;
  ASSERT_TRUE(life_.Do(goods, Day(12)).ok());
  ASSERT_TRUE(life_.Do(ConfirmPurchase{life_.Me(), "p-1"}, Day(13)).ok());
  ASSERT_TRUE(Reserve("r-1", 10, 14, /*capture=*/false).ok());
  VoidReservation release;
  release.member = life_.Me();
  release.reservation_id = "r-1";
  ASSERT_TRUE(life_.Do(release, Day(20)).ok());
  EXPECT_EQ(life_.state().member.last_activity_at, Day(14));
  EXPECT_EQ(life_.Balance(), "0/120");
  EXPECT_EQ(BalanceOn(44), "0/120");
  EXPECT_EQ(BalanceOn(45), "0/0");
}

// Goodwill to somebody who has been away for long would be gone before they saw it.
TEST_F(InactivityTest, ThePeriodBeginsWithTheEarningWhereThatIsLater) {
  Buy(100, 0);
  ASSERT_TRUE(Adjust(50, 300).ok());
  EXPECT_EQ(life_.Balance(), "0/50");
  EXPECT_EQ(BalanceOn(330), "0/50");
  EXPECT_EQ(BalanceOn(331), "0/0");
}

TEST_F(InactivityTest, ALatePurchaseMovesTheLastActivityForwardOnly) {
  Buy(100, 20);
  Buy(10, 5, 21);
  EXPECT_EQ(life_.state().member.last_activity_at, Day(20));
  EXPECT_EQ(BalanceOn(50), "0/110");
  EXPECT_EQ(BalanceOn(51), "0/0");
  Buy(1, 40, 45);
  EXPECT_EQ(life_.state().member.last_activity_at, Day(40));
  EXPECT_EQ(BalanceOn(70), "0/111");
  EXPECT_EQ(BalanceOn(71), "0/0");
}

// Whether anybody looked in between or not.
TEST_F(InactivityTest, ALatePurchaseBringsNothingBackThatHasExpired) {
  Buy(100, 0);
  Scenario looked = life_;
  looked.AdvanceTo(Day(35));
  Buy(10, 25, 40);
  EXPECT_EQ(life_.Balance(), "0/10");
  Purchase purchase = PurchaseOf({Line(1'000)});
  purchase.purchase_id = "p-2";
  ASSERT_TRUE(looked.Buy(purchase, Day(25), Day(40)).ok());
  EXPECT_EQ(looked.Balance(), "0/10");
  EXPECT_EQ(BalanceOn(55), "0/10");
  EXPECT_EQ(BalanceOn(56), "0/0");
}

TEST_F(InactivityTest, APurchaseThatArrivesAfterItsPeriodHasLivedItsLife) {
  Buy(100, 0, 100);
  EXPECT_EQ(life_.Balance(), "0/0");
  EXPECT_EQ(life_.entries().back().effective_at, Utc("2026-02-15 00:00:00"));
}

TEST_F(InactivityTest, HeldPointsComeBackToTheLotOfWhoIsActive) {
  Buy(100, 0);
  ASSERT_TRUE(Reserve("r-1", 40, 10, /*capture=*/false).ok());
  Buy(1, 35);
  // It lapses on day 70, and the period is over at the end of day 65.
  EXPECT_EQ(BalanceOn(65), "0/61");
  Scenario left_alone = life_;
  left_alone.AdvanceTo(Day(80));
  EXPECT_EQ(left_alone.Balance(), "0/0");
  EXPECT_EQ(left_alone.entries().back().kind, EntryKind::kExpire);
  EXPECT_EQ(left_alone.entries().back().effective_at, Day(70));
  Buy(1, 60);
  EXPECT_EQ(BalanceOn(80), "0/102");
}

// They do not depend on what the receiver does or leaves.
TEST_F(InactivityTest, PointsThatAreGivenAwayHaveADate) {
  Buy(100, 0);
  MemberState other;
  other.member.id = testing::MemberNumber(2);
  other.has_lots = true;
  TransferPoints transfer;
  transfer.member = life_.Me();
  transfer.to.id = other.member.id;
  transfer.transfer_id = "gift";
  transfer.wallet = "points";
  transfer.points = 40;
  const AliasOwners aliases;
  const State state{.member = &life_.state(), .aliases = &aliases, .other = &other};
  const auto decision = Decide({transfer, "app"}, state, life_.catalog(), Day(10));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->effects.member->last_activity_at, Day(10));
  const auto& lots = std::get<TransferOutcome>(decision->outcome).lots;
  ASSERT_EQ(lots.size(), 1u);
  EXPECT_EQ(lots[0].expires_at, Utc("2026-02-25 00:00:00"));
  Apply(decision->consequences.front().effects, other);
  EXPECT_EQ(other.member.last_activity_at, std::nullopt);
  EXPECT_EQ(other.member.next_due_at, lots[0].expires_at);
  ASSERT_EQ(other.lots.size(), 1u);
  EXPECT_FALSE(ExpiresByInactivity(other.lots[0]));
}

// Decided again from the log, everything comes out the same.
TEST_F(InactivityTest, AnAuditComesToTheSame) {
  Replay replay(life_.catalog());
  const EnrollMember enroll{life_.state().member.id, {}, {}, Day(0)};
  ASSERT_TRUE(replay.Step(testing::Recorded(enroll, Day(0))).ok());
  RecordPurchase record;
  record.member = life_.Me();
  record.purchase = PurchaseOf({Line(10'000)});
  record.purchase.purchase_id = "p-1";
  ASSERT_TRUE(replay.Step(testing::Recorded(record, Day(0))).ok());
  record.purchase.purchase_id = "p-2";
  ASSERT_TRUE(replay.Step(testing::Recorded(record, Day(25))).ok());
  EXPECT_EQ(replay.state().member.last_activity_at, Day(25));
  EXPECT_EQ(replay.state().member.next_due_at, Utc("2026-03-12 00:00:00"));
  StoredMember stored;
  stored.state = replay.state();
  stored.state.lots = replay.lots();
  stored.entries = replay.entries();
  EXPECT_TRUE(CheckReplay(stored, replay).empty());
  stored.state.member.last_activity_at = Day(24);
  EXPECT_EQ(CheckReplay(stored, replay).size(), 1u);
}

// Points that come back after their period are given five days of grace.
class MixedExpiryTest : public InactivityTest {
 protected:
  static Program Mixed() {
    Program program = Idle(0, 30);
    program.wallets[0].grace_days = 5;
    return program;
  }
  MixedExpiryTest() : InactivityTest(Mixed()) {}
};

// The 40 points come back too late and have a date then: they are spent first.
TEST_F(MixedExpiryTest, GraceGivesADate) {
  Buy(100, 0);
  ASSERT_TRUE(Reserve("r-1", 40, 0, /*capture=*/false, absl::Hours(24 * 31)).ok());
  ASSERT_TRUE(Adjust(7, 30).ok());
  life_.AdvanceTo(Day(32));
  EXPECT_EQ(life_.Balance(), "0/47");
  EXPECT_EQ(BalanceOn(36), "0/47");
  EXPECT_EQ(BalanceOn(37), "0/7");
  ASSERT_TRUE(Reserve("r-2", 41, 33, /*capture=*/true).ok());
  EXPECT_EQ(life_.Balance(), "0/6");
  EXPECT_EQ(BalanceOn(63), "0/6");
  EXPECT_EQ(BalanceOn(64), "0/0");
}

// Points expire after 30 days without activity, and after 40 days whatever happens.
class IdleOrOldTest : public InactivityTest {
 protected:
  static Program Either() {
    Program program = Idle(0, 30);
    program.wallets[0].or_earlier = {{Expiry::Policy::kAfter, 0, 40, 0}};
    program.wallets[0].grace_days = 5;
    return program;
  }
  IdleOrOldTest() : InactivityTest(Either()) {}
};

TEST_F(IdleOrOldTest, WhoDoesNothingLosesThemByInactivity) {
  Buy(100, 0);
  EXPECT_EQ(BalanceOn(30), "0/100");
  EXPECT_EQ(BalanceOn(31), "0/0");
}

TEST_F(IdleOrOldTest, WhoIsActiveLosesThemOnTheirDay) {
  Buy(100, 0);
  Buy(10, 20);
  EXPECT_EQ(BalanceOn(40), "0/110");
  EXPECT_EQ(BalanceOn(41), "0/10");
  EXPECT_EQ(BalanceOn(50), "0/10");
  EXPECT_EQ(BalanceOn(51), "0/0");
}

// Of both lots inactivity comes last: their dates decide which is spent, as they expire.
TEST_F(IdleOrOldTest, WhatExpiresFirstIsSpentFirst) {
  Buy(100, 0);
  Buy(10, 20);
  ASSERT_TRUE(Reserve("r-1", 50, 39, /*capture=*/true).ok());
  EXPECT_EQ(BalanceOn(41), "0/10") << "50 of the older ones were left to expire";
}

// Each of both ends a reservation of points that are over, and grace takes the place of both.
TEST_F(IdleOrOldTest, GraceTakesThePlaceOfBoth) {
  Buy(100, 0);
  ASSERT_TRUE(Reserve("r-1", 40, 20, /*capture=*/false, absl::Hours(24 * 21)).ok());
  life_.AdvanceTo(Day(42));
  EXPECT_EQ(life_.Balance(), "0/40");
  ASSERT_EQ(life_.state().lots.size(), 1u);
  EXPECT_FALSE(ExpiresByInactivity(life_.state().lots[0]));
  EXPECT_EQ(BalanceOn(46), "0/40");
  EXPECT_EQ(BalanceOn(47), "0/0");
}

// A purchase that arrived late has the earlier date, so that its lot is stored first; inactivity
// ends both lots at one moment. The first to be opened is the first to go, as where lots have
// no date: which of them repays the debt of another in a household depends on it.
TEST(TimelineTest, OfLotsThatEndAtOneMomentTheFirstOpenedComesFirst) {
  const absl::Time at = Utc("2026-02-11 00:00:00");
  Timeline timeline;
  timeline.push({at, Due::kExpire, false, /*index=*/0, /*lot=*/7});
  timeline.push({at, Due::kExpire, false, /*index=*/1, /*lot=*/3});
  timeline.push({at, Due::kExpire, true, /*index=*/2, /*lot=*/1});
  timeline.push({at, Due::kMature, true, /*index=*/3, /*lot=*/9});
  std::vector<int64_t> lots;
  for (; !timeline.empty(); timeline.pop()) lots.push_back(timeline.top().lot);
  EXPECT_THAT(lots, ::testing::ElementsAre(9, 3, 7, 1));
}

TEST_F(IdleOrOldTest, WhatIsGivenAwayHasTheEarlierDate) {
  Buy(100, 0);
  Scenario other(Either(), 2);
  const auto given =
      life_.DoWith(other, TransferPoints{life_.Me(), other.Me(), "t-1", "points", 60}, Day(20));
  ASSERT_TRUE(given.ok()) << given.status();
  ASSERT_EQ(other.state().lots.size(), 1u);
  EXPECT_EQ(other.state().lots[0].expires_at, Utc("2026-02-25 00:00:00"));
}

// What was earned under a version of the program keeps its rule under the next.
TEST(InactivityVersionsTest, ALotKeepsTheRuleThatItWasEarnedUnder) {
  ProgramCatalog catalog = testing::CatalogOf(Idle(0, 30));
  const absl::Time change = Utc("2026-02-01 00:00:00");
  catalog.Add({2, change, change, "", std::make_shared<const Program>(SimpleProgram())});
  Lot lot;
  lot.earned_at = Utc("2026-01-15 12:00:00");
  SetExpiry(catalog.At(lot.earned_at)->program->wallets[0], absl::UTCTimeZone(), lot);
  EXPECT_EQ(ExpiryOf(lot, Utc("2026-06-01 12:00:00"), catalog), Utc("2026-07-02 00:00:00"));
}

}  // namespace
}  // namespace dangol::domain
