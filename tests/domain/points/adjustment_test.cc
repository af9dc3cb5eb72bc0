#include "server/domain/points/adjustment.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
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

// What a store loads of an adjustment.
void LoadAdjusted(Scenario& life, const std::vector<Lot>& lots) {
  life.state().adjusted_lots = lots;
  life.state().adjusted_entries = life.entries();
}

// Nobody has looked since the points were due: what has expired was never spent, and is no debt.
TEST(AdjustmentTest, WhatHasExpiredMeanwhileIsNotOwed) {
  for (const bool is_recorded : {true, false}) {
    Scenario life(SevenDays(DebtPolicy::kAllowDebt));
    ASSERT_TRUE(life.Do(Giving(life, 100), Utc(kNoon)).ok());
    const std::vector<Lot> lots = life.state().lots;
    const absl::Time later = Utc(kNoon) + absl::Hours(24 * 9);
    if (is_recorded) life.AdvanceTo(later);
    LoadAdjusted(life, lots);
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
    const std::vector<Lot> lots = life.state().lots;
    ReservePoints redeem{life.Me(), "r-1", "points", 60, absl::Minutes(15), /*capture=*/true};
    ASSERT_TRUE(life.Do(redeem, Utc(kNoon)).ok());
    LoadAdjusted(life, lots);
    ASSERT_TRUE(life.Do(Undoing(life), Utc(kNoon)).ok());
    EXPECT_EQ(life.Balance(), balance);
    LoadAdjusted(life, lots);
    EXPECT_EQ(DetailsOf(life.Do(Undoing(life), Utc(kNoon)).status()).reason, "ADJUSTMENT_UNDONE");
  }
}

TEST(AdjustmentTest, NothingIsUndoneByHalvesWhereNothingMayBeOwed) {
  Scenario life(SevenDays(DebtPolicy::kReject));
  ASSERT_TRUE(life.Do(Giving(life, 100), Utc(kNoon)).ok());
  const std::vector<Lot> lots = life.state().lots;
  ReservePoints redeem{life.Me(), "r-1", "points", 60, absl::Minutes(15), /*capture=*/true};
  ASSERT_TRUE(life.Do(redeem, Utc(kNoon)).ok());
  LoadAdjusted(life, lots);
  EXPECT_EQ(DetailsOf(life.Do(Undoing(life), Utc(kNoon)).status()).reason, "INSUFFICIENT_POINTS");
  EXPECT_EQ(life.Balance(), "0/40");
}

}  // namespace
}  // namespace dangol::domain
