#include "server/domain/member/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "server/common/limits.h"
#include "tests/domain/member/merge_fixture.h"
#include "tests/support/histories.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(MergeTest, TheSurvivorHasEverythingOfBoth) {
  const std::string first = Buy(0, 100);
  Mature();
  Buy(0, 20);
  Buy(1, 7);
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "27/100");
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(testing::QualifyingOf(people_[1].state().member), 127);
  const MemberState& survivor = people_[1].state();
  EXPECT_EQ(testing::PurchasesOf(survivor.member), 3);
  EXPECT_EQ(testing::FirstDayOf(survivor.member), "2026-01-15");
  EXPECT_EQ(testing::LastDayOf(survivor.member), "2026-01-17");
  EXPECT_THAT(survivor.aliases, ElementsAre(Alias{"card", "4000"}, Alias{"card", "4001"}));
  EXPECT_THAT(survivor.purchases, SizeIs(3));
  const Member& merged = people_[0].state().member;
  EXPECT_EQ(merged.status, MemberStatus::kMerged);
  EXPECT_EQ(merged.joined->into, survivor.member.id);
  EXPECT_EQ(merged.next_due_at, absl::InfiniteFuture());
  EXPECT_THAT(people_[0].state().aliases, IsEmpty());
  EXPECT_THAT(people_[0].state().purchases, IsEmpty());
}

TEST_F(MergeTest, PointsMatureAndExpireWhenTheyWouldHave) {
  Buy(0, 100);
  const std::vector<Lot> before = people_[0].state().lots;
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_THAT(people_[1].state().lots, SizeIs(1));
  EXPECT_EQ(people_[1].state().lots, before);
  EXPECT_EQ(people_[1].state().member.next_due_at, before[0].available_from);
  now_ = before[0].available_from;
  Having(1);
  EXPECT_EQ(people_[1].Balance(), "0/100");
  now_ = before[0].expires_at;
  Having(1);
  EXPECT_EQ(people_[1].Balance(), "0/0");
}

TEST_F(MergeTest, WhatWasHeldIsCapturedOrReleasedByTheSurvivor) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 30).ok());
  ASSERT_TRUE(Reserve(0, "forgotten", 10).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[0].Held(), 0);
  EXPECT_EQ(people_[1].Held(), 40);
  CapturePoints capture;
  capture.member = people_[1].Me();
  capture.reservation_id = "hold";
  capture.points = 25;
  ASSERT_TRUE(Do(1, capture).ok());
  EXPECT_EQ(people_[1].Balance(), "0/65");
  EXPECT_EQ(people_[1].Held(), 10);
  Wait(absl::Hours(24));
  Having(1);
  EXPECT_EQ(people_[1].Balance(), "0/75") << "it lapses";
  EXPECT_THAT(people_[1].state().lots, SizeIs(1)) << "everything went back to where it came from";
}

TEST_F(MergeTest, ACouponOfEitherIsCancelledByTheSurvivor) {
  Buy(0, 100);
  Mature();
  IssueCoupon issue;
  issue.member = people_[0].Me();
  issue.coupon_id = issue.code = "c-1";
  issue.reward_id = "latte";
  ASSERT_TRUE(Do(0, issue).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "0/60");
  CancelCoupon cancel;
  cancel.member = people_[1].Me();
  cancel.code = "c-1";
  ASSERT_TRUE(Do(1, cancel).ok());
  EXPECT_EQ(people_[1].Balance(), "0/100");
  EXPECT_THAT(people_[1].state().lots, SizeIs(1));
}

TEST_F(MergeTest, AReturnTakesBackWhatThePurchaseOfTheOtherEarned) {
  const std::string purchase = Buy(0, 100);
  Mature();
  Buy(1, 100);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Return(1, purchase, 40).ok());
  EXPECT_EQ(people_[1].Balance(), "100/60");
  ASSERT_TRUE(Redeem(1, 60).ok());
  ASSERT_TRUE(Return(1, purchase, 60).ok());
  EXPECT_EQ(people_[1].Balance(), "100/-60") << "points of other purchases are pending";
  EXPECT_EQ(testing::QualifyingOf(people_[1].state().member), 100);
}

