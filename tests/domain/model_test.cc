// Random lives of a member against a model that keeps nothing but the purchases
// and works out every answer from scratch.

#include <gtest/gtest.h>

#include <random>

#include "server/domain/program/calendar.h"
#include "tests/domain/scenario.h"
#include "tests/support/histories.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::Utc;

struct Earning {
  absl::CivilDay day;
  absl::Time occurred_at;
  int64_t points;
};

struct Model {
  int pending_days;
  int live_days;
  std::vector<Earning> earnings;

  std::string BalanceAt(absl::Time now, absl::TimeZone zone) const {
    int64_t pending = 0;
    int64_t available = 0;
    const absl::CivilDay today = absl::ToCivilDay(now, zone);
    for (const Earning& earning : earnings) {
      if (today > earning.day + live_days) continue;
      const bool is_pending = pending_days > 0 && today < earning.day + pending_days;
      (is_pending ? pending : available) += earning.points;
    }
    return absl::StrCat(pending, "/", available);
  }
};

void LiveOneLife(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto up_to = [&](int n) { return static_cast<int>(random() % static_cast<uint64_t>(n)); };
  Program program = testing::SimpleProgram();
  const char* zones[] = {"UTC", "Europe/London", "America/Sao_Paulo", "Asia/Seoul"};
  ASSERT_TRUE(absl::LoadTimeZone(zones[up_to(4)], &program.time_zone));
  const absl::TimeZone zone = program.time_zone;
  Model model{up_to(20), 1 + up_to(60), {}};
  program.wallets[0].pending_days = model.pending_days;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, model.live_days, 0};

  Scenario scenario(program);
  absl::Time now = Utc("2018-01-01 00:00:00");
  int64_t issued = 0;
  for (int step = 0; step < 60; ++step) {
    now += absl::Minutes(up_to(60 * 24 * 6));
    if (up_to(4) == 0) {
      scenario.AdvanceTo(now);
    } else {
      const absl::Time occurred_at = up_to(3) == 0 ? now - absl::Hours(up_to(24 * 90)) : now;
      const int64_t amount = up_to(100'000);
      ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(amount)}), occurred_at, now).ok());
      model.earnings.push_back({absl::ToCivilDay(occurred_at, zone), occurred_at, amount / 100});
      issued += amount / 100;
    }
    MemberState shown = scenario.state();
    Apply(Advance(shown, scenario.catalog(), now), shown);
    const Account account = AccountOf(shown, "points");
    ASSERT_EQ(absl::StrCat(account.pending, "/", account.available), model.BalanceAt(now, zone))
        << "seed " << seed << ", step " << step;
    ASSERT_EQ(testing::QualifyingOf(shown.member), issued);

    // Lots are the balance, and the entries are the lots.
    int64_t remaining = 0;
    for (const Lot& lot : shown.lots) remaining += lot.remaining;
    ASSERT_EQ(remaining, account.pending + account.available);
  }
  int64_t sum = 0;
  for (size_t i = 0; i < scenario.entries().size(); ++i) {
    const LedgerEntry& entry = scenario.entries()[i];
    ASSERT_EQ(entry.number, static_cast<int64_t>(i) + 1);
    if (entry.debit == LedgerAccount::kIssued) sum += entry.points;
    if (entry.credit == LedgerAccount::kExpired) sum -= entry.points;
  }
  const Account account = AccountOf(scenario.state(), "points");
  EXPECT_EQ(sum, account.pending + account.available);
}

TEST(ModelTest, RandomLivesAgree) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    LiveOneLife(seed);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace dangol::domain
