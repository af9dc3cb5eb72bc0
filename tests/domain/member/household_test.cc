// Members who share what they have and stay members.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/domain/member/merge_fixture.h"
#include "tests/support/histories.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class HouseholdTest : public MergeTest {};

TEST_F(HouseholdTest, AHouseholdSharesItsPoints) {
  Buy(0, 100);
  Buy(1, 30);
  Mature();
  ASSERT_TRUE(Join(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "0/130");
  const Member& joined = people_[0].state().member;
  EXPECT_EQ(joined.status, MemberStatus::kActive);
  EXPECT_TRUE(joined.joined->household);
  EXPECT_THAT(people_[0].state().aliases, ElementsAre(Alias{"card", "4000"})) << "still theirs";
  EXPECT_THAT(people_[1].state().aliases, ElementsAre(Alias{"card", "4001"}));
  ASSERT_TRUE(Redeem(1, 120).ok());
  EXPECT_EQ(people_[1].Balance(), "0/10");
}

TEST_F(HouseholdTest, WhoLeavesAHouseholdTakesAlongWhatIsLeftOfTheirs) {
  Buy(0, 100);
  Buy(1, 30);
  Mature();
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 60).ok());
  const std::string theirs = BuyInHousehold(0, 1, 7);
  const std::string heads = Buy(1, 5);
  Mature();
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/77");
  EXPECT_EQ(people_[1].Balance(), "0/5") << "the head's own points were spent first";
  EXPECT_EQ(testing::PurchasesOf(people_[0].state().member), 2);
  EXPECT_EQ(testing::LastDayOf(people_[0].state().member), "2026-01-17");
  EXPECT_EQ(testing::PurchasesOf(people_[1].state().member), 2);
  EXPECT_EQ(testing::QualifyingOf(people_[0].state().member), 107);
  EXPECT_EQ(testing::QualifyingOf(people_[1].state().member), 35);
  EXPECT_EQ(people_[0].state().member.joined, std::nullopt);
  ASSERT_TRUE(Return(0, theirs, 7).ok());
  EXPECT_EQ(people_[0].Balance(), "0/70");
  ASSERT_TRUE(Return(1, heads, 5).ok());
}

TEST_F(HouseholdTest, GoodsGoWithWhoBoughtThemAndSoDoesWhatPaid) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Reserve(1, "redeem", 60, /*capture=*/true).ok());
  const std::string goods = BuyWithPoints(1, "redeem", 0);
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/40");
  ASSERT_TRUE(Return(0, goods, 10).ok()) << "nothing that was spent is lost";
  EXPECT_EQ(people_[0].Balance(), "0/100");
}

TEST_F(HouseholdTest, WhoJoinsAndLeavesAtOnceIsAsTheyWere) {
  Buy(0, 100);
  Buy(1, 30, "food");
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 30).ok());
  const MemberState joined = Having(0);
  const MemberState head = Having(1);
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Leave(0, 1).ok());
  ExpectSame(Having(0), joined);
  ExpectSame(Having(1), head);
}

TEST_F(HouseholdTest, WhatIsRefusedOfAHousehold) {
  EXPECT_EQ(ReasonOf(Join(0, 0)), "HOUSEHOLD_OF_THEMSELVES");
  EXPECT_EQ(ReasonOf(Leave(0, 1)), "MEMBER_NOT_IN_HOUSEHOLD");
  ASSERT_TRUE(Join(0, 1).ok());
  EXPECT_EQ(ReasonOf(Unmerge(0, 1)), "MEMBER_NOT_MERGED");
  EXPECT_EQ(ReasonOf(Join(0, 2)), "MEMBER_IN_HOUSEHOLD");
  EXPECT_EQ(ReasonOf(Merge(0, 2)), "MEMBER_IN_HOUSEHOLD");
  EXPECT_EQ(ReasonOf(Merge(2, 0)), "MEMBER_IN_HOUSEHOLD");
  for (const MemberStatus status : {MemberStatus::kSuspended, MemberStatus::kClosed}) {
    ChangeStatus change;
    change.member = people_[0].Me();
    change.status = status;
    EXPECT_EQ(ReasonOf(Do(0, change).status()), "MEMBER_IN_HOUSEHOLD");
  }
  ChangeStatus suspend;
  suspend.member = people_[1].Me();
  suspend.status = MemberStatus::kSuspended;
  ASSERT_TRUE(Do(1, suspend).ok());
  EXPECT_EQ(ReasonOf(Leave(0, 1)), "HOUSEHOLD_SUSPENDED");
  EXPECT_EQ(ReasonOf(Join(2, 1)), "MEMBER_SUSPENDED");
  ChangeStatus close = suspend;
  close.status = MemberStatus::kClosed;
  ASSERT_TRUE(Do(1, close).ok());
  EXPECT_TRUE(Leave(0, 1).ok()) << "a household that has ended lets everybody go";
}

