#include "server/domain/points/adjustment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "tests/domain/member/merge_fixture.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;

constexpr char kNoon[] = "2026-01-15 12:00:00";

// Points live for seven days.
Program SevenDays(DebtPolicy policy) {
  Program program = SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 7, 0};
  program.adjustment_reasons = {{"goodwill", 500}};
  program.debt_policy = policy;
  return program;
}

AdjustPoints Giving(const Scenario& life, int64_t points) {
  return {life.Me(), "points", points, "goodwill", "grant", ""};
}

AdjustPoints Undoing(const Scenario& life) {
  return {life.Me(), "", 0, "goodwill", "undo", "grant"};
}

// Nobody has looked since the points were due: what has expired was never spent, and is no debt.
TEST(AdjustmentTest, WhatHasExpiredMeanwhileIsNotOwed) {
  for (const bool is_recorded : {true, false}) {
    Scenario life(SevenDays(DebtPolicy::kAllowDebt));
    ASSERT_TRUE(life.Do(Giving(life, 100), Utc(kNoon)).ok());
    const absl::Time later = Utc(kNoon) + absl::Hours(24 * 9);
    if (is_recorded) life.AdvanceTo(later);
    life.LoadAdjusted("grant");
    const auto undone = life.Do(Undoing(life), later);
    ASSERT_TRUE(undone.ok()) << undone.status();
    EXPECT_EQ(life.Balance(), "0/0") << is_recorded;
  }
}

TEST(AdjustmentTest, WhatWasSpentOfItFollowsTheDebtPolicy) {
  for (const auto& [policy, balance] :
       {std::pair(DebtPolicy::kAllowDebt, "0/-60"), std::pair(DebtPolicy::kWriteOff, "0/0")}) {
    Scenario life(SevenDays(policy));
    ASSERT_TRUE(life.Do(Giving(life, 100), Utc(kNoon)).ok());
    ReservePoints redeem{life.Me(), "r-1", "points", 60, absl::Minutes(15), /*capture=*/true};
    ASSERT_TRUE(life.Do(redeem, Utc(kNoon)).ok());
    life.LoadAdjusted("grant");
    ASSERT_TRUE(life.Do(Undoing(life), Utc(kNoon)).ok());
    EXPECT_EQ(life.Balance(), balance);
    life.LoadAdjusted("grant");
    EXPECT_EQ(DetailsOf(life.Do(Undoing(life), Utc(kNoon)).status()).reason, "ADJUSTMENT_UNDONE");
  }
}

TEST(AdjustmentTest, NothingIsUndoneByHalvesWhereNothingMayBeOwed) {
  Scenario life(SevenDays(DebtPolicy::kReject));
  ASSERT_TRUE(life.Do(Giving(life, 100), Utc(kNoon)).ok());
  ReservePoints redeem{life.Me(), "r-1", "points", 60, absl::Minutes(15), /*capture=*/true};
  ASSERT_TRUE(life.Do(redeem, Utc(kNoon)).ok());
  life.LoadAdjusted("grant");
  EXPECT_EQ(DetailsOf(life.Do(Undoing(life), Utc(kNoon)).status()).reason, "INSUFFICIENT_POINTS");
  EXPECT_EQ(life.Balance(), "0/40");
}

// Adjustments of members who are merged or share a household, and part again.
class MovedAdjustmentTest : public MergeTest {
 protected:
  explicit MovedAdjustmentTest(DebtPolicy policy = DebtPolicy::kAllowDebt)
      : MergeTest(WithPolicy(policy)) {}

 private:
  static Program WithPolicy(DebtPolicy policy) {
    Program program = TenDays();
    program.debt_policy = policy;
    return program;
  }
};

class GivenUpAdjustmentTest : public MovedAdjustmentTest {
 protected:
  GivenUpAdjustmentTest() : MovedAdjustmentTest(DebtPolicy::kWriteOff) {}
};

TEST_F(MovedAdjustmentTest, TheSurvivorUndoesThatOfTheMergedMember) {
  ASSERT_TRUE(Adjust(0, "grant", 100).ok());
  ASSERT_TRUE(Adjust(1, "own", 30).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "0/130");
  ASSERT_TRUE(UndoAdjustment(1, "grant").ok());
  EXPECT_EQ(people_[1].Balance(), "0/30");
  EXPECT_EQ(ReasonOf(UndoAdjustment(1, "grant")), "ADJUSTMENT_UNDONE");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(ReasonOf(UndoAdjustment(0, "grant")), "ADJUSTMENT_UNDONE");
  EXPECT_EQ(ReasonOf(UndoAdjustment(1, "grant")), "ADJUSTMENT_NOT_FOUND");
}