TEST_F(MergeTest, WhatHadExpiredBeforeIsNotOwedAfterwards) {
  const std::string purchase = Buy(0, 100);
  Wait(absl::Hours(12 * 24));
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Return(1, purchase, 100).ok());
  EXPECT_EQ(people_[1].Balance(), "0/0");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
}

TEST_F(MergeTest, WhatExpiredInBetweenIsNotOwedAfterAnUnmergeNorAfterAnotherMerge) {
  const std::string purchase = Buy(0, 100);
  const std::string other = Buy(0, 30);
  ASSERT_TRUE(Merge(0, 1).ok());
  Wait(absl::Hours(12 * 24));
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ASSERT_TRUE(Return(0, purchase, 100).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Return(1, other, 30).ok());
  EXPECT_EQ(people_[1].Balance(), "0/0");
}

TEST_F(MergeTest, ADebtIsOwedByTheSurvivor) {
  const std::string purchase = Buy(0, 100);
  Mature();
  ASSERT_TRUE(Redeem(0, 100).ok());
  ASSERT_TRUE(Return(0, purchase, 100).ok());
  Buy(1, 30);
  Mature();
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(people_[1].Balance(), "0/-70") << "which counts against what the survivor had";
}

// Points of the one lie beside the other's debt, and each takes along their own.
TEST_F(MergeTest, EachStillOwesForTheirOwnGoodsWhenTheyPart) {
  for (const bool merged_owes : {true, false}) {
    SCOPED_TRACE(merged_owes);
    const int owes = merged_owes ? 0 : 1;
    Indebt(owes, 200);
    Buy(1 - owes, 60);
    Wait(absl::Hours(1));
    Buy(1 - owes, 40);
    Mature();
    const MemberState merged = Having(0);
    const MemberState survivor = Having(1);
    ASSERT_TRUE(Merge(0, 1).ok());
    EXPECT_EQ(people_[1].Balance(), "0/-100");
    ASSERT_TRUE(Unmerge(0, 1).ok());
    ExpectSame(Having(0), merged);
    ExpectSame(Having(1), survivor);
    Buy(owes, 200);
    Mature();
    EXPECT_EQ(BalanceNow(owes), "0/0");
    ASSERT_TRUE(Redeem(1 - owes, 100).ok());
  }
}

// Also through another merge on the way.
TEST_F(MergeTest, WhatWasEarnedMeanwhileIsNotTakenForTheOthersDebt) {
  Indebt(0, 100);
  ASSERT_TRUE(Merge(0, 1).ok());
  Buy(1, 70);
  Mature();
  ASSERT_TRUE(Merge(1, 2).ok());
  Buy(2, 50);
  Mature();
  EXPECT_EQ(BalanceNow(2), "0/20");
  ASSERT_TRUE(Redeem(2, 5).ok());
  ASSERT_TRUE(Unmerge(1, 2).ok());
  EXPECT_EQ(people_[2].Balance(), "0/50") << "what expires first was spent";
  EXPECT_EQ(people_[1].Balance(), "0/-35");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "0/65");
  EXPECT_EQ(people_[0].Balance(), "0/-100");
}

// Whoever earned them loses nothing: they would be gone.
TEST_F(MergeTest, WhatIsAboutToExpireRepaysTheOthersDebtFirst) {
  Indebt(0, 100);
  const std::string purchase = Buy(1, 70);
  Mature();
  ASSERT_TRUE(Merge(0, 1).ok());
  Wait(absl::Hours(24 * 10));
  EXPECT_EQ(BalanceNow(1), "0/-30");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/-30");
  EXPECT_EQ(people_[1].Balance(), "0/0");
}

// The program's word about debts holds for what a return would have left.
Program WithPolicy(DebtPolicy policy) {
  Program program = TenDays();
  program.debt_policy = policy;
  return program;
}

