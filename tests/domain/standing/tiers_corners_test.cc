// Corners of tiers, as stories: two rules that meet, or something that happens in the middle of
// something else.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

using Kind = TierOverride::Kind;
using ::dangol::testing::Utc;

// Silver has an entry gift.
Ladder WithGift(Ladder ladder, int64_t points) {
  ladder.tiers[1].gift = EntryGift{0, points};
  return ladder;
}

// Thresholds by calendar years; some days of grace.
Ladder GracefulYears() {
  Ladder ladder = YearLadder();
  ladder.grace_days = 30;
  return ladder;
}

absl::Status Merge(Climber& merged, Climber& survivor, const std::string& at) {
  MergeMembers merge;
  merge.member = merged.Me();
  merge.into = survivor.Me();
  merge.merge_id = "m";
  return merged.DoWith(survivor, merge, Utc(at)).status();
}

absl::Status Unmerge(Climber& survivor, Climber& merged, const std::string& at) {
  UnmergeMember unmerge;
  unmerge.member = merged.Me();
  unmerge.unmerge_id = "u";
  return survivor.DoWith(merged, unmerge, Utc(at)).status();
}

// Gold by 500.00 in 2024 lasts to the end of 2025, in which 450.00 are not enough. 350.00 of them
// are beyond silver and count in 2026: in the days of grace, which are about 2025, they would
// count twice.
TEST(TiersCornersTest, WhatIsLeftOverDoesNotCountTwiceInDaysOfGrace) {
  Ladder ladder = GracefulYears();
  ladder.rollover = Rollover{SpendOf(0), 60'000};
  Climber member(ProgramWith(ladder));
  member.Spend(50'000, "2024-06-15 12:00:00");
  member.Spend(45'000, "2025-06-15 12:00:00");
  EXPECT_EQ(member.History("2026-01-02 12:00:00"),
            "2024-06-15 gold REACHED until 2025-12-31; 2026-01-01 gold GRACE until 2026-01-30; "
            "2026-01-01 gold CARRIED until 2026-01-30 carried 35000; ");
  EXPECT_EQ(member.Status("2026-01-02 12:00:00").criteria[0].value, 45'000);
  EXPECT_EQ(member.TierAt("2026-01-31 00:00:00"), "silver");
}

// 90.00 in 2025 and 410.00 in January are enough to keep silver, and gold takes a year of 500.00.
TEST(TiersCornersTest, InDaysOfGraceNobodyRisesByMoreThanAYear) {
  Climber member(ProgramWith(GracefulYears()));
  member.Spend(10'000, "2024-06-15 12:00:00");
  member.Spend(9'000, "2025-06-15 12:00:00");
  member.Spend(41'000, "2026-01-10 12:00:00");
  ASSERT_EQ(member.TierAt("2026-01-10 12:00:00"), "silver");
  EXPECT_EQ(member.Status("2026-01-10 12:00:00").next_criteria[0].value, 41'000);
  // The same without the days of grace.
  Climber other(ProgramWith(YearLadder()));
  other.Spend(9'000, "2025-06-15 12:00:00");
  other.Spend(41'000, "2026-01-10 12:00:00");
  EXPECT_EQ(other.TierAt("2026-01-10 12:00:00"), "silver");
}

// What made up for silver does not lead to gold as well.
TEST(TiersCornersTest, SinceATierWasKeptTheNextOneBegins) {
  Ladder ladder = MetalLadder();
  ladder.qualification = {};
  ladder.qualification.window = Qualification::Window::kSinceTier;
  ladder.grace_days = 30;
  ladder.tiers[2].reach.items = {SpendOf(15'000)};
  Climber member(ProgramWith(ladder));
  member.Spend(10'000, "2025-01-15 12:00:00");
  member.Spend(10'000, "2026-01-20 12:00:00");
  EXPECT_EQ(member.TierAt("2026-01-20 12:00:00"), "silver");
  member.Spend(5'000, "2026-02-20 12:00:00");
  ASSERT_EQ(member.TierAt("2026-02-20 12:00:00"), "silver");
  EXPECT_EQ(member.Status("2026-02-20 12:00:00").next_criteria[0].value, 5'000);
}

// The program has the days of grace once, whatever it calls the tier meanwhile.
TEST(TiersCornersTest, WhoseTierIsTakenOverInDaysOfGraceHasNoMoreOfThem) {
  Program first = ProgramWith(GracefulYears());
  Program second = first;
  second.ladders[0].tiers[1].id = second.ladders[0].tiers[1].name = "argent";
  second.ladders[0].tiers[1].takes_over = "silver";
  Climber member(first);
  member.Spend(10'000, "2024-06-15 12:00:00");
  member.Activate(second, Utc("2026-01-10 00:00:00"));
  EXPECT_EQ(member.History("2026-03-15 12:00:00"),
            "2024-06-15 silver REACHED until 2025-12-31; 2026-01-01 silver GRACE until 2026-01-30; "
            "2026-01-10 argent PROGRAM until 2026-01-30; 2026-01-31 bronze FELL; ");
}

TEST(TiersCornersTest, WhatWasDecidedByHandHoldsForTheTierThatTakesOver) {
  Program second = ProgramWith(MetalLadder());
  second.ladders[0].tiers[2].id = second.ladders[0].tiers[2].name = "platinum";
  second.ladders[0].tiers[2].takes_over = "gold";
  Climber lifted(ProgramWith(MetalLadder()));
  ASSERT_TRUE(lifted.Decide("gold", "2026-01-16 12:00:00", "2026-12-31").ok());
  lifted.Activate(second, Utc("2026-02-01 00:00:00"));
  EXPECT_EQ(lifted.TierAt("2026-01-31 23:00:00"), "gold");
  EXPECT_EQ(lifted.TierAt("2026-02-01 00:00:00"), "platinum");
  EXPECT_EQ(lifted.TierAt("2027-01-01 00:00:00"), "bronze");
  // Who wanted no more than silver does not want what it is called now.
  Program third = ProgramWith(MetalLadder());
  third.ladders[0].tiers[1].id = third.ladders[0].tiers[1].name = "argent";
  third.ladders[0].tiers[1].takes_over = "silver";
  Climber modest(ProgramWith(MetalLadder()));
  ASSERT_TRUE(modest.Decide("silver", "2026-01-16 12:00:00", "", Kind::kOptOut).ok());
  modest.Activate(third, Utc("2026-02-01 00:00:00"));
  modest.Spend(50'000, "2026-02-02 12:00:00");
  EXPECT_EQ(modest.TierAt("2026-02-02 12:00:00"), "argent");
}

// A till's clock is twenty seconds ahead, and midnight is in between.
TEST(TiersCornersTest, WhatATillDatesTomorrowCountsTomorrow) {
  Program program = ProgramWith(MetalLadder());
  program.earning_rules.clear();
  Climber member(program);
  member.Spend(10'000, "2026-01-16 00:00:10", "2026-01-15 23:59:50");
  EXPECT_EQ(member.TierAt("2026-01-15 23:59:59"), "bronze");
  EXPECT_EQ(member.TierAt("2026-01-16 00:00:10"), "silver");
  EXPECT_EQ(member.state().member.next_due_at, Utc("2026-01-16 00:00:00"));
}

// One was lifted, then the other held down; whenever it turns out that they are one.
TEST(TiersCornersTest, OfTwoDecisionsOnOnePersonTheNewestCounts) {
  const Program program = ProgramWith(MetalLadder());
  for (const bool is_merged_first : {true, false}) {
    for (const bool is_lifted_last : {true, false}) {
      Climber merged(program, 1);
      Climber survivor(program, 2);
      Climber& first = is_merged_first ? merged : survivor;
      Climber& second = is_merged_first ? survivor : merged;
      const auto decide = [](Climber& who, bool lift, const char* at) {
        return who.Decide(lift ? "gold" : "bronze", at, "", lift ? Kind::kAtLeast : Kind::kAtMost);
      };
      ASSERT_TRUE(decide(first, !is_lifted_last, "2026-01-15 12:00:00").ok());
      ASSERT_TRUE(decide(second, is_lifted_last, "2026-01-15 13:00:00").ok());
      ASSERT_TRUE(Merge(merged, survivor, "2026-01-16 12:00:00").ok());
      const TierStatus status = survivor.Status("2026-01-16 12:00:00");
      EXPECT_EQ(status.tier.id, is_lifted_last ? "gold" : "bronze") << is_merged_first;
      ASSERT_TRUE(status.decided.has_value());
      EXPECT_EQ(status.decided->kind, is_lifted_last ? Kind::kAtLeast : Kind::kAtMost);
    }
  }
}

// Gold for good was reached so long ago that nobody knows the days any more.
TEST(TiersCornersTest, WhoIsMergedKeepsATierThatLastsForGood) {
  Ladder ladder = MetalLadder();
  ladder.validity = {};
  const Program program = ProgramWith(ladder);
  Climber merged(program, 1);
  Climber survivor(program, 2);
  merged.Spend(50'000, "2020-01-15 12:00:00");
  merged.Spend(100, "2026-01-15 12:00:00");
  survivor.Spend(10'000, "2026-01-15 12:00:00");
  ASSERT_TRUE(Merge(merged, survivor, "2026-01-16 12:00:00").ok());
  EXPECT_EQ(survivor.TierAt("2026-01-16 12:00:00"), "gold");
  ASSERT_TRUE(Unmerge(survivor, merged, "2026-01-17 12:00:00").ok());
  EXPECT_EQ(merged.TierAt("2026-01-17 12:00:00"), "gold");
}

// The goods of December came back in January, and gold was to stay until its review.
TEST(TiersCornersTest, WhoIsMergedKeepsATierUntilItsReview) {
  const Program program = ProgramWith(YearLadder());
  for (const bool is_merged : {true, false}) {
    Climber merged(program, 1);
    Climber survivor(program, 2);
    Climber& buyer = is_merged ? merged : survivor;
    buyer.Spend(50'000, "2025-12-20 12:00:00");
    ASSERT_TRUE(buyer.GiveBack("p-1", 50'000, "2026-01-06 12:00:00").ok());
    ASSERT_EQ(buyer.TierAt("2026-01-06 12:00:00"), "gold");
    ASSERT_TRUE(Merge(merged, survivor, "2026-01-07 12:00:00").ok());
    EXPECT_EQ(survivor.TierAt("2026-01-07 12:00:00"), "gold") << is_merged;
    EXPECT_EQ(survivor.TierAt("2027-01-01 00:00:00"), "bronze") << is_merged;
  }
}

// Since noon the tier gives more.
TEST(TiersCornersTest, AGiftIsTakenBackAsItWasGiven) {
  for (const int64_t later : {1'000, 100}) {
    Climber member(ProgramWith(WithGift(MetalLadder(), 500)));
    member.Spend(10'000, "2026-01-15 10:00:00");
    ASSERT_EQ(member.Balance(), "0/600");
    member.Activate(ProgramWith(WithGift(MetalLadder(), later)), Utc("2026-01-15 12:00:00"));
    ASSERT_TRUE(member.GiveBack("p-1", 10'000, "2026-01-15 13:00:00").ok());
    EXPECT_EQ(member.Balance(), "0/0") << later;
  }
}

TEST(TiersCornersTest, AGiftIsTakenBackThoughNoneIsGivenAnyMore) {
  Climber member(ProgramWith(WithGift(MetalLadder(), 500)));
  member.Spend(10'000, "2026-01-15 10:00:00");
  member.Activate(ProgramWith(MetalLadder()), Utc("2026-02-01 00:00:00"));
  ASSERT_TRUE(member.GiveBack("p-1", 10'000, "2026-02-15 13:00:00").ok());
  EXPECT_EQ(member.Balance(), "0/0");
}

// A version that begins in the evening says nothing of who reaches a tier at noon.
TEST(TiersCornersTest, AGiftIsThatOfTheProgramInForce) {
  Climber member(ProgramWith(WithGift(MetalLadder(), 500)));
  member.Activate(ProgramWith(WithGift(MetalLadder(), 1'000)), Utc("2026-01-15 18:00:00"));
  member.Spend(10'000, "2026-01-15 12:00:00");
  EXPECT_EQ(member.Balance(), "0/600");
}

// Silver for a month at a time; since February it has another name.
TEST(TiersCornersTest, ATierThatIsTakenOverGivesNoSecondGift) {
  Ladder ladder = WithGift(MetalLadder(), 500);
  ladder.validity.months = 1;
  Program first = ProgramWith(ladder);
  first.ladders[0].qualification = {Qualification::Window::kCalendarYear, 0, 0};
  Program second = first;
  second.ladders[0].tiers[1].id = second.ladders[0].tiers[1].name = "argent";
  second.ladders[0].tiers[1].takes_over = "silver";
  second.ladders[0].tiers[1].reach.items =
      second.ladders[0].tiers[1].keep.items = {SpendOf(15'000)};
  Climber member(first);
  member.Spend(10'000, "2026-01-15 12:00:00");
  ASSERT_EQ(member.Balance(), "0/600");
  member.Activate(second, Utc("2026-02-01 00:00:00"));
  member.AdvanceTo(Utc("2026-03-01 00:00:00"));
  ASSERT_EQ(member.TierAt("2026-03-01 00:00:00"), "bronze");
  member.Spend(5'000, "2026-03-02 12:00:00");
  EXPECT_EQ(member.TierAt("2026-03-02 12:00:00"), "argent");
  EXPECT_EQ(member.Balance(), "0/650");
}

// Silver was reached on the 15th, and nobody knew.
TEST(TiersCornersTest, AGiftThatComesLateExpiresAsIfItHadComeInTime) {
  Program program = ProgramWith(WithGift(MetalLadder(), 500));
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 10, 0};
  for (const char* recorded : {"2026-01-15 12:00:00", "2026-01-18 12:00:00"}) {
    Climber member(program);
    member.Spend(10'000, "2026-01-15 12:00:00", recorded);
    member.AdvanceTo(Utc("2026-01-25 23:59:59"));
    EXPECT_EQ(member.Balance(), "0/600");
    member.AdvanceTo(Utc("2026-01-26 00:00:00"));
    EXPECT_EQ(member.Balance(), "0/0") << recorded;
  }
}

// Points of the gift have expired since nothing was done for months: nobody spent them.
TEST(TiersCornersTest, AGiftThatHasExpiredByInactivityIsNotOwed) {
  Ladder ladder = WithGift(MetalLadder(), 500);
  ladder.late_returns = LateReturns::kWithdraw;
  Program program = ProgramWith(ladder);
  program.wallets[0].expiry.policy = Expiry::Policy::kInactivity;
  program.wallets[0].expiry.months = 3;
  Climber member(program);
  member.Spend(10'000, "2025-01-15 12:00:00");
  member.AdvanceTo(Utc("2025-06-01 00:00:00"));
  ASSERT_EQ(member.Balance(), "0/0");
  ASSERT_TRUE(member.GiveBack("p-1", 10'000, "2025-06-02 12:00:00").ok());
  EXPECT_EQ(member.Balance(), "0/0");
}

// The gift of 2025 stays: silver of 2027 was reached by a merge, which gave nothing.
TEST(TiersCornersTest, WhatAMergeDidNotGiveIsNotTakenBack) {
  Ladder ladder = WithGift(YearLadder(), 500);
  ladder.validity.years = 0;
  ladder.late_returns = LateReturns::kWithdraw;
  const Program program = ProgramWith(ladder);
  Climber merged(program, 1);
  Climber survivor(program, 2);
  survivor.Spend(10'000, "2025-06-15 12:00:00");
  ASSERT_EQ(survivor.Balance(), "0/600");
  merged.Spend(6'000, "2027-01-15 12:00:00");
  survivor.Spend(6'000, "2027-01-16 12:00:00");
  ASSERT_TRUE(Merge(merged, survivor, "2027-02-01 12:00:00").ok());
  ASSERT_EQ(survivor.Balance(), "0/720");
  ASSERT_TRUE(survivor.GiveBack("p-2", 6'000, "2027-02-02 12:00:00").ok());
  EXPECT_EQ(survivor.Balance(), "0/660");
}

// Something a year for five years: the first of it is no longer known by day.
void ExpectSilverByFiveYearsOf(const Criterion& lifetime, const std::string& kind) {
  Ladder ladder = MetalLadder();
  ladder.tiers[1] = TierOf("silver", {lifetime});
  ladder.tiers.pop_back();
  Program program = ProgramWith(ladder);
  program.activities = {{"review", 0}, {"visit", 0}};
  Climber member(program);
  for (int year = 2021; year <= 2025; ++year) {
    RecordActivity record;
    record.member = member.Me();
    record.activity.kind = kind;
    record.activity.activity_id = absl::StrCat("a-", year);
    const absl::Time at = Utc(absl::StrCat(year, "-01-15 12:00:00"));
    record.occurred_at = record.activity.occurred_at = at;
    ASSERT_TRUE(member.Do(record, at).ok());
  }
  EXPECT_EQ(member.TierAt("2025-01-15 12:00:00"), "silver");
}

TEST(TiersCornersTest, OldActivitiesCountForALifetime) {
  ExpectSilverByFiveYearsOf({Indicator::kActivities, "review", 5, true}, "review");
  ExpectSilverByFiveYearsOf({Indicator::kVisits, "", 5, true}, "visit");
}

// Another server decides at the very moment of an activation, and does not know of it: its clock
// may even be a little ahead.
TEST(TiersCornersTest, AVersionThatBeganUnseenStillJudges) {
  Ladder next = MetalLadder();
  next.tiers[1].id = "platinum";
  next.tiers[1].takes_over = "silver";
  for (const char* begins : {"2026-01-15 12:00:00", "2026-01-15 11:59:59"}) {
    Climber climber(ProgramWith(MetalLadder()));
    climber.Spend(10'000, "2026-01-15 12:00:00");
    climber.Activate(ProgramWith(next), testing::Utc(begins));
    EXPECT_EQ(climber.TierAt("2026-01-16 12:00:00"), "platinum") << begins;
    climber.Spend(100, "2026-03-01 12:00:00");
    EXPECT_EQ(climber.TierAt("2026-03-02 12:00:00"), "platinum") << begins;
  }
}

}  // namespace
}  // namespace dangol::domain
