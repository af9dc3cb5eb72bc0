#include "client/demo/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/demo/history.h"

namespace dangol::demo {
namespace {

absl::Time Day(int year, int month, int day) {
  return absl::FromCivil(absl::CivilDay(year, month, day), ShopTimeZone());
}

MemberFacts Buyer(const std::string& card, std::vector<PurchaseFact> purchases) {
  MemberFacts facts;
  facts.card = card;
  facts.purchases = std::move(purchases);
  return facts;
}

Figures Make(const std::vector<MemberFacts>& members, const v1::GetTotalsResponse& totals = {}) {
  return MakeFigures(totals, "points", members, Day(2026, 5, 20), ShopTimeZone());
}

TEST(MedianTest, IsTheMiddleOrTheMeanOfTheTwoInTheMiddle) {
  EXPECT_EQ(Median({}), 0);
  EXPECT_EQ(Median({3}), 3);
  EXPECT_EQ(Median({9, 1, 2}), 2);
  EXPECT_EQ(Median({1, 9, 2, 4}), 3);
}

TEST(FiguresTest, TakesTotalsFromTheServer) {
  v1::GetTotalsResponse totals;
  totals.set_members(2);
  totals.set_purchases(7);
  totals.set_purchase_lines(9);
  auto* euro = totals.add_currencies();
  euro->set_currency("EUR");
  euro->set_gross_minor(5);
  auto* won = totals.add_currencies();
  won->set_currency("KRW");
  won->set_gross_minor(9000);
  totals.add_wallets()->set_wallet("miles");
  auto* points = totals.add_wallets();
  points->set_wallet("points");
  points->set_issued(90);
  const Figures figures = Make({}, totals);
  EXPECT_EQ(figures.members, 2);
  EXPECT_EQ(figures.purchases, 7);
  EXPECT_EQ(figures.lines, 9);
  EXPECT_EQ(figures.won, 9000);
  EXPECT_EQ(figures.points.issued(), 90);
}

TEST(FiguresTest, CountsRevenueAndBuyersByMonthWithoutGaps) {
  const Figures figures = Make({
      Buyer("1", {{Day(2026, 3, 1), 100}, {Day(2026, 3, 31), 200}, {Day(2026, 5, 1), 400}}),
      Buyer("2", {{Day(2026, 3, 2), 1000}}),
  });
  ASSERT_EQ(figures.revenue.size(), 3);
  EXPECT_EQ(figures.revenue[0].month, absl::CivilMonth(2026, 3));
  EXPECT_EQ(figures.revenue[0].won, 1300);
  EXPECT_EQ(figures.revenue[0].purchases, 3);
  EXPECT_EQ(figures.revenue[0].buyers, 2);
  EXPECT_EQ(figures.revenue[1].month, absl::CivilMonth(2026, 4));
  EXPECT_EQ(figures.revenue[1].won, 0);
  EXPECT_EQ(figures.revenue[2].won, 400);
}

TEST(FiguresTest, AnExpiryAtTheMidnightThatEndsAMonthBelongsToIt) {
  MemberFacts member;
  member.expiries = {{Day(2026, 6, 1), 10}, {Day(2026, 6, 2), 20}, {Day(2026, 8, 1), 5}};
  const Figures figures = Make({member});
  ASSERT_EQ(figures.expiries.size(), 3);
  EXPECT_EQ(figures.expiries[0].month, absl::CivilMonth(2026, 5));
  EXPECT_EQ(figures.expiries[0].points, 10);
  EXPECT_EQ(figures.expiries[1].points, 20);
  EXPECT_EQ(figures.expiries[2].points, 5);
}

TEST(FiguresTest, MeasuresHabits) {
  const Habits habits =
      Make({
               Buyer("1", {{Day(2026, 1, 1), 1}, {Day(2026, 1, 11), 1}, {Day(2026, 1, 15), 1}}),
               Buyer("2", {{Day(2026, 5, 1), 1}}),
               Buyer("3", {{Day(2026, 1, 1), 1}, {Day(2026, 1, 31), 1}}),
               Buyer("4", {}),
           })
          .habits;
  EXPECT_NEAR(habits.bought_again, 2.0 / 3, 1e-9);
  EXPECT_EQ(habits.days_between, 10);
  EXPECT_EQ(habits.days_to_second, 20);
  EXPECT_NEAR(habits.bought_lately, 1.0 / 3, 1e-9);
}

TEST(FiguresTest, RanksMembersByWhatTheySpent) {
  std::vector<MemberFacts> members;
  for (int number = 1; number <= 20; ++number) {
    members.push_back(Buyer(std::to_string(number), {{Day(2026, 1, 1), number * 10}}));
  }
  members[4].points_pending = 3;
  members[19].points_available = 7;
  const Figures figures = Make(members);
  ASSERT_EQ(figures.top.size(), 10);
  EXPECT_EQ(figures.top[0].card, "20");
  EXPECT_EQ(figures.top[0].won, 200);
  EXPECT_EQ(figures.top[0].points, 7);
  EXPECT_EQ(figures.top[9].card, "11");
  // The four best of 20 spent 200 + 190 + 180 + 170 of 2,100.
  EXPECT_NEAR(figures.habits.top_fifth, 740.0 / 2100, 1e-9);
}

TEST(LadderTest, TellsWhereMembersWere) {
  Ladder ladder;
  ladder.tiers = {{"bronze", "Bronze"}, {"gold", "Gold"}};
  std::vector<MemberFacts> members = {Buyer("1", {{Day(2025, 6, 1), 10}}),
                                      Buyer("2", {{Day(2026, 4, 1), 10}}), Buyer("3", {})};
  members[0].first_day = absl::CivilDay(2025, 6, 1);
  members[0].tiers = {{absl::CivilDay(2025, 12, 31), "gold"}};
  members[1].first_day = absl::CivilDay(2026, 4, 1);
  AddMigration(members, absl::CivilDay(2026, 5, 20), ladder);
  ASSERT_EQ(ladder.days.size(), 9);
  EXPECT_EQ(ladder.days[0].day, absl::CivilDay(2024, 5, 31));
  EXPECT_THAT(ladder.days[0].members, testing::ElementsAre(0, 0));
  EXPECT_EQ(ladder.days[6].day, absl::CivilDay(2025, 11, 30));
  EXPECT_THAT(ladder.days[6].members, testing::ElementsAre(1, 0));
  EXPECT_THAT(ladder.days[8].members, testing::ElementsAre(1, 1));
}

TEST(FiguresTest, WorksWithoutAnything) {
  const Figures figures = Make({});
  EXPECT_TRUE(figures.revenue.empty());
  EXPECT_TRUE(figures.expiries.empty());
  EXPECT_TRUE(figures.top.empty());
  EXPECT_EQ(figures.habits.bought_again, 0);
}

}  // namespace
}  // namespace dangol::demo
