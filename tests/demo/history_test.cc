#include "client/demo/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dangol::demo {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::Le;

absl::Time End() {
  return absl::FromCivil(absl::CivilSecond(2026, 11, 22, 15, 0, 0), ShopTimeZone());
}

// Everything about a history, as text.
std::vector<std::string> Describe(const History& history) {
  std::vector<std::string> lines;
  for (const MemberPlan& member : history.members) {
    lines.push_back(absl::StrCat(member.card, "|", member.name, "|", member.city, "|",
                                 absl::FormatTime(member.enrolled_at)));
  }
  for (const PurchasePlan& purchase : history.purchases) {
    std::string line = absl::StrCat(purchase.member, "|", absl::FormatTime(purchase.occurred_at),
                                    "|", purchase.channel, "|", purchase.store_id);
    for (const LinePlan& part : purchase.lines) {
      absl::StrAppend(&line, "|", part.article->sku, "x", part.quantity);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// Of the default size; made once, since the tests only look at it.
const History& Whole() {
  static const History* const history = new History(GenerateHistory({.until = End()}));
  return *history;
}

std::vector<int> PurchasesByMember(const History& history) {
  std::vector<int> counts(history.members.size());
  for (const PurchasePlan& purchase : history.purchases) {
    counts[purchase.member] += 1;
  }
  return counts;
}

TEST(HistoryTest, SameSeedMakesTheSameHistory) {
  const HistoryOptions options = {.seed = 7, .members = 200, .until = End()};
  EXPECT_EQ(Describe(GenerateHistory(options)), Describe(GenerateHistory(options)));
}

TEST(HistoryTest, AnotherSeedMakesAnotherHistory) {
  EXPECT_NE(Describe(GenerateHistory({.seed = 7, .members = 200, .until = End()})),
            Describe(GenerateHistory({.seed = 8, .members = 200, .until = End()})));
}

TEST(HistoryTest, MoreMembersLeaveTheOthersAsTheyAre) {
  const History few = GenerateHistory({.members = 50, .until = End()});
  const History many = GenerateHistory({.members = 60, .until = End()});
  const std::vector<int> counts = PurchasesByMember(many);
  EXPECT_EQ(PurchasesByMember(few), std::vector<int>(counts.begin(), counts.begin() + 50));
}

TEST(HistoryTest, IsAsLargeAsTheDemoCanShow) {
  EXPECT_EQ(Whole().members.size(), 5000);
  EXPECT_THAT(Whole().purchases.size(), AllOf(Ge(60000), Le(100000)));
}

TEST(HistoryTest, RunsInOrderThroughTheDaysBeforeItsEnd) {
  const std::vector<PurchasePlan>& purchases = Whole().purchases;
  EXPECT_GT(purchases.front().occurred_at, End() - absl::Hours(24 * (HistoryOptions{}.days + 1)));
  EXPECT_GT(purchases.back().occurred_at, End() - absl::Hours(24));
  EXPECT_LT(purchases.back().occurred_at, End());
  EXPECT_TRUE(std::is_sorted(purchases.begin(), purchases.end(), [](const auto& a, const auto& b) {
    return a.occurred_at < b.occurred_at;
  }));
}

TEST(HistoryTest, NobodyBuysBeforeTheyJoinAndEverybodyBuysAtLeastOnce) {
  for (const PurchasePlan& purchase : Whole().purchases) {
    ASSERT_LE(Whole().members[purchase.member].enrolled_at, purchase.occurred_at);
  }
  EXPECT_THAT(PurchasesByMember(Whole()), ::testing::Each(Ge(1)));
}

TEST(HistoryTest, CardsAreUnique) {
  std::vector<std::string> cards;
  for (const MemberPlan& member : Whole().members) {
    cards.push_back(member.card);
  }
  std::sort(cards.begin(), cards.end());
  EXPECT_EQ(std::unique(cards.begin(), cards.end()), cards.end());
}

TEST(HistoryTest, ManyBuyOnceAndAFewBuyMost) {
  std::vector<int> counts = PurchasesByMember(Whole());
  const auto once = static_cast<double>(std::count(counts.begin(), counts.end(), 1));
  EXPECT_THAT(once / 5000, AllOf(Gt(0.15), Le(0.40)));
  std::sort(counts.rbegin(), counts.rend());
  double top_fifth = 0;
  for (std::size_t place = 0; place < 1000; ++place) {
    top_fifth += counts[place];
  }
  EXPECT_THAT(top_fifth / static_cast<double>(Whole().purchases.size()), AllOf(Gt(0.5), Le(0.8)));
}

TEST(HistoryTest, FollowsWeekdaysAndSeasons) {
  std::map<absl::Weekday, int> weekdays;
  std::map<absl::CivilMonth, int> months;
  for (const PurchasePlan& purchase : Whole().purchases) {
    const absl::CivilDay day = absl::ToCivilDay(purchase.occurred_at, ShopTimeZone());
    weekdays[absl::GetWeekday(day)] += 1;
    months[absl::CivilMonth(day)] += 1;
  }
  EXPECT_GT(weekdays[absl::Weekday::saturday], weekdays[absl::Weekday::monday] * 1.2);
  EXPECT_GT(months[absl::CivilMonth(2025, 12)], months[absl::CivilMonth(2025, 11)]);
  EXPECT_GT(months[absl::CivilMonth(2025, 9)], months[absl::CivilMonth(2025, 8)]);
}

TEST(HistoryTest, ShopsSellWhileTheyAreOpen) {
  for (const PurchasePlan& purchase : Whole().purchases) {
    ASSERT_EQ(purchase.channel == "store", !purchase.store_id.empty());
    if (purchase.channel != "store") continue;
    const int hour = absl::ToCivilHour(purchase.occurred_at, ShopTimeZone()).hour();
    ASSERT_THAT(hour, AllOf(Ge(8), Le(22)));
  }
}

TEST(HistoryTest, BasketsAreOfAFewThings) {
  double lines = 0;
  double won = 0;
  for (const PurchasePlan& purchase : Whole().purchases) {
    ASSERT_FALSE(purchase.lines.empty());
    lines += static_cast<double>(purchase.lines.size());
    for (const LinePlan& line : purchase.lines) {
      ASSERT_GE(line.quantity, 1);
      won += static_cast<double>(line.quantity * line.article->price_won);
    }
  }
  const auto purchases = static_cast<double>(Whole().purchases.size());
  EXPECT_THAT(lines / purchases, AllOf(Gt(1.5), Le(3.0)));
  EXPECT_THAT(won / purchases, AllOf(Gt(12000), Le(30000)));
}

}  // namespace
}  // namespace dangol::demo
