// What a program drops, and what becomes of points in a wallet that is declared no more.

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "server/domain/program/in_use.h"
#include "tests/domain/scenario.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Utc;

const absl::Time kBegin = Utc("2026-01-15 12:00:00");
absl::Time Day(int days) { return kBegin + absl::Hours(24 * days); }

// Says nothing of the wallet "points", but for what is said.
Program OtherProgram() {
  Program other = testing::SimpleProgram();
  other.wallets[0].id = "stamps";
  return other;
}

TEST(RetiredTest, WhatIsDroppedIsNeitherDeclaredNorRetired) {
  const ProgramCatalog known = testing::CatalogOf(testing::SimpleProgram());
  Program next = testing::SimpleProgram();
  EXPECT_THAT(Dropped(PartKind::kWallet, next, known), IsEmpty());
  EXPECT_THAT(Dropped(PartKind::kCurrency, next, known), IsEmpty());
  next = OtherProgram();
  next.currencies.pop_back();
  EXPECT_THAT(Dropped(PartKind::kWallet, next, known), ElementsAre("points"));
  EXPECT_THAT(Dropped(PartKind::kCurrency, next, known), ElementsAre("KRW"));
  EXPECT_THAT(Dropped(PartKind::kReward, next, known), IsEmpty());
  next.retired_wallets = {"points"};
  next.retired_currencies = {"KRW"};
  EXPECT_THAT(Dropped(PartKind::kWallet, next, known), IsEmpty());
  EXPECT_THAT(Dropped(PartKind::kCurrency, next, known), IsEmpty());
}

TEST(RetiredTest, AWalletIsAsItWasLastDeclared) {
  Scenario life(testing::SimpleProgram());
  const auto grace = [&](absl::Time at) {
    const ProgramCatalog::Declared declared = life.catalog().LastDeclared("points", at);
    return declared.wallet == nullptr ? -1 : declared.wallet->grace_days;
  };
  Program next = testing::SimpleProgram();
  next.wallets[0].grace_days = 7;
  life.Activate(next, Day(10));
  next.wallets[0].grace_days = 30;
  life.Activate(next, Day(30));
  life.Activate(OtherProgram(), Day(20));  // In the place of the last, which never began.
  EXPECT_EQ(grace(Day(9)), 0);
  EXPECT_EQ(grace(Day(10)), 7);
  EXPECT_EQ(grace(Day(40)), 7);
  EXPECT_EQ(life.catalog().LastDeclared("miles", Day(40)).wallet, nullptr);
}

// Its grace days and what its points are worth are those of the last version that declared it.
TEST(RetiredTest, PointsKeepTheRulesTheyWereEarnedUnder) {
  Program program = testing::SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 10, 0};
  program.wallets[0].grace_days = 5;
  program.wallets[0].value = PointValue{0, 1, 1};
  Scenario life(program);
  Purchase purchase = testing::PurchaseOf({testing::Line(10'000)});
  purchase.purchase_id = "p-1";
  ASSERT_TRUE(life.Buy(purchase, kBegin, kBegin).ok());
  ReservePoints reserve;
  reserve.member = life.Me();
  reserve.reservation_id = "r-1";
  reserve.points = 40;
  reserve.time_to_live = absl::Hours(24 * 12);
  ASSERT_TRUE(life.Do(reserve, Day(1)).ok());
  life.Activate(OtherProgram(), Day(2));

  reserve.wallet = "points";
  reserve.reservation_id = "r-2";
  EXPECT_FALSE(life.Do(reserve, Day(3)).ok());
  Purchase later = testing::PurchaseOf({testing::Line(1'000)});
  later.purchase_id = "p-2";
  later.paid_with_points_minor = 100;
  later.reservation_id = "r-1";
  const auto paid = life.Buy(later, Day(3), Day(3));
  ASSERT_TRUE(paid.ok()) << paid.status();
  EXPECT_EQ(paid->payment->unpaid_minor, 60) << "40 points are worth 40 cents as before";
  EXPECT_EQ(life.Balance(), "0/60");

  life.AdvanceTo(Day(12));
  EXPECT_EQ(life.Balance(), "0/0") << "they expire as they were to";
  life.AdvanceTo(Day(14));
  EXPECT_EQ(life.Balance(), "0/40") << "the hold has lapsed, and the days of grace are given";
  life.AdvanceTo(Day(20));
  EXPECT_EQ(life.Balance(), "0/0");
}

}  // namespace
}  // namespace dangol::domain