template <DebtPolicy policy>
class PolicyMergeTest : public MergeTest {
 protected:
  PolicyMergeTest() : MergeTest(WithPolicy(policy)) {}

  // One returns goods whose points are spent, while they are one.
  void ReturnAndPart() {
    const std::string purchase = Buy(0, 100);
    Mature();
    ASSERT_TRUE(Redeem(0, 100).ok());
    Buy(1, 70);
    Mature();
    ASSERT_TRUE(Merge(0, 1).ok());
    ASSERT_TRUE(Return(1, purchase, 60).ok());
    EXPECT_EQ(people_[1].Balance(), "0/10");
    ASSERT_TRUE(Unmerge(0, 1).ok());
  }
};

using DebtMergeTest = PolicyMergeTest<DebtPolicy::kAllowDebt>;

TEST_F(DebtMergeTest, WhatIsMissingIsOwedByWhoseGoodsTheyWere) {
  ReturnAndPart();
  EXPECT_EQ(people_[0].Balance(), "0/-60") << "as if it had been returned after they parted";
  EXPECT_EQ(people_[1].Balance(), "0/70");
}

using WriteOffMergeTest = PolicyMergeTest<DebtPolicy::kWriteOff>;

TEST_F(WriteOffMergeTest, NothingIsWrittenOffWhileThePurseHasPoints) {
  ReturnAndPart();
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(people_[1].Balance(), "0/10");
}

using RejectMergeTest = PolicyMergeTest<DebtPolicy::kReject>;

TEST_F(RejectMergeTest, ThePurseOfBothPays) {
  ReturnAndPart();
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(people_[1].Balance(), "0/10");
}

TEST_F(MergeTest, BackAndForthAsOftenAsOneLikes) {
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(Merge(i % 2, 1 - i % 2).ok()) << i;
    ASSERT_TRUE(Unmerge(i % 2, 1 - i % 2).ok()) << i;
  }
  EXPECT_THAT(people_[0].state().member.sharers, IsEmpty());
  EXPECT_THAT(people_[0].state().member.purses, SizeIs(1));
}

TEST_F(MergeTest, AMembershipThatHasEndedKeepsNobody) {
  const std::string purchase = Buy(0, 100);
  Indebt(1, 30);
  ASSERT_TRUE(Merge(0, 1).ok());
  Mature();
  EXPECT_EQ(people_[1].Balance(), "0/70");
  ASSERT_TRUE(Do(1, ChangeStatus{people_[1].Me(), MemberStatus::kClosed}).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].state().member.status, MemberStatus::kActive);
  EXPECT_EQ(people_[0].Balance(), "0/0") << "what was left has expired, and nothing is owed";
  EXPECT_EQ(people_[1].Balance(), "0/0");
  ASSERT_TRUE(Return(0, purchase, 10).ok());
  Buy(0, 5);
}

// The audit that follows has them in the order in which they were made.
TEST_F(MergeTest, ItDoesNotShowInWhatOrderHoldsWereLoaded) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Reserve(0, "b", 10).ok());
  ASSERT_TRUE(Reserve(0, "a", 20).ok());
  const auto load_otherwise = [this](int who) {
    std::vector<Reservation>& reservations = people_[who].state().reservations;
    std::reverse(reservations.begin(), reservations.end());
  };
  load_otherwise(0);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Do(1, ChangeStatus{people_[1].Me(), MemberStatus::kClosed}).ok());
  load_otherwise(1);
}

TEST_F(MergeTest, ADaysCapIsThatOfBothTogether) {
  Buy(0, 3, "food");  // 30 points.
  Buy(1, 1, "food");  // 10 points.
  ASSERT_TRUE(Merge(0, 1).ok());
  Buy(1, 3, "food");  // 10 more, up to 50 in all.
  EXPECT_EQ(AccountOf(people_[1].state(), "points").pending, 50);
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(AccountOf(people_[0].state(), "points").pending, 30);
  Buy(0, 10, "food");
  EXPECT_EQ(AccountOf(people_[0].state(), "points").pending, 50) << "their own cap";
}

