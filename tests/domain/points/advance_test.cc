#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;

Program OneDayPendingSevenDaysToLive() {
  Program program = SimpleProgram();
  program.wallets[0].pending_days = 1;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 7, 0};
  return program;
}

void BuyAt(Scenario& scenario, const char* time) {
  ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), Utc(time), Utc(time)).ok());
}

TEST(AdvanceTest, DoesNothingBeforeAnythingIsDue) {
  Scenario scenario(OneDayPendingSevenDaysToLive());
  BuyAt(scenario, "2026-01-15 12:00:00");
  const Effects effects = Advance(scenario.state(), scenario.catalog(), Utc("2026-01-15 23:59:59"));
  EXPECT_FALSE(effects.member.has_value());
  EXPECT_TRUE(effects.entries.empty());
}

TEST(AdvanceTest, FollowsALotThroughItsLife) {
  Scenario scenario(OneDayPendingSevenDaysToLive());
  BuyAt(scenario, "2026-01-15 12:00:00");
  EXPECT_EQ(scenario.Balance(), "10/0");
  scenario.AdvanceTo(Utc("2026-01-16 00:00:00"));
  EXPECT_EQ(scenario.Balance(), "0/10");
  EXPECT_EQ(scenario.state().member.next_due_at, Utc("2026-01-23 00:00:00"));
  scenario.AdvanceTo(Utc("2026-01-23 00:00:00"));
  EXPECT_EQ(scenario.Balance(), "0/0");
  EXPECT_TRUE(scenario.state().lots.empty());
  EXPECT_EQ(scenario.state().member.next_due_at, absl::InfiniteFuture());
  ASSERT_EQ(scenario.entries().size(), 3u);
  EXPECT_EQ(scenario.entries()[2].kind, EntryKind::kExpire);
  EXPECT_EQ(scenario.entries()[2].effective_at, Utc("2026-01-23 00:00:00"));
  EXPECT_EQ(scenario.entries()[2].principal, "system");
}

TEST(AdvanceTest, HappensInTheOrderOfTime) {
  Scenario scenario(OneDayPendingSevenDaysToLive());
  BuyAt(scenario, "2026-01-15 12:00:00");
  BuyAt(scenario, "2026-01-15 13:00:00");
  BuyAt(scenario, "2026-01-22 12:00:00");  // Matures at the midnight at which the others expire.
  scenario.AdvanceTo(Utc("2026-03-01 00:00:00"));
  std::vector<std::pair<EntryKind, int64_t>> events;
  for (const LedgerEntry& entry : scenario.entries()) {
    if (entry.kind != EntryKind::kEarn) events.emplace_back(entry.kind, entry.lot);
  }
  using enum EntryKind;
  EXPECT_THAT(events, ::testing::ElementsAre(std::pair(kMature, 1), std::pair(kMature, 2),
                                             std::pair(kMature, 5), std::pair(kExpire, 1),
                                             std::pair(kExpire, 2), std::pair(kExpire, 5)));
}

TEST(AdvanceTest, MakesNoDifferenceWhenItRuns) {
  // Every day, or once in the end: the same points at the same effective times.
  Scenario daily(OneDayPendingSevenDaysToLive());
  Scenario late(OneDayPendingSevenDaysToLive());
  for (int day = 0; day < 20; ++day) {
    const absl::Time now = Utc("2026-01-01 09:00:00") + absl::Hours(24 * day);
    daily.AdvanceTo(now);
    if (day % 3 == 0) {
      ASSERT_TRUE(daily.Buy(PurchaseOf({Line(1'000 + day)}), now, now).ok());
      ASSERT_TRUE(late.Buy(PurchaseOf({Line(1'000 + day)}), now, now).ok());
    }
  }
  const absl::Time end = Utc("2026-01-25 00:00:00");
  daily.AdvanceTo(end);
  late.AdvanceTo(end);
  EXPECT_EQ(daily.Balance(), late.Balance());
  ASSERT_EQ(daily.entries().size(), late.entries().size());
  for (size_t i = 0; i < daily.entries().size(); ++i) {
    EXPECT_EQ(daily.entries()[i].effective_at, late.entries()[i].effective_at);
    EXPECT_EQ(daily.entries()[i].points, late.entries()[i].points);
    EXPECT_EQ(daily.entries()[i].kind, late.entries()[i].kind);
  }
}

}  // namespace
}  // namespace dangol::domain