TEST_F(MovedAdjustmentTest, AfterAnUnmergeItIsThePersonsOwnAgain) {
  ASSERT_TRUE(Adjust(0, "grant", 100).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 60).ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/40");
  EXPECT_EQ(ReasonOf(UndoAdjustment(1, "grant")), "ADJUSTMENT_NOT_FOUND");
  ASSERT_TRUE(UndoAdjustment(0, "grant").ok());
  EXPECT_EQ(people_[0].Balance(), "0/-60") << "what was spent of it, whoever spent it";
  EXPECT_EQ(people_[1].Balance(), "0/0");
  // They owe it wherever they are, and undoing it once more is refused there as well.
  ASSERT_TRUE(Merge(0, 2).ok());
  EXPECT_EQ(people_[2].Balance(), "0/-60");
  EXPECT_EQ(ReasonOf(UndoAdjustment(2, "grant")), "ADJUSTMENT_UNDONE");
}

TEST_F(MovedAdjustmentTest, ItsOwnPointsGoFirstOverMergesOfMerges) {
  ASSERT_TRUE(Adjust(0, "grant", 100).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  Wait(absl::Hours(24));
  ASSERT_TRUE(Adjust(2, "later", 50).ok());
  ASSERT_TRUE(Merge(1, 2).ok());
  ASSERT_TRUE(Redeem(2, 40).ok());
  ASSERT_TRUE(UndoAdjustment(2, "grant").ok());
  EXPECT_EQ(people_[2].Balance(), "0/10") << "50, less the 40 that were spent";
  ASSERT_TRUE(UndoAdjustment(2, "later").ok());
  EXPECT_EQ(people_[2].Balance(), "0/-40");
}

TEST_F(MovedAdjustmentTest, PointsThatItTookComeBackAsTheyWere) {
  Buy(0, 100);
  Mature();
  const std::vector<Lot> before = people_[0].state().lots;
  ASSERT_TRUE(Adjust(0, "taken", -100).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  EXPECT_EQ(people_[1].Balance(), "0/0");
  ASSERT_TRUE(UndoAdjustment(1, "taken").ok());
  ASSERT_EQ(people_[1].state().lots.size(), 1u);
  EXPECT_EQ(NameOf(people_[1].state().lots[0]), NameOf(before[0]));
  EXPECT_EQ(people_[1].state().lots[0].expires_at, before[0].expires_at);
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/100");
  EXPECT_EQ(ReasonOf(UndoAdjustment(0, "taken")), "ADJUSTMENT_UNDONE");
}

TEST_F(MovedAdjustmentTest, WhatHasExpiredOfItElsewhereIsNotOwed) {
  ASSERT_TRUE(Adjust(0, "grant", 100).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(Redeem(1, 30).ok());
  Wait(absl::Hours(12 * 24));
  EXPECT_EQ(BalanceNow(1), "0/0");
  ASSERT_TRUE(Unmerge(0, 1).ok());
  ASSERT_TRUE(UndoAdjustment(0, "grant").ok());
  EXPECT_EQ(people_[0].Balance(), "0/-30");
}

TEST_F(GivenUpAdjustmentTest, IsNotUndoneOnceMoreElsewhere) {
  ASSERT_TRUE(Adjust(0, "grant", 100).ok());
  ASSERT_TRUE(Redeem(0, 100).ok());
  ASSERT_TRUE(Merge(0, 1).ok());
  ASSERT_TRUE(UndoAdjustment(1, "grant").ok());
  ASSERT_TRUE(Unmerge(0, 1).ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(ReasonOf(UndoAdjustment(0, "grant")), "ADJUSTMENT_UNDONE");
}

TEST_F(MovedAdjustmentTest, AHouseholdUndoesWhatOneOfThemBrought) {
  ASSERT_TRUE(Adjust(0, "first", 100).ok());
  ASSERT_TRUE(Adjust(0, "second", 20).ok());
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Adjust(1, "third", 3, /*person=*/0).ok());
  ASSERT_TRUE(UndoAdjustment(1, "first", /*person=*/0).ok());
  EXPECT_EQ(people_[1].Balance(), "0/23");
  ASSERT_TRUE(UndoAdjustment(1, "second").ok()) << "the head may, as of any in their purse";
  EXPECT_EQ(people_[1].Balance(), "0/3");
  ASSERT_TRUE(Leave(0, 1).ok());
  EXPECT_EQ(ReasonOf(UndoAdjustment(1, "third")), "ADJUSTMENT_NOT_FOUND");
  ASSERT_TRUE(UndoAdjustment(0, "third").ok());
  EXPECT_EQ(people_[0].Balance(), "0/0");
  EXPECT_EQ(ReasonOf(UndoAdjustment(0, "second")), "ADJUSTMENT_UNDONE");
}

// It was undone where neither the one nor the other purse is.
TEST_F(MovedAdjustmentTest, IsUndoneOnceWhicheverHouseholdsTheyWereIn) {
  ASSERT_TRUE(Join(0, 1).ok());
  ASSERT_TRUE(Adjust(1, "grant", 100, /*person=*/0).ok());
  ASSERT_TRUE(Leave(0, 1).ok());
  ASSERT_TRUE(Join(0, 2).ok());
  ASSERT_TRUE(UndoAdjustment(2, "grant", /*person=*/0).ok());
  ASSERT_TRUE(Leave(0, 2).ok());
  ASSERT_TRUE(Join(0, 1).ok());
  EXPECT_EQ(ReasonOf(UndoAdjustment(1, "grant")), "ADJUSTMENT_UNDONE");
  EXPECT_EQ(people_[1].Balance(), "0/0");
}

// Who act as anybody may, one of three after the other.
class AnyMovesTest : public MovedAdjustmentTest {
 protected:
  const std::optional<Joined>& JoinedOf(int who) { return people_[who].state().member.joined; }
  int IndexOf(const MemberId& id) const {
    int who = 0;
    while (people_[who].Me().id != id) ++who;
    return who;
  }
  int PurseOf(int who) {
    while (JoinedOf(who).has_value()) who = IndexOf(JoinedOf(who)->into);
    return who;
  }
  // As Do wants it: whom somebody has become, unless the purse is theirs.
  int PersonIn(int purse, int who) {
    while (JoinedOf(who).has_value() && !JoinedOf(who)->household)
      who = IndexOf(JoinedOf(who)->into);
    return who == purse ? -1 : who;
  }

  void Step(int who) {
    const int purse = PurseOf(who);
    switch (Below(8)) {
      case 0:
      case 1: {
        const int with = PurseOf((who + 1 + Below(2)) % 3);
        if (with != who) (void)(Below(2) == 0 ? Merge(who, with) : Join(who, with));
        break;
      }
      case 2:
        if (purse != who)
          (void)(JoinedOf(who)->household ? Leave(who, purse) : Unmerge(who, purse));
        break;
      case 3:
        (void)Redeem(purse, 1 + Below(80));
        break;
      case 4:
        Wait(absl::Hours(1 + Below(60)));
        break;
      case 5:
      case 6:
        Grant(purse, PersonIn(purse, who));
        break;
      default:
        Undo(purse, PersonIn(purse, who));
    }
  }

  int undone() const { return static_cast<int>(undone_.size()); }
  int elsewhere() const { return elsewhere_; }

 private:
  void Grant(int purse, int person) {
    const std::string id = absl::StrCat("a-", made_in_.size());
    const bool taken = Below(3) == 0;
    if (Adjust(purse, id, taken ? -1 - Below(40) : 1 + Below(100), person).ok()) {
      made_in_.push_back(purse);
    }
  }

  void Undo(int purse, int person) {
    if (made_in_.empty()) return;
    const int made = static_cast<int>(made_in_.size());
    const int number = made - 1 - Below(std::min(made, 20));
    const std::string id = absl::StrCat("a-", number);
    const size_t before = people_[purse].entries().size();
    if (!UndoAdjustment(purse, id, person).ok()) return;
    const std::vector<LedgerEntry>& entries = people_[purse].entries();
    // What has expired altogether leaves nothing to be undone, and no trace of it.
    const bool is_any =
        std::any_of(entries.begin() + static_cast<std::ptrdiff_t>(before), entries.end(),
                    [&](const LedgerEntry& entry) { return entry.reference == id; });
    if (!is_any) return;
    EXPECT_TRUE(undone_.insert(id).second) << id << " is undone twice";
    if (made_in_[static_cast<size_t>(number)] != purse) ++elsewhere_;
  }

  std::vector<int> made_in_;  // Whose purse, by the number of the adjustment.
  std::set<std::string> undone_;
  int elsewhere_ = 0;
};

// The books balance after each step, and an audit comes to the same at the end.
TEST_F(AnyMovesTest, EachIsUndoneOnceAtMostWhereverItsPointsHaveGone) {
  for (int i = 0; i < 4'000; ++i) Step(Below(3));
  EXPECT_GT(undone(), 100);
  EXPECT_GT(elsewhere(), 30);
}

}  // namespace
}  // namespace dangol::domain