TEST_F(MergeTest, UndoneAtOnceBothAreAsTheyWere) {
  const std::string purchase = Buy(0, 100);
  Buy(1, 100, "food");
  Mature();
  Buy(0, 20, "food");
  Buy(1, 9);
  ASSERT_TRUE(Return(0, purchase, 10).ok());
  ASSERT_TRUE(Redeem(0, 5).ok());
  ASSERT_TRUE(Reserve(0, "hold", 30).ok());
  ASSERT_TRUE(Reserve(1, "theirs", 3).ok());
  const MemberState merged = Having(0);
  const MemberState survivor = Having(1);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ExpectSame(Having(0), merged);
  ExpectSame(Having(1), survivor);
  // And once more: what came with the first merge is not taken for that of the second.
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ExpectSame(Having(0), merged);
  ExpectSame(Having(1), survivor);
  // The other way round.
  ASSERT_TRUE(Merge(1, 0).ok());
  ASSERT_TRUE(Unmerge(1, 0).ok());
  ExpectSame(Having(0), merged);
  ExpectSame(Having(1), survivor);
}

TEST_F(MergeTest, WhatWasSpentIsSpentAndWhatWasBoughtStays) {
  Buy(0, 100);
  Mature();
  Buy(1, 50);
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 30).ok());
  Buy(1, 11);
  Mature();
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/70");
  EXPECT_EQ(people_[1].Balance(), "0/61");
  EXPECT_EQ(testing::PurchasesOf(people_[0].state().member), 1);
  EXPECT_EQ(testing::PurchasesOf(people_[1].state().member), 2);
  EXPECT_EQ(testing::QualifyingOf(people_[0].state().member), 100);
  EXPECT_EQ(testing::QualifyingOf(people_[1].state().member), 61);
}

TEST_F(MergeTest, WhatAReturnLeftGoesBackWithThePurchase) {
  const std::string purchase = Buy(0, 100);
  Mature();
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 100).ok());
  ASSERT_TRUE(Return(1, purchase, 60).ok());
  EXPECT_EQ(people_[1].Balance(), "0/-60");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/-60");
  EXPECT_EQ(people_[1].Balance(), "0/0");
  EXPECT_EQ(testing::QualifyingOf(people_[0].state().member), 40);
  EXPECT_EQ(testing::QualifyingOf(people_[1].state().member), 0);
  ASSERT_TRUE(Return(0, purchase, 40).ok());
  EXPECT_EQ(people_[0].Balance(), "0/-100");
}

TEST_F(MergeTest, AHoldThatEndsInBetweenGivesBackToWhomItCameFrom) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 100).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Void(1, "hold").ok());
  EXPECT_EQ(people_[1].Balance(), "0/100");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/100");
  EXPECT_EQ(people_[1].Balance(), "0/0");
  ASSERT_THAT(people_[0].state().reservations, SizeIs(1));
  EXPECT_EQ(people_[0].state().reservations[0].status, ReservationStatus::kVoided);
}

TEST_F(MergeTest, AHoldThatTheSurvivorMadeStaysTheirs) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Reserve(1, "hold", 60).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/40");
  EXPECT_EQ(people_[1].Held(), 60);
  ASSERT_TRUE(Void(1, "hold").ok());
  EXPECT_EQ(people_[1].Balance(), "0/60");
}

TEST_F(MergeTest, GoodsThatWerePaidWithAHoldOfTheMergedMemberGoBackWithIt) {
  Buy(0, 100);
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 60).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  CapturePoints capture;
  capture.member = people_[1].Me();
  capture.reservation_id = "hold";
  ASSERT_TRUE(Do(1, capture).ok());
  const std::string goods = BuyWithPoints(1, "hold");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/40");
  ASSERT_TRUE(Return(0, goods, 10).ok());
  EXPECT_EQ(people_[0].Balance(), "0/100");
}