TEST_F(HouseholdTest, AHeadWhoIsMergedTakesTheHouseholdAlong) {
  Buy(0, 10);
  Buy(1, 20);
  Buy(2, 40);
  Mature();
  ASSERT_TRUE(Join(0, 1).ok());
  const MemberState household = Having(1);
  ASSERT_TRUE(Merge(1, 2).ok());
  EXPECT_EQ(people_[2].Balance(), "0/70");
  ASSERT_TRUE(Unmerge(1, 2).ok());
  ExpectSame(Having(1), household);
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/10");
}

TEST_F(HouseholdTest, WhoseHeadWasMergedMayStillLeave) {
  Buy(0, 10);
  Buy(1, 20);
  Buy(2, 40);
  Mature();
  ASSERT_TRUE(Merge(2, 1).ok());
  ASSERT_TRUE(Unmerge(2, 1).ok());
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Merge(1, 2).ok());
  const std::string theirs = Buy(2, 7, "", 0);
  Mature();
  ASSERT_TRUE(LeaveMergedHead(0, 1, 2).ok());
  EXPECT_EQ(people_[0].Balance(), "0/17");
  EXPECT_EQ(people_[2].Balance(), "0/60");
  ASSERT_TRUE(Return(0, theirs, 7).ok());
  ASSERT_TRUE(Unmerge(1, 2).ok());
  EXPECT_EQ(people_[0].Balance(), "0/10");
  EXPECT_EQ(people_[1].Balance(), "0/20");
  EXPECT_EQ(people_[2].Balance(), "0/40");
}

// Caps are a person's: a household shares points and nothing else.
TEST_F(HouseholdTest, EachHasACapOfTheirOwn) {
  Buy(0, 1, "food");  // 10 points.
  Buy(1, 1, "food");  // 10 points.
  ASSERT_TRUE(Join(0, 1).ok());
  BuyInHousehold(0, 1, 2, "food");  // 20 points.
  Buy(1, 1, "food");                // 10 points.
  EXPECT_EQ(AccountOf(people_[1].state(), "points").pending, 50);
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(AccountOf(people_[0].state(), "points").pending, 30);
  EXPECT_EQ(AccountOf(people_[1].state(), "points").pending, 20);
  Buy(0, 10, "food");
  Buy(1, 10, "food");
  EXPECT_EQ(AccountOf(people_[0].state(), "points").pending, 50) << "20 were left for them";
  EXPECT_EQ(AccountOf(people_[1].state(), "points").pending, 50) << "30 were";
}

// What the household paid for goods of theirs that came back, and what they paid for its.
TEST_F(HouseholdTest, EachOwesForTheirOwnGoods) {
  Buy(1, 50);
  ASSERT_TRUE(Join(0, 1).ok());
  const std::string theirs = BuyInHousehold(0, 1, 30);
  Mature();
  ASSERT_TRUE(Redeem(1, 60).ok());  // All of the head's, who bought first, and 10 of theirs.
  ASSERT_TRUE(Return(1, theirs, 30, /*person=*/0).ok());
  EXPECT_EQ(people_[1].Balance(), "0/-10");
  Buy(1, 25);
  Mature();
  EXPECT_EQ(BalanceNow(1), "0/15") << "and so much can be spent";
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/-10");
  EXPECT_EQ(people_[1].Balance(), "0/25");
}

// Lots that are opened here and there never get each other's numbers, which the audit after
// each test would find.
TEST_F(HouseholdTest, WhoGoesFromOneToAnotherTakesTheirLotsAlong) {
  Buy(1, 5);
  ASSERT_TRUE(Join(0, 1).ok());
  BuyInHousehold(0, 1, 10);
  ASSERT_TRUE(Leave(0, 1).ok());
  for (int i = 0; i < 5; ++i) Buy(0, 1);
  ASSERT_TRUE(Join(0, 2).ok());
  for (int i = 0; i < 5; ++i) BuyInHousehold(0, 2, 1);
  ASSERT_TRUE(Merge(2, 1).ok());
  for (int i = 0; i < 9; ++i) Buy(1, 1);
  Mature();
  ASSERT_TRUE(Reserve(1, "hold", 12).ok());
  ASSERT_TRUE(LeaveMergedHead(0, 2, 1).ok());
  ASSERT_TRUE(Unmerge(2, 1).ok());
  ASSERT_TRUE(Void(1, "hold").ok());
  for (int i = 0; i < 9; ++i) Buy(0, 1);
  Mature();
  EXPECT_EQ(BalanceNow(0), "0/29");
  EXPECT_EQ(BalanceNow(1), "0/14");
  EXPECT_EQ(BalanceNow(2), "0/0");
}

// What counts toward tiers is that of one's own purchases, whoever was with one before.
TEST_F(HouseholdTest, QualifyingPointsGoWithThePurchases) {
  Buy(0, 50);
  const auto qualifying = [this](int who) {
    return testing::QualifyingOf(people_[who].state().member);
  };
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(Join(0, 1).ok());
    ASSERT_TRUE(Merge(1, 2).ok());
    EXPECT_EQ(qualifying(0), 50);
    EXPECT_EQ(qualifying(2), 0);
    ASSERT_TRUE(LeaveMergedHead(0, 1, 2).ok());
    ASSERT_TRUE(Unmerge(1, 2).ok());
    EXPECT_EQ(qualifying(0), 50);
    EXPECT_EQ(qualifying(1), 0);
    EXPECT_EQ(qualifying(2), 0);
  }
}

