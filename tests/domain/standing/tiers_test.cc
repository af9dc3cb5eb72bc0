// What goes wrong with tiers elsewhere, as stories of one member.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

using Kind = TierOverride::Kind;
using ::dangol::testing::Utc;

// A program where silver earns twice as much.
Program WithDoubleSilver() {
  Program program = ProgramWith(MetalLadder());
  Multiplier twice = testing::MultiplierRule("silver-twice", 2, 1);
  twice.when.tiers = {{"main", "silver"}};
  program.multipliers = {twice};
  return program;
}

Ladder WithGift(Ladder ladder, int64_t points) {
  ladder.tiers[1].gift = EntryGift{0, points};
  return ladder;
}

TEST(TiersTest, TheLowestTierIsEverybodys) {
  Climber member(ProgramWith(MetalLadder()));
  EXPECT_EQ(member.TierAt("2026-01-15 12:00:00"), "bronze");
  EXPECT_EQ(member.Status("2026-01-15 12:00:00").next.id, "silver");
  EXPECT_EQ(member.Status("2026-01-15 12:00:00").next_criteria[0].threshold, 10'000);
}

TEST(TiersTest, WithoutATierForEverybodySomeHaveNone) {
  Ladder ladder = MetalLadder();
  ladder.tiers.erase(ladder.tiers.begin());
  Climber member(ProgramWith(ladder));
  EXPECT_EQ(member.TierAt("2026-01-15 12:00:00"), "");
  member.Spend(10'000, "2026-01-15 12:00:00");
  EXPECT_EQ(member.TierAt("2026-01-15 12:00:00"), "silver");
}

TEST(TiersTest, ExactlyOnTheBoundaryIsReachedOneBelowIsNot) {
  Climber below(ProgramWith(MetalLadder()));
  below.Spend(9'999, "2026-01-15 12:00:00");
  EXPECT_EQ(below.TierAt("2026-01-15 12:00:00"), "bronze");
  EXPECT_EQ(below.Status("2026-01-15 12:00:00").next_criteria[0].value, 9'999);
  below.Spend(1, "2026-01-15 13:00:00");
  EXPECT_EQ(below.TierAt("2026-01-15 13:00:00"), "silver");
}

TEST(TiersTest, ThePurchaseThatCrossesEarnsAtTheOldTierAndMaySkipOne) {
  Climber member(WithDoubleSilver());
  const PurchaseOutcome crossing = member.Spend(10'000, "2026-01-15 12:00:00");
  EXPECT_EQ(crossing.earned[0].points, 100);
  ASSERT_EQ(crossing.tiers.size(), 1);
  EXPECT_EQ(crossing.tiers[0].before.id, "bronze");
  EXPECT_EQ(crossing.tiers[0].after.id, "silver");
  EXPECT_EQ(crossing.tiers[0].next.id, "gold");
  EXPECT_EQ(crossing.tiers[0].next_criteria[0].threshold - crossing.tiers[0].next_criteria[0].value,
            40'000);
  EXPECT_EQ(member.Spend(10'000, "2026-01-15 13:00:00").earned[0].points, 200);

  Climber skipping(ProgramWith(MetalLadder()));
  EXPECT_EQ(skipping.Spend(50'000, "2026-01-15 12:00:00").tiers[0].after.id, "gold");
}

// What is bought before comes late: it has the rate of its own day as it is known by then.
TEST(TiersTest, ALatePurchaseHasTheTierOfItsDay) {
  Climber member(WithDoubleSilver());
  member.Spend(10'000, "2026-02-15 12:00:00");
  EXPECT_EQ(member.Spend(1'000, "2026-01-15 12:00:00", "2026-02-16 12:00:00").earned[0].points, 10);
  EXPECT_EQ(member.Spend(1'000, "2026-02-16 12:00:00", "2026-02-17 12:00:00").earned[0].points, 20);
}

TEST(TiersTest, ValidUntilTheLastDayIncluded) {
  Climber member(ProgramWith(MetalLadder()));
  member.Spend(10'000, "2025-03-03 12:00:00");
  EXPECT_EQ(member.TierAt("2026-03-03 23:59:59"), "silver");
  EXPECT_EQ(member.TierAt("2026-03-04 00:00:00"), "bronze");
  EXPECT_EQ(member.History("2026-03-04 00:00:00"),
            "2025-03-03 silver REACHED until 2026-03-03; 2026-03-04 bronze FELL; ");
}

TEST(TiersTest, WhoHasEnoughInTheWindowKeepsItWhateverTheWindowWasBefore) {
  Climber member(ProgramWith(MetalLadder()));
  member.Spend(10'000, "2025-03-03 12:00:00");
  member.Spend(10'000, "2026-03-03 12:00:00");
  EXPECT_EQ(
      member.History("2026-03-05 00:00:00"),
      "2025-03-03 silver REACHED until 2026-03-03; 2026-03-04 silver KEPT until 2027-03-03; ");
}

TEST(TiersTest, BetweenReviewsNothingFalls) {
  Ladder ladder = MetalLadder();
  ladder.qualification = {};
  ladder.qualification.days = 30;
  Climber member(ProgramWith(ladder));
  member.Spend(10'000, "2026-01-15 12:00:00");
  const TierStatus status = member.Status("2026-06-15 12:00:00");
  EXPECT_EQ(status.tier.id, "silver");
  EXPECT_EQ(status.criteria[0].value, 0);
  EXPECT_TRUE(status.review.at_risk);
  EXPECT_EQ(status.review.tier.id, "bronze");
}

// Of twelve months that end with 31 December the first day is 1 January.
TEST(TiersTest, TheEdgeOfTwelveMonthsThatEndWithTheYear) {
  Ladder ladder = MetalLadder();
  ladder.validity = {};
  ladder.validity.policy = Validity::Policy::kCalendarYear;
  for (const auto& [first, tier] :
       {std::pair("2025-01-01 00:00:00", "silver"), std::pair("2024-12-31 23:59:59", "bronze")}) {
    Climber member(ProgramWith(ladder));
    member.Spend(9'000, first);
    member.Spend(1'000, "2025-06-01 12:00:00");
    EXPECT_EQ(member.TierAt("2025-06-01 12:00:00"), "silver");
    EXPECT_EQ(member.TierAt("2026-01-01 00:00:00"), tier) << first;
  }
}

TEST(TiersTest, OneStepForEachReviewAndNotForEachLook) {
  Ladder ladder = MetalLadder();
  ladder.fall = Fall::kOneStep;
  Climber member(ProgramWith(ladder));
  member.Spend(50'000, "2024-01-15 12:00:00");
  for (const char* moment : {"2025-01-16 00:00:00", "2025-01-16 00:00:01", "2025-06-01 00:00:00"}) {
    member.AdvanceTo(Utc(moment));
    EXPECT_EQ(member.TierAt(moment), "silver");
  }
  EXPECT_EQ(member.TierAt("2026-01-16 23:59:59"), "silver");
  EXPECT_EQ(member.TierAt("2026-01-17 00:00:00"), "bronze");
}

TEST(TiersTest, ASoftLandingForWhoStillBuys) {
  Ladder ladder = MetalLadder();
  ladder.fall = Fall::kOneStep;
  ladder.step_min_purchases = 2;
  Climber idle(ProgramWith(ladder));
  idle.Spend(50'000, "2025-01-15 12:00:00");
  EXPECT_EQ(idle.TierAt("2026-01-16 00:00:00"), "bronze");
  Climber active(ProgramWith(ladder));
  active.Spend(50'000, "2025-01-15 12:00:00");
  active.Spend(100, "2025-05-15 12:00:00");
  active.Spend(100, "2025-06-15 12:00:00");
  EXPECT_EQ(active.TierAt("2026-01-16 00:00:00"), "silver");
}

TEST(TiersTest, DaysOfGraceCanBeUsed) {
  Ladder ladder = MetalLadder();
  ladder.grace_days = 30;
  Climber member(ProgramWith(ladder));
  member.Spend(10'000, "2025-01-15 12:00:00");
  member.Spend(6'000, "2025-08-01 12:00:00");
  EXPECT_TRUE(member.Status("2026-01-15 12:00:00").review.grace);
  EXPECT_EQ(member.TierAt("2026-02-14 23:00:00"), "silver");
  EXPECT_EQ(member.TierAt("2026-02-15 00:00:00"), "bronze");
  member.Spend(4'000, "2026-02-01 12:00:00");
  EXPECT_EQ(member.History("2026-03-01 00:00:00"),
            "2025-01-15 silver REACHED until 2026-01-15; 2026-01-16 silver GRACE until 2026-02-14; "
            "2026-02-01 silver KEPT until 2027-02-01; ");
}

TEST(TiersTest, ATierSetByHandIsNotOverwrittenAndEnds) {
  Climber member(ProgramWith(MetalLadder()));
  member.Spend(10'000, "2026-01-15 12:00:00");
  ASSERT_TRUE(member.Decide("gold", "2026-01-16 12:00:00", "2026-01-31").ok());
  member.Spend(100, "2026-01-17 12:00:00");
  EXPECT_EQ(member.TierAt("2026-01-31 23:59:59"), "gold");
  EXPECT_EQ(member.Status("2026-01-31 12:00:00").qualified.id, "silver");
  EXPECT_EQ(member.TierAt("2026-02-01 00:00:00"), "silver");
}

TEST(TiersTest, HeldDownByHandWhateverTheyBuyAndThenWhatTheyQualifyFor) {
  Climber member(ProgramWith(MetalLadder()));
  member.Spend(50'000, "2026-01-15 12:00:00");
  ASSERT_TRUE(member.Decide("bronze", "2026-01-16 12:00:00", "2026-01-31").ok());
  EXPECT_EQ(member.Spend(90'000, "2026-01-17 12:00:00").tiers[0].after.id, "bronze");
  EXPECT_EQ(member.TierAt("2026-02-01 00:00:00"), "gold");
}

TEST(TiersTest, LiftedByHandTheyStillRiseByThemselves) {
  Climber member(ProgramWith(MetalLadder()));
  ASSERT_TRUE(member.Decide("silver", "2026-01-16 12:00:00").ok());
  EXPECT_EQ(member.TierAt("2026-01-16 12:00:00"), "silver");
  member.Spend(50'000, "2026-01-17 12:00:00");
  EXPECT_EQ(member.TierAt("2026-01-17 12:00:00"), "gold");
}

TEST(TiersTest, ADecisionCanBeEnded) {
  Climber member(ProgramWith(MetalLadder()));
  ASSERT_TRUE(member.Decide("gold", "2026-01-16 12:00:00").ok());
  EndTierOverride ended;
  ended.member = member.Me();
  ended.override_id = "o-1";
  ASSERT_TRUE(member.Do(ended, Utc("2026-01-16 13:00:00")).ok());
  EXPECT_EQ(member.TierAt("2026-01-16 13:00:00"), "bronze");
  EXPECT_EQ(member.Do(ended, Utc("2026-01-17 13:00:00")).status().code(),
            absl::StatusCode::kFailedPrecondition);
  ended.override_id = "another";
  EXPECT_EQ(member.Do(ended, Utc("2026-01-17 13:00:00")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(TiersTest, AnEntryGiftIsGivenOnceHoweverOftenGoodsComeBack) {
  Climber member(ProgramWith(WithGift(MetalLadder(), 500)));
  member.Spend(10'000, "2026-01-15 12:00:00");
  EXPECT_EQ(member.Balance(), "0/600");
  ASSERT_TRUE(member.GiveBack("p-1", 10'000, "2026-01-16 12:00:00").ok());
  EXPECT_EQ(member.Balance(), "0/0");
  EXPECT_EQ(member.TierAt("2026-01-16 12:00:00"), "bronze");
  member.Spend(10'000, "2026-01-17 12:00:00");
  EXPECT_EQ(member.Balance(), "0/600");
}

// However many days and purchases it takes to the top, the gifts on the way are the same.
TEST(TiersTest, WhoPassesATierHasItsGift) {
  Ladder ladder = WithGift(MetalLadder(), 500);
  ladder.tiers[2].gift = EntryGift{0, 2'000};
  Climber at_once(ProgramWith(ladder));
  at_once.Spend(50'000, "2026-01-15 12:00:00");
  EXPECT_EQ(at_once.Balance(), "0/3000");
  for (const char* second : {"2026-01-15 12:00:01", "2026-01-16 12:00:00"}) {
    Climber member(ProgramWith(ladder));
    member.Spend(10'000, "2026-01-15 12:00:00");
    member.Spend(40'000, second);
    EXPECT_EQ(member.Balance(), "0/3000") << second;
  }
}

TEST(TiersTest, AGiftThatWasSpentFollowsTheDebtPolicy) {
  Climber member(ProgramWith(WithGift(MetalLadder(), 500)));
  member.Spend(10'000, "2026-01-15 12:00:00");
  ReservePoints redeem;
  redeem.member = member.Me();
  redeem.reservation_id = "x";
  redeem.wallet = "points";
  redeem.points = 550;
  redeem.capture = true;
  ASSERT_TRUE(member.Do(redeem, Utc("2026-01-15 13:00:00")).ok());
  ASSERT_TRUE(member.GiveBack("p-1", 10'000, "2026-01-16 12:00:00").ok());
  EXPECT_EQ(member.Balance(), "0/-550");
}

TEST(TiersTest, OfAYearOnlyOneGift) {
  Ladder ladder = WithGift(YearLadder(), 500);
  ladder.validity.years = 0;
  Climber member(ProgramWith(ladder));
  member.Spend(10'000, "2025-06-15 12:00:00");
  EXPECT_EQ(member.TierAt("2026-01-01 12:00:00"), "silver");
  EXPECT_EQ(member.TierAt("2027-01-01 12:00:00"), "bronze");
  member.Spend(10'000, "2027-06-15 12:00:00");
  EXPECT_EQ(member.Balance(), "0/1200");
}

TEST(TiersTest, RefundsInSmallPartsDoNotKeepTheTier) {
  Climber member(ProgramWith(MetalLadder()));
  member.Spend(10'000, "2026-01-15 12:00:00");
  for (int part = 0; part < 10; ++part) {
    ASSERT_TRUE(member.GiveBack("p-1", 1'000, "2026-01-16 12:00:00").ok());
    EXPECT_EQ(member.TierAt("2026-01-16 12:00:00"), "bronze");
  }
}

TEST(TiersTest, GoodsOfDecemberThatComeBackInJanuaryReduceDecember) {
  for (const LateReturns policy : {LateReturns::kWithdraw, LateReturns::kKeepUntilReview}) {
    Ladder ladder = YearLadder();
    ladder.late_returns = policy;
    Climber member(ProgramWith(ladder));
    member.Spend(10'000, "2025-12-20 12:00:00");
    member.Spend(2'000, "2026-01-05 12:00:00");
    ASSERT_TRUE(member.GiveBack("p-1", 10'000, "2026-01-06 12:00:00").ok());
    const TierStatus status = member.Status("2026-01-06 12:00:00");
    EXPECT_EQ(status.tier.id, policy == LateReturns::kWithdraw ? "bronze" : "silver");
    EXPECT_EQ(status.next_criteria[0].value, 2'000);
  }
}

TEST(TiersTest, APurchaseOfTheLastDayOfTheYearMayArriveOnTheThird) {
  Climber member(ProgramWith(YearLadder()));
  member.Spend(9'000, "2025-05-01 12:00:00");
  member.AdvanceTo(Utc("2026-01-02 12:00:00"));
  member.Spend(1'000, "2025-12-31 23:59:59", "2026-01-03 12:00:00");
  EXPECT_EQ(member.History("2026-01-03 12:00:00"), "2025-12-31 silver REACHED until 2026-12-31; ");
}

TEST(TiersTest, SpentPointsAndDebtsMoveNoTier) {
  Ladder ladder = MetalLadder();
  ladder.tiers[1] = TierOf("silver", {{Indicator::kQualifyingPoints, "points", 100}});
  ladder.tiers.pop_back();
  Climber member(ProgramWith(ladder));
  member.Spend(10'000, "2026-01-15 12:00:00");
  ReservePoints redeem;
  redeem.member = member.Me();
  redeem.reservation_id = "x";
  redeem.wallet = "points";
  redeem.points = 100;
  redeem.capture = true;
  ASSERT_TRUE(member.Do(redeem, Utc("2026-01-15 13:00:00")).ok());
  EXPECT_EQ(member.TierAt("2026-01-15 13:00:00"), "silver");
}

TEST(TiersTest, WhatIsLeftOverCountsInTheNextYear) {
  Ladder ladder = YearLadder();
  ladder.validity.years = 0;
  ladder.rollover = Rollover{SpendOf(0), 5'000};
  Climber member(ProgramWith(ladder));
  member.Spend(17'000, "2025-06-15 12:00:00");
  EXPECT_EQ(member.Status("2026-01-01 00:00:00").criteria[0].value, 5'000);
  member.Spend(5'000, "2026-06-15 12:00:00");
  EXPECT_EQ(member.TierAt("2027-01-01 00:00:00"), "silver");
  EXPECT_EQ(member.Status("2027-01-01 00:00:00").criteria[0].value, 0);
}

// Gold leaves nothing over; who does not want it keeps what is beyond silver.
TEST(TiersTest, WhoOptsOutKeepsWhatIsLeftOver) {
  Ladder ladder = YearLadder();
  ladder.rollover = Rollover{SpendOf(0), 60'000};
  Climber member(ProgramWith(ladder));
  ASSERT_TRUE(member.Decide("silver", "2025-01-15 12:00:00", "", Kind::kOptOut).ok());
  member.Spend(50'000, "2025-06-15 12:00:00");
  EXPECT_EQ(member.TierAt("2025-06-15 12:00:00"), "silver");
  EXPECT_EQ(member.Status("2026-01-01 00:00:00").criteria[0].carried, 40'000);
  // A tier that is given to somebody costs them nothing.
  Climber lifted(ProgramWith(ladder));
  ASSERT_TRUE(lifted.Decide("gold", "2025-01-15 12:00:00").ok());
  lifted.Spend(30'000, "2025-06-15 12:00:00");
  EXPECT_EQ(lifted.Status("2026-01-01 00:00:00").criteria[0].carried, 20'000);
}

TEST(TiersTest, InAYearOfExceptionsNobodyFallsAndHalfIsEnough) {
  Ladder ladder = MetalLadder();
  ladder.exceptions = {{absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 12, 31), 50, true}};
  Climber member(ProgramWith(ladder));
  member.Spend(10'000, "2025-01-15 12:00:00");
  EXPECT_EQ(member.TierAt("2026-01-16 00:00:00"), "silver");
  Climber half(ProgramWith(ladder));
  half.Spend(5'000, "2025-11-15 12:00:00");
  EXPECT_EQ(half.TierAt("2025-12-31 12:00:00"), "bronze");
  EXPECT_EQ(half.TierAt("2026-01-01 00:00:00"), "silver");
}

TEST(TiersTest, TwoYearsOldFactsCountForALifetime) {
  Ladder ladder = MetalLadder();
  ladder.tiers[2].reach.items[0].lifetime = true;
  ladder.tiers[2].keep = ladder.tiers[2].reach;
  Climber member(ProgramWith(ladder));
  for (const char* at : {"2021-01-15 12:00:00", "2022-01-15 12:00:00", "2023-01-15 12:00:00",
                         "2024-01-15 12:00:00", "2026-01-15 12:00:00"}) {
    EXPECT_NE(member.TierAt(at), "gold");
    member.Spend(10'000, at);
  }
  EXPECT_EQ(member.TierAt("2026-01-15 12:00:00"), "gold");
}

class ChangingProgramTest : public ::testing::Test {
 protected:
  // The member goes on under another version from a moment on.
  static ProgramCatalog Changed(const Program& first, const Program& second, const char* from) {
    ProgramCatalog catalog = testing::CatalogOf(first);
    ProgramVersion version;
    version.version = 2;
    version.effective_from = version.recorded_at = Utc(from);
    version.program = std::make_shared<const Program>(second);
    catalog.Add(std::move(version));
    return catalog;
  }

  static std::string TierAt(const Climber& member, const ProgramCatalog& catalog, const char* at) {
    Member person = const_cast<Climber&>(member).state().member;
    AdvanceTiers(catalog, Utc(at), person);
    return StatusOf(person, catalog, Utc(at)).front().tier.id;
  }
};

TEST_F(ChangingProgramTest, ARenameMakesNobodyNewInTheTier) {
  const Program first = ProgramWith(WithGift(MetalLadder(), 500));
  Program second = first;
  second.ladders[0].tiers[1].name = "Silver Plus";
  Climber member(first);
  member.Spend(10'000, "2026-01-15 12:00:00");
  const ProgramCatalog catalog = Changed(first, second, "2026-02-01 10:00:00");
  Effects effects = Advance(member.state(), catalog, Utc("2026-02-02 10:00:00"));
  EXPECT_TRUE(effects.entries.empty());
  EXPECT_EQ(TierAt(member, catalog, "2026-02-02 10:00:00"), "silver");
}

TEST_F(ChangingProgramTest, WhoIsInATierKeepsItUntilItsEndUnlessDeclaredOtherwise) {
  const Program first = ProgramWith(MetalLadder());
  Program second = first;
  second.ladders[0].tiers[1].reach.items = {SpendOf(20'000)};
  second.ladders[0].tiers[1].keep = second.ladders[0].tiers[1].reach;
  Climber member(first);
  member.Spend(15'000, "2026-01-15 12:00:00");
  EXPECT_EQ(TierAt(member, Changed(first, second, "2026-02-01 10:00:00"), "2026-02-02 10:00:00"),
            "silver");
  second.ladders[0].on_change = OnChange::kRejudge;
  const ProgramCatalog catalog = Changed(first, second, "2026-02-01 10:00:00");
  EXPECT_EQ(TierAt(member, catalog, "2026-02-01 09:59:59"), "silver");
  EXPECT_EQ(TierAt(member, catalog, "2026-02-01 10:00:00"), "bronze");
}

TEST_F(ChangingProgramTest, WhoHasEnoughForALoweredThresholdRisesAtOnce) {
  const Program first = ProgramWith(MetalLadder());
  Program second = first;
  second.ladders[0].tiers[2].reach.items = {SpendOf(15'000)};
  Climber member(first);
  member.Spend(15'000, "2026-01-15 12:00:00");
  const ProgramCatalog catalog = Changed(first, second, "2026-02-01 10:00:00");
  EXPECT_EQ(TierAt(member, catalog, "2026-02-01 09:59:59"), "silver");
  EXPECT_EQ(TierAt(member, catalog, "2026-02-01 10:00:00"), "gold");
}

TEST_F(ChangingProgramTest, ATierThatIsNoMoreHasAnHeir) {
  const Program first = ProgramWith(MetalLadder());
  Program second = first;
  second.ladders[0].tiers.erase(second.ladders[0].tiers.begin() + 1);
  Climber member(first);
  member.Spend(10'000, "2026-01-15 12:00:00");
  EXPECT_EQ(TierAt(member, Changed(first, second, "2026-02-01 10:00:00"), "2026-02-02 10:00:00"),
            "bronze");
  second.ladders[0].tiers[1].takes_over = "silver";
  EXPECT_EQ(TierAt(member, Changed(first, second, "2026-02-01 10:00:00"), "2026-02-02 10:00:00"),
            "gold");
}

TEST(TiersTest, TwoWhoAreMergedHaveTheTierOfTheirSumAndPartWithTheirOwn) {
  const Program program = ProgramWith(WithGift(MetalLadder(), 500));
  Climber one(program, 1);
  Climber two(program, 2);
  one.Spend(6'000, "2026-01-15 12:00:00");
  two.Spend(6'000, "2026-01-16 12:00:00");
  MergeMembers merge;
  merge.member = one.Me();
  merge.into = two.Me();
  merge.merge_id = "m";
  ASSERT_TRUE(one.DoWith(two, merge, Utc("2026-02-01 12:00:00")).ok());
  EXPECT_EQ(two.TierAt("2026-02-01 12:00:00"), "silver");
  EXPECT_EQ(two.Balance(), "0/120");  // A merge gives nothing.
  UnmergeMember unmerge;
  unmerge.member = one.Me();
  unmerge.unmerge_id = "u";
  ASSERT_TRUE(two.DoWith(one, unmerge, Utc("2026-02-02 12:00:00")).ok());
  EXPECT_EQ(one.TierAt("2026-02-02 12:00:00"), "bronze");
  EXPECT_EQ(two.TierAt("2026-02-02 12:00:00"), "bronze");
  EXPECT_EQ(two.Balance(), "0/60");
}

TEST(TiersTest, ThePersonOfAHouseholdClimbsByThemselves) {
  const Program program = ProgramWith(MetalLadder());
  Climber head(program, 1);
  Climber child(program, 2);
  MergeMembers join;
  join.member = child.Me();
  join.into = head.Me();
  join.merge_id = "m";
  join.household = true;
  ASSERT_TRUE(child.DoWith(head, join, Utc("2026-01-01 12:00:00")).ok());
  RecordPurchase record;
  record.member = child.Me();
  record.purchase = testing::PurchaseOf({testing::Line(10'000)});
  record.purchase.purchase_id = "c";
  record.occurred_at = Utc("2026-01-15 12:00:00");
  ASSERT_TRUE(head.Do(record, Utc("2026-01-15 12:00:00"), &child).ok());
  EXPECT_EQ(child.TierAt("2026-01-15 12:00:00"), "silver");
  EXPECT_EQ(head.TierAt("2026-01-15 12:00:00"), "bronze");
  // The child's own review is due, though nothing in the purse is.
  EXPECT_EQ(child.state().member.next_due_at, Utc("2027-01-16 00:00:00"));
  AdvanceMember advance;
  advance.member = child.Me();
  ASSERT_TRUE(head.Do(advance, Utc("2027-01-16 00:00:00"), &child).ok());
  EXPECT_EQ(Climber::Tell(child.state().member),
            "2026-01-15 silver REACHED until 2027-01-15; 2027-01-16 bronze FELL; ");
}

}  // namespace
}  // namespace dangol::domain