TEST_F(MergeTest, MergesOfMergesAreUndoneOneAfterTheOther) {
  Buy(0, 10);
  Buy(1, 20);
  Buy(2, 40);
  Mature();
  ASSERT_TRUE(Reserve(0, "hold", 3).ok());
  const MemberState states[] = {Having(0), Having(1), Having(2)};
  ASSERT_TRUE(Merge(0, 1).ok());
  const MemberState two = Having(1);
  ASSERT_TRUE(Merge(1, 2).ok());
  EXPECT_EQ(people_[2].Balance(), "0/67");
  EXPECT_EQ(people_[2].Held(), 3);
  EXPECT_THAT(people_[2].state().member.sharers, SizeIs(2));
  EXPECT_EQ(ReasonOf(Unmerge(0, 2)), "SURVIVOR_MERGED");
  ASSERT_TRUE(Unmerge(1, 2).ok());
  ExpectSame(Having(1), two);
  ExpectSame(Having(2), states[2]);
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ExpectSame(Having(0), states[0]);
  ExpectSame(Having(1), states[1]);
}

TEST_F(MergeTest, OnlyAliasesThatAreStillTheSurvivorsGoBack) {
  ASSERT_TRUE(Merge(0, 1).ok());
  RemoveAlias remove;
  remove.member = people_[1].Me();
  remove.alias = {"card", "4000"};
  ASSERT_TRUE(Do(1, remove).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_THAT(people_[0].state().aliases, IsEmpty());
  EXPECT_THAT(people_[1].state().aliases, ElementsAre(Alias{"card", "4001"}));
}

TEST_F(MergeTest, Refusals) {
  EXPECT_EQ(ReasonOf(Unmerge(0, 1)), "MEMBER_NOT_MERGED");
  EXPECT_EQ(ReasonOf(Merge(0, 0)), "MERGE_WITH_THEMSELVES");
  ChangeStatus change;
  change.member = people_[1].Me();
  change.status = MemberStatus::kSuspended;
  ASSERT_TRUE(Do(1, change).ok());
  EXPECT_EQ(ReasonOf(Merge(0, 1)), "MEMBER_SUSPENDED");
  EXPECT_EQ(ReasonOf(Merge(1, 0)), "MEMBER_SUSPENDED");
  change.status = MemberStatus::kActive;
  ASSERT_TRUE(Do(1, change).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(ReasonOf(Merge(0, 2)), "MEMBER_MERGED");
  EXPECT_EQ(ReasonOf(Merge(2, 0)), "MEMBER_MERGED");
  change.status = MemberStatus::kSuspended;
  ASSERT_TRUE(Do(1, change).ok());
  EXPECT_EQ(ReasonOf(Unmerge(0, 1)), "MEMBER_SUSPENDED");
  change.status = MemberStatus::kClosed;
  ASSERT_TRUE(Do(1, change).ok());
  EXPECT_EQ(ReasonOf(Merge(2, 1)), "MEMBER_CLOSED");
}

TEST_F(MergeTest, TwentyAliasesTogether) {
  for (int i = 0; i < 19; ++i) {
    AddAlias add;
    add.member = people_[1].Me();
    add.alias = {"phone", absl::StrCat(i)};
    ASSERT_TRUE(Do(1, add).ok());
  }
  EXPECT_EQ(ReasonOf(Merge(0, 1)), "TOO_MANY_ALIASES");
}

// Whatever two members did, a merge that is undone at once changes nothing; and whatever
// they do while they are one, no point is lost or made.
TEST_F(MergeTest, AnyLifeSurvivesBeingMergedAndUndone) {
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    Live(0, 8);
    Live(1, 8);
    const MemberState merged = Having(0);
    const MemberState survivor = Having(1);
    ASSERT_TRUE(Merge(0, 1).ok());
    ASSERT_TRUE(Unmerge(0, 1).ok());
    ExpectSame(Having(0), merged);
    ExpectSame(Having(1), survivor);
    ASSERT_TRUE(Merge(0, 1).ok());
    Live(1, 4);
    ASSERT_TRUE(Unmerge(0, 1).ok());
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace dangol::domain