// Whoever took it there: the one was in the purse of the other, who went on with it.
TEST(PursesTest, ThePurseOfWhoLeavesKnowsEveryOneInWhichTheirPointsLay) {
  std::vector<Member> people(4);
  for (size_t i = 0; i < people.size(); ++i) people[i].id = testing::MemberNumber(i + 1);
  Member& child = people[0];
  Member& mother = people[1];
  Member& aunt = people[2];
  Member& uncle = people[3];
  JoinPurse(child, mother, /*household=*/true);
  JoinPurse(mother, aunt, /*household=*/true);
  PartPurse(aunt, mother);
  JoinPurse(mother, uncle, /*household=*/true);
  EXPECT_THAT(uncle.purses, UnorderedElementsAre(child.id, mother.id, aunt.id));
  PartPurse(uncle, child);
  EXPECT_THAT(child.purses, UnorderedElementsAre(mother.id, aunt.id, uncle.id));
}

Program UntilIdle() {
  Program program = TenDays();
  program.wallets[0].expiry = {Expiry::Policy::kInactivity, 0, 10, 0};
  return program;
}

// Points that live as long as a member is active.
class IdleHouseholdTest : public MergeTest {
 protected:
  IdleHouseholdTest() : MergeTest(UntilIdle()) {
    for (const int who : {1, 0, 2}) {
      Buy(who, 10);
      Wait(absl::Hours(48));
    }
  }
};

TEST_F(IdleHouseholdTest, WhoJoinAndLeaveInAnyOrderAreAsActiveAsTheyWere) {
  const MemberState before[] = {Having(0), Having(1), Having(2)};
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Join(2, 1).ok());
  ASSERT_TRUE(Leave(0, 1).ok());
  ASSERT_TRUE(Leave(2, 1).ok());
  for (int who = 0; who < 3; ++who) ExpectSame(Having(who), before[who]);

  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Merge(1, 2).ok());
  ASSERT_TRUE(LeaveMergedHead(0, 1, 2).ok());
  ASSERT_TRUE(Unmerge(1, 2).ok());
  for (int who = 0; who < 3; ++who) ExpectSame(Having(who), before[who]);
}

TEST_F(IdleHouseholdTest, WhatIsDoneTogetherCountsForAllWhoAreThere) {
  ASSERT_TRUE(Join(0, 1).ok());
  Wait(absl::Hours(24));
  ASSERT_TRUE(Redeem(1, 1).ok());
  const absl::Time together = now_;
  ASSERT_TRUE(Join(2, 1).ok());
  ASSERT_TRUE(Leave(0, 1).ok());
  ASSERT_TRUE(Leave(2, 1).ok());
  EXPECT_LT(people_[0].state().member.last_activity_at, together) << "they did nothing themselves";
  EXPECT_EQ(people_[1].state().member.last_activity_at, together);
  EXPECT_LT(people_[2].state().member.last_activity_at, together);
}

// Whatever three did, and whoever then joins whom in whatever way: parted again in any
// order, with nothing done in between, they are as they were.
TEST_F(IdleHouseholdTest, AnyLivesSurviveAnyTreeUndoneInAnyOrder) {
  struct Tie {
    int who;
    int with;
    bool household;
  };
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    for (int who = 0; who < 3; ++who) Live(who, 6);
    const MemberState before[] = {Having(0), Having(1), Having(2)};
    std::vector<Tie> ties;
    while (ties.size() < 2) {
      const Tie tie{Below(3), Below(3), Below(2) == 0};
      const auto is_joined = [&](int who) {
        return people_[who].state().member.joined.has_value();
      };
      if (tie.who == tie.with || is_joined(tie.who) || is_joined(tie.with)) continue;
      ASSERT_TRUE((tie.household ? Join(tie.who, tie.with) : Merge(tie.who, tie.with)).ok());
      ties.push_back(tie);
    }
    // A merge can be undone only where its survivor is by themselves.
    const bool first_may_go = ties[0].household || ties[1].who != ties[0].with;
    if (first_may_go && Below(2) == 0) std::swap(ties[0], ties[1]);
    for (const Tie& tie : {ties[1], ties[0]}) {
      const auto& onward = people_[tie.with].state().member.joined;
      if (!tie.household) {
        ASSERT_TRUE(Unmerge(tie.who, tie.with).ok());
      } else if (onward.has_value()) {
        ASSERT_TRUE(LeaveMergedHead(tie.who, tie.with, 3 - tie.who - tie.with).ok());
      } else {
        ASSERT_TRUE(Leave(tie.who, tie.with).ok());
      }
    }
    for (int who = 0; who < 3; ++who) ExpectSame(Having(who), before[who]);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace dangol::domain
