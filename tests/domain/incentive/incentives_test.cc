// What goes wrong with incentives elsewhere, as stories of one member.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "server/domain/incentive/continuity.h"
#include "tests/domain/incentive/shopper.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Utc;

Incentive TenthFree(int64_t places = 10) { return IncentiveOf(PunchCard{.places = places}); }

std::string Day(int day) { return absl::StrCat("2026-01-", day < 10 ? "0" : "", day); }

// Ten receipts, the award is spent, the fourth comes back, an eleventh is bought: one award in
// all, and no debt is left. Under every policy.
TEST(IncentivesTest, AnAwardThatFellStandsAgainAndIsNoSecondOne) {
  for (const DebtPolicy policy : {DebtPolicy::kAllowDebt, DebtPolicy::kWriteOff}) {
    Program program = ProgramWith({TenthFree()});
    program.debt_policy = policy;
    Shopper member(program);
    std::vector<std::string> receipts;
    for (int day = 1; day <= 10; ++day) receipts.push_back(member.Shop({Day(day)}));
    EXPECT_EQ(member.Balance(), "0/1000");
    ASSERT_TRUE(member.Spend(1'000, "2026-01-11").ok());
    ASSERT_TRUE(member.BringBack(receipts[3], "2026-01-12").ok());
    EXPECT_EQ(member.Balance(), policy == DebtPolicy::kAllowDebt ? "0/-1000" : "0/0");
    EXPECT_EQ(member.Awards(), "");
    EXPECT_EQ(member.state().member.fallen_awards, 1);
    member.Shop({"2026-01-13"});
    EXPECT_EQ(member.Balance(), "0/0");
    EXPECT_EQ(member.Awards(), "2026-01-13");
    EXPECT_EQ(member.state().member.fallen_awards, 0);
    EXPECT_EQ(member.state().awards.size(), 1);
  }
}

TEST(IncentivesTest, WherePointsMustBeThereTheReturnIsRefused) {
  Program program = ProgramWith({TenthFree(2)});
  program.debt_policy = DebtPolicy::kReject;
  Shopper member(program);
  const std::string first = member.Shop({Day(1)});
  member.Shop({Day(2)});
  ASSERT_TRUE(member.Spend(1, Day(3)).ok());
  EXPECT_FALSE(member.BringBack(first, Day(4)).ok());
  EXPECT_EQ(member.Balance(), "0/999");
}

// What was given up is not given again, however often goods go to and fro.
TEST(IncentivesTest, GivingUpIsNoPump) {
  Program program = ProgramWith({TenthFree(1)});
  program.debt_policy = DebtPolicy::kWriteOff;
  Shopper member(program);
  int64_t spent = 0;
  for (int day = 1; day <= 9; ++day) {
    const std::string receipt = member.Shop({Day(day)});
    if (member.Spend(1'000, Day(day)).ok()) spent += 1'000;
    ASSERT_TRUE(member.BringBack(receipt, Day(day + 1)).ok());
  }
  EXPECT_EQ(spent, 1'000);
}

TEST(IncentivesTest, SomePartOfAReceiptThatIsLeftIsAVisit) {
  Shopper member(ProgramWith({TenthFree(2)}));
  const std::string first = member.Shop({Day(1), 4'000, "coffee", 4});
  member.Shop({Day(2)});
  RecordReturn back;
  back.member = member.Me();
  back.return_id = "part";
  back.purchase_id = first;
  back.lines = {{0, "", 3}};
  ASSERT_TRUE(member.Do(back, TimeOf(Day(3))).ok());
  EXPECT_EQ(member.Awards(), Day(2));
  ASSERT_TRUE(member.BringBack(first, Day(4)).ok());
  EXPECT_EQ(member.Awards(), "");
}

TEST(IncentivesTest, ALateReceiptThatFillsTheSilenceTakesTheWinBackAway) {
  Incentive win_back = IncentiveOf(WinBack{.days = 90});
  win_back.when.categories = {"coffee"};
  Shopper member(ProgramWith({win_back}));
  member.Shop({"2026-01-01"});
  member.Shop({"2026-05-01"});
  EXPECT_EQ(member.Awards(), "2026-05-01");
  member.Shop({"2026-03-01", 1'000, "newspaper"}, "2026-05-02");
  EXPECT_EQ(member.Awards(), "");
  EXPECT_EQ(member.Balance(), "0/0");
}

TEST(IncentivesTest, AStreakIsMendedAndDatedByWhenItWasComplete) {
  Shopper member(ProgramWith({IncentiveOf(Streak{.length = 3})}));
  member.Shop({"2026-01-05"});
  member.Shop({"2026-01-19"});
  EXPECT_EQ(member.Awards(), "");
  member.Shop({"2026-01-12"}, "2026-01-20");
  EXPECT_EQ(member.Awards(), "2026-01-19");
}

TEST(IncentivesTest, OnlyGoodsThatQualifyCount) {
  Incentive coffee = TenthFree(1);
  coffee.when.categories = {"coffee"};
  Program program = ProgramWith({coffee});
  program.excluded_skus = {"voucher"};
  Shopper member(program);
  member.Shop({Day(1), 1'000, "tea"});
  EXPECT_EQ(member.Awards(), "");
  Purchase voucher = testing::PurchaseOf({testing::Line(1'000, "coffee")});
  voucher.purchase_id = "voucher";
  voucher.lines[0].sku = "voucher";
  ASSERT_TRUE(member.Buy(voucher, TimeOf(Day(2)), TimeOf(Day(2))).ok());
  EXPECT_EQ(member.Awards(), "");
  member.Shop({Day(3)});
  EXPECT_EQ(member.Awards(), Day(3));
}

// The cup that is free stamps nothing, the one that is paid for beside it does.
TEST(IncentivesTest, WhatIsFreeStampsNothing) {
  Shopper member(ProgramWith({IncentiveOf(PunchCard{.per = PunchCard::Per::kPiece, .places = 2})}));
  Purchase purchase = testing::PurchaseOf({testing::Line(1'000), testing::Line(0)});
  purchase.purchase_id = "cups";
  ASSERT_TRUE(member.Buy(purchase, TimeOf(Day(1)), TimeOf(Day(1))).ok());
  EXPECT_EQ(member.Awards(), "");
  member.Shop({Day(2)});
  EXPECT_EQ(member.Awards(), Day(2));
}

TEST(IncentivesTest, PaidWithPointsCountsOrNotAsDeclared) {
  for (const bool without_points : {false, true}) {
    Incentive milestone = IncentiveOf(SpendMilestone{.minor = 1'000});
    milestone.when.basket_without_points = without_points;
    Shopper member(ProgramWith({milestone}));
    Purchase purchase = testing::PurchaseOf({testing::Line(1'000)});
    purchase.purchase_id = "p";
    purchase.paid_with_points_minor = 1;
    ASSERT_TRUE(member.Buy(purchase, TimeOf(Day(1)), TimeOf(Day(1))).ok());
    EXPECT_EQ(member.Awards(), without_points ? "" : Day(1));
  }
}

TEST(IncentivesTest, ABudgetIsDrawnToTheLastPoint) {
  Incentive card = TenthFree(1);
  card.budget = 2'500;
  Shopper member(ProgramWith({card}));
  for (int day = 1; day <= 5; ++day) member.Shop({Day(day)});
  EXPECT_EQ(member.Balance(), "0/2500");
  EXPECT_EQ(UsedOf(&member.counters(), BudgetCounter("incentive:card")), 2'500);
}

TEST(IncentivesTest, WhatStandsAgainDrawsOnTheBudgetOnce) {
  Incentive card = TenthFree(1);
  card.budget = 1'000;
  Shopper member(ProgramWith({card}));
  ASSERT_TRUE(member.BringBack(member.Shop({Day(1)}), Day(2)).ok());
  EXPECT_EQ(member.Balance(), "0/0");
  member.Shop({Day(3)});
  EXPECT_EQ(member.Balance(), "0/1000");
  EXPECT_EQ(UsedOf(&member.counters(), BudgetCounter("incentive:card")), 1'000);
}

TEST(IncentivesTest, OneMemberHasNoMoreThanTheirLimits) {
  Incentive card = IncentiveOf(PunchCard{.per = PunchCard::Per::kPiece, .places = 1});
  card.member_max = 5;
  card.member_daily_max = 2;
  Shopper member(ProgramWith({card}));
  for (int day = 1; day <= 4; ++day) member.Shop({Day(day), 9'000, "coffee", 9});
  EXPECT_EQ(member.Balance(), "0/5000");
  EXPECT_EQ(member.Awards(), "2026-01-01 2026-01-01 2026-01-02 2026-01-02 2026-01-03");
}

TEST(IncentivesTest, OfAGroupTheFirstByPriorityIsGiven) {
  Incentive small = TenthFree(1);
  Incentive large = TenthFree(2);
  large.id = "large";
  large.reward.points = 5'000;
  small.group = large.group = "coffee";
  large.priority = 1;
  Shopper member(ProgramWith({small, large}));
  member.Shop({Day(1)});
  EXPECT_EQ(member.Balance(), "0/1000");
  member.Shop({Day(2)});
  EXPECT_EQ(member.Balance(), "0/6000");
}

TEST(IncentivesTest, AnAwardHasItsOwnExpiry) {
  Incentive card = TenthFree(1);
  card.reward.expiry_days = 30;
  Shopper member(ProgramWith({card}));
  const std::string receipt = member.Shop({Day(1)});
  member.AdvanceTo(Utc("2026-01-31 23:59:59"));
  EXPECT_EQ(member.Balance(), "0/1000");
  member.AdvanceTo(Utc("2026-02-01 00:00:00"));
  EXPECT_EQ(member.Balance(), "0/0");
  // What has expired is not owed.
  ASSERT_TRUE(member.BringBack(receipt, "2026-02-02").ok());
  EXPECT_EQ(member.Balance(), "0/0");
}

// A card that is half full when a version begins goes on under its terms.
TEST(IncentivesTest, AHalfFullCardGoesOnUnderANewVersion) {
  Shopper member(ProgramWith({TenthFree(10)}));
  for (int day = 1; day <= 7; ++day) member.Shop({Day(day)});
  member.Activate(ProgramWith({TenthFree(5)}), Utc("2026-01-08 00:00:00"));
  EXPECT_EQ(member.Awards(), "");
  member.Shop({Day(8)});
  EXPECT_EQ(member.Awards(), Day(8));
  for (int day = 9; day <= 10; ++day) member.Shop({Day(day)});
  EXPECT_EQ(member.Awards(), "2026-01-08 2026-01-10");
}

TEST(IncentivesTest, WhatEndsWithAVersionStaysGiven) {
  Shopper member(ProgramWith({TenthFree(2)}));
  for (int day = 1; day <= 3; ++day) member.Shop({Day(day)});
  member.Activate(ProgramWith({}), Utc("2026-01-04 00:00:00"));
  const std::string receipt = member.Shop({Day(4)});
  EXPECT_EQ(member.Awards(), Day(2));
  ASSERT_TRUE(member.BringBack(receipt, Day(5)).ok());
  EXPECT_EQ(member.Awards(), Day(2));
  EXPECT_EQ(member.Balance(), "0/1000");
}

TEST(IncentivesTest, BeforeItsFirstDayAndAfterItsLastNothingCounts) {
  Incentive card = TenthFree(1);
  card.when.first_day = absl::CivilDay(2026, 1, 2);
  card.when.last_day = absl::CivilDay(2026, 1, 3);
  Shopper member(ProgramWith({card}));
  for (int day = 1; day <= 4; ++day) member.Shop({Day(day)});
  EXPECT_EQ(member.Awards(), "2026-01-02 2026-01-03");
}

// Whose tier rises by a purchase is in its audience from the next day on.
TEST(IncentivesTest, AnAudienceIsAsTheDayBegan) {
  Incentive card = TenthFree(1);
  card.tiers = {{"main", "silver"}};
  Program program = ProgramWith({card});
  Ladder ladder;
  ladder.id = ladder.name = "main";
  ladder.qualification.months = 12;
  ladder.tiers.resize(2);
  ladder.tiers[0].id = "bronze";
  ladder.tiers[1].id = "silver";
  ladder.tiers[1].reach.items = ladder.tiers[1].keep.items = {{Indicator::kPurchases, "", 2}};
  program.ladders = {ladder};
  Shopper member(program);
  for (int day = 1; day <= 3; ++day) member.Shop({Day(day)});
  EXPECT_EQ(member.Awards(), Day(3));
  // A receipt of the second that arrives now makes the first two days the beginning of silver.
  member.Shop({"2026-01-01 18:00:00"}, Day(4));
  EXPECT_EQ(member.Awards(), "2026-01-02 2026-01-03");
}

TEST(IncentivesTest, AnAttributeCountsAsItWasWhenThePurchaseWasRecorded) {
  Incentive card = TenthFree(1);
  card.when.attributes = {{"club", "yes"}};
  Shopper member(ProgramWith({card}));
  member.Shop({Day(1)});
  EXPECT_EQ(member.Awards(), "");
  member.state().member.attributes = {{"club", "yes"}};
  const std::string receipt = member.Shop({Day(2)});
  EXPECT_EQ(member.Awards(), Day(2));
  member.state().member.attributes.clear();
  member.Shop({Day(3)});
  EXPECT_EQ(member.Awards(), Day(2));
  ASSERT_TRUE(member.BringBack(receipt, Day(4)).ok());
  EXPECT_EQ(member.Awards(), "");
}

TEST(IncentivesTest, WhoIsSuspendedCollectsNothing) {
  Shopper member(ProgramWith({TenthFree(1)}));
  member.state().member.status = MemberStatus::kSuspended;
  member.Shop({Day(1)});
  EXPECT_EQ(member.Awards(), "");
}

// Base rules give a point for each cent.
Program WithBoost(Boost boost) {
  Incentive card = IncentiveOf(PunchCard{.places = 2});
  card.reward.points = 0;
  card.boost = boost;
  Program program = ProgramWith({card});
  program.earning_rules = {testing::BaseRule("base", 1, 1)};
  return program;
}

TEST(IncentivesTest, ABoostIsOfWhatTheDayEarnsAndFollowsIt) {
  Shopper member(WithBoost({.percent = 50}));
  member.Shop({Day(1), 100});
  EXPECT_EQ(member.Balance(), "0/100");
  const std::string second = member.Shop({Day(2), 200, "coffee", 2});
  EXPECT_EQ(member.Balance(), "0/400");
  // What is bought on the same day later is of the day, too.
  member.Shop({"2026-01-02 18:00:00", 40});
  EXPECT_EQ(member.Balance(), "0/460");
  RecordReturn back;
  back.member = member.Me();
  back.return_id = "half";
  back.purchase_id = second;
  back.lines = {{0, "", 1}};
  ASSERT_TRUE(member.Do(back, TimeOf(Day(3))).ok());
  EXPECT_EQ(member.Balance(), "0/310");
  EXPECT_EQ(member.Awards(), Day(2));
}

TEST(IncentivesTest, ABoostOfTheNextPurchaseWaitsForIt) {
  Shopper member(WithBoost({.percent = 100, .of_next = true}));
  member.Shop({Day(1), 100});
  member.Shop({Day(2), 200});
  EXPECT_EQ(member.Balance(), "0/300");
  const std::string next = member.Shop({Day(5), 1'000});
  EXPECT_EQ(member.Balance(), "0/2300");
  EXPECT_EQ(member.Awards(), Day(5));
  // It waits again.
  ASSERT_TRUE(member.BringBack(next, Day(6)).ok());
  EXPECT_EQ(member.Balance(), "0/300");
  member.Shop({Day(7), 10});
  EXPECT_EQ(member.Balance(), "0/320");
}

// Bought, brought back and undone again and again, with what is gone written off.
TEST(IncentivesTest, ABoostThatFollowsReturnsIsNoPump) {
  Program program = WithBoost({.percent = 100});
  std::get<PunchCard>(program.incentives[0].kind).places = 1;
  program.earning_rules[0].wallet = 0;
  program.debt_policy = DebtPolicy::kWriteOff;
  Shopper member(program);
  const std::string receipt = member.Shop({Day(1), 100, "coffee", 2});
  EXPECT_EQ(member.Balance(), "0/200");
  ASSERT_TRUE(member.Spend(200, Day(1)).ok());
  for (int round = 1; round <= 3; ++round) {
    RecordReturn half;
    half.member = member.Me();
    half.return_id = absl::StrCat("r-", round);
    half.purchase_id = receipt;
    half.lines = {{0, "", 1}};
    ASSERT_TRUE(member.Do(half, TimeOf(Day(2))).ok());
    EXPECT_EQ(member.Balance(), "0/0");
    ASSERT_TRUE(member.Undo(round, Day(3)).ok());
    EXPECT_EQ(member.Balance(), "0/0");
  }
}

TEST(IncentivesTest, ABoostAsksForWhatItIsShortOfAndNoMore) {
  Program program = WithBoost({.percent = 100});
  std::get<PunchCard>(program.incentives[0].kind).places = 1;
  program.debt_policy = DebtPolicy::kReject;
  Shopper member(program);
  const std::string receipt = member.Shop({Day(1), 100, "coffee", 2});
  ASSERT_TRUE(member.Spend(80, Day(1)).ok());
  RecordReturn half;
  half.member = member.Me();
  half.return_id = "half";
  half.purchase_id = receipt;
  half.lines = {{0, "", 1}};
  ASSERT_TRUE(member.Do(half, TimeOf(Day(2))).ok());
  EXPECT_EQ(member.Balance(), "0/20");
}

// What found no budget falls with its own day, and takes no other award along.
TEST(IncentivesTest, WhatWasNeverGivenTakesNothingBack) {
  Incentive card = TenthFree(1);
  card.budget = 1'000;
  Shopper member(ProgramWith({card}));
  member.Shop({Day(1)});
  const std::string second = member.Shop({Day(2)});
  EXPECT_EQ(member.Balance(), "0/1000");
  ASSERT_TRUE(member.BringBack(second, Day(3)).ok());
  EXPECT_EQ(member.Balance(), "0/1000");
}

// The wallet of an award that fell and stands again after its time is sound.
TEST(IncentivesTest, WhatStandsAgainLastsFromItsNewDayOn) {
  Incentive card = TenthFree(2);
  card.reward.expiry_days = 30;
  Shopper member(ProgramWith({card}));
  const std::string first = member.Shop({Day(1)});
  member.Shop({Day(2)});
  ASSERT_TRUE(member.BringBack(first, Day(10)).ok());
  member.Shop({"2026-03-01"});
  EXPECT_EQ(member.Balance(), "0/1000");
  ASSERT_TRUE(member.Spend(100, "2026-03-02").ok());
  member.AdvanceTo(Utc("2026-03-31 23:59:59"));
  EXPECT_EQ(member.Balance(), "0/900");
  member.AdvanceTo(Utc("2026-04-01 00:00:00"));
  EXPECT_EQ(member.Balance(), "0/0");
}

// Spent in time, it is owed when the goods come back, whatever its time was.
TEST(IncentivesTest, WhatWasSpentIsOwedAfterItsTimeToo) {
  Incentive card = TenthFree(1);
  card.reward.expiry_days = 1;
  Shopper member(ProgramWith({card}));
  const std::string receipt = member.Shop({Day(1)});
  ASSERT_TRUE(member.Spend(1'000, Day(1)).ok());
  ASSERT_TRUE(member.BringBack(receipt, Day(9)).ok());
  EXPECT_EQ(member.Balance(), "0/-1000");
}

TEST(IncentivesTest, WhatHadExpiredBeforeItBecameKnownIsNotOwed) {
  Program program = ProgramWith({TenthFree(1)});
  program.wallets[0].expiry = {Expiry::Policy::kInactivity, 0, 30};
  Shopper member(program);
  const std::string late = member.Shop({"2026-01-01"}, "2026-04-01");
  EXPECT_EQ(member.Balance(), "0/0");
  ASSERT_TRUE(member.BringBack(late, "2026-04-02").ok());
  EXPECT_EQ(member.Balance(), "0/0");
}

// A fact that has happened is recorded, whatever it takes back.
TEST(IncentivesTest, ALateReceiptIsRecordedWhereDebtsAreRejected) {
  Program program = ProgramWith({IncentiveOf(WinBack{.days = 90})});
  program.debt_policy = DebtPolicy::kReject;
  Shopper member(program);
  member.Shop({"2026-01-01"});
  member.Shop({"2026-05-01"});
  ASSERT_TRUE(member.Spend(1'000, "2026-05-01").ok());
  member.Shop({"2026-03-01"}, "2026-05-02");
  EXPECT_EQ(member.Balance(), "0/-1000");
}

TEST(IncentivesTest, AMillionPiecesAreNoMillionAwards) {
  Shopper member(ProgramWith({IncentiveOf(PunchCard{.per = PunchCard::Per::kPiece, .places = 1})}));
  member.Shop({Day(1), 1'000'000, "rice", 1'000'000});
  EXPECT_EQ(member.Balance(), absl::StrCat("0/", 1'000 * kAward));
}

// A till whose clock is ahead has sold the tenth coffee tomorrow; then one is sold today.
TEST(IncentivesTest, ATillThatIsAheadOfMidnightGivesNoSecondAward) {
  Shopper member(ProgramWith({TenthFree(2)}));
  member.Shop({"2026-01-01 20:00:00"});
  member.Shop({"2026-01-02 00:00:20"}, "2026-01-01 23:59:30");
  EXPECT_EQ(member.Awards(), "2026-01-02");
  member.Shop({"2026-01-01 23:59:40"}, "2026-01-01 23:59:40");
  EXPECT_EQ(member.Awards(), "2026-01-01");
  EXPECT_EQ(member.Balance(), "0/1000");
}

// Day after day for four years: old days are not summed up under a streak.
TEST(IncentivesTest, AStreakOfYearsKeepsItsStep) {
  Shopper member(ProgramWith({IncentiveOf(Streak{.length = 4})}));
  absl::CivilDay monday(2020, 1, 6);
  for (int week = 0; week < 220; ++week, monday += 7) {
    member.Shop({absl::FormatCivilTime(monday)});
  }
  EXPECT_EQ(member.Balance(), absl::StrCat("0/", 55 * kAward));
}

// What changes an award of its own day needs all of them.
TEST(IncentivesTest, WhereAPurchaseInTimeMayChangeAnAwardTheLotsAreLoaded) {
  RecordPurchase record;
  record.purchase = testing::PurchaseOf({testing::Line(100)});
  const Command command{record, "till"};
  const absl::Time now = TimeOf(Day(1));
  const auto needs_lots = [&](const Program& program) {
    return ReadsOf(command, testing::CatalogOf(program), now).needs.lots;
  };
  EXPECT_FALSE(needs_lots(ProgramWith({TenthFree()})));
  EXPECT_TRUE(needs_lots(WithBoost({})));
  Incentive grouped = TenthFree();
  grouped.group = "coffee";
  EXPECT_TRUE(needs_lots(ProgramWith({grouped})));
}

TEST(IncentivesTest, AnIdGoesOnCountingTheSame) {
  const ProgramCatalog catalog = testing::CatalogOf(ProgramWith({TenthFree(10)}));
  const auto check = [&](Incentive next) {
    return CheckIncentivesGoOn(ProgramWith({std::move(next)}), catalog).code();
  };
  EXPECT_EQ(check(TenthFree(5)), absl::StatusCode::kOk);
  EXPECT_EQ(check(IncentiveOf(PunchCard{.per = PunchCard::Per::kPiece, .places = 10})),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(check(IncentiveOf(WinBack{.days = 10})), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(check(IncentiveOf(PunchCard{.places = 10}, {.kind = IncentiveWindow::Kind::kMonth})),
            absl::StatusCode::kFailedPrecondition);
}

TEST(IncentivesTest, ADeclaredActivityIsEngagement) {
  Incentive reviews = IncentiveOf(Engagement{.activity = "review", .times = 2});
  Program program = ProgramWith({reviews});
  program.activities = {{"review", /*daily_cap=*/1}};
  Shopper member(program);
  const auto review = [&](const std::string& id, const std::string& at) {
    RecordActivity record;
    record.member = member.Me();
    record.activity.activity_id = id;
    record.activity.kind = "review";
    record.occurred_at = TimeOf(at);
    return member.Do(record, TimeOf(at)).status();
  };
  ASSERT_TRUE(review("a", Day(1)).ok());
  ASSERT_TRUE(review("b", Day(1)).ok());
  EXPECT_EQ(member.Awards(), "");
  ASSERT_TRUE(review("c", Day(2)).ok());
  EXPECT_EQ(member.Awards(), Day(2));
  UndoActivity undo;
  undo.member = member.Me();
  undo.activity_id = "c";
  ASSERT_TRUE(member.Do(undo, TimeOf(Day(3))).ok());
  EXPECT_EQ(member.Awards(), "");
  EXPECT_EQ(member.Balance(), "0/0");
}

}  // namespace
}  // namespace dangol::domain
