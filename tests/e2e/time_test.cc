// What time causes, seen through purchases that are brought over late: points
// mature and expire at midnights of the program's zone (the sample program: Seoul,
// pending for 14 days, gone after 24 months).

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

// Seoul has kept this offset, without summer time, since 1988.
const absl::TimeZone kSeoul = absl::FixedTimeZone(9 * 3'600);

absl::Time Midnight(int year, int month, int day) {
  return absl::FromCivil(absl::CivilDay(year, month, day), kSeoul);
}

class TimeTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
  }

  void Record(const std::string& id, absl::Time occurred_at) {
    v1::Purchase purchase = SmallPurchase(id, 1'000);
    *purchase.mutable_occurred_at() = ToTimestamp(occurred_at);
    const auto response = MakeClient().RecordPurchase(purchase);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  // The member's ledger, first entry first.
  std::vector<v1::LedgerEntry> Ledger() {
    std::vector<v1::LedgerEntry> entries;
    for (absl::StatusOr<v1::LedgerEntry>& entry : MakeClient().ListLedgerEntries(Card("4005")))
      entries.insert(entries.begin(), entry.value());
    return entries;
  }

  v1::WalletBalance Balance() { return MakeClient().GetBalance(Card("4005")).value().wallets(0); }
};

struct Expected {
  v1::EntryKind kind;
  absl::Time effective_at;
  v1::LedgerAccount debit;
  v1::LedgerAccount credit;
  int64_t points;
};

void ExpectEntries(const std::vector<v1::LedgerEntry>& entries,
                   const std::vector<Expected>& expected) {
  ASSERT_EQ(entries.size(), expected.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    SCOPED_TRACE(entries[i].ShortDebugString());
    EXPECT_EQ(entries[i].number(), static_cast<int64_t>(i) + 1);
    EXPECT_EQ(entries[i].kind(), expected[i].kind);
    EXPECT_EQ(ToTime(entries[i].effective_at()), expected[i].effective_at);
    EXPECT_EQ(entries[i].debit(), expected[i].debit);
    EXPECT_EQ(entries[i].credit(), expected[i].credit);
    EXPECT_EQ(entries[i].points(), expected[i].points);
  }
}

constexpr auto kPending = v1::LEDGER_ACCOUNT_PENDING;
constexpr auto kAvailable = v1::LEDGER_ACCOUNT_AVAILABLE;
constexpr auto kIssued = v1::LEDGER_ACCOUNT_ISSUED;
constexpr auto kExpired = v1::LEDGER_ACCOUNT_EXPIRED;

TEST_F(TimeTest, OldPurchaseHasLivedItsWholeLife) {
  // Still the 30th in London, and the 31st in Seoul.
  const absl::Time occurred_at = Midnight(2020, 1, 31) + absl::Minutes(30);
  Record("p-1", occurred_at);
  const std::vector<v1::LedgerEntry> entries = Ledger();
  ASSERT_NO_FATAL_FAILURE(ExpectEntries(
      entries, {{v1::ENTRY_KIND_EARN, occurred_at, kIssued, kPending, 100},
                {v1::ENTRY_KIND_BONUS, occurred_at, kIssued, kPending, 100},
                {v1::ENTRY_KIND_MATURE, Midnight(2020, 2, 14), kPending, kAvailable, 200},
                {v1::ENTRY_KIND_EXPIRE, Midnight(2022, 2, 1), kAvailable, kExpired, 200}}));
  for (const v1::LedgerEntry& entry : entries) {
    EXPECT_EQ(entry.purchase_id(), "p-1");
    EXPECT_EQ(entry.lot(), 1);
  }
  EXPECT_EQ(entries[2].principal(), "system");
  EXPECT_EQ(entries[2].available_after(), 200);
  EXPECT_EQ(entries[3].available_after(), 0);
  const v1::WalletBalance balance = Balance();
  EXPECT_EQ(balance.pending() + balance.available() + balance.held(), 0);
  EXPECT_EQ(balance.qualifying_points(), 100);
  EXPECT_EQ(balance.maturing_size() + balance.expiring_size(), 0);
  const v1::WalletTotals totals = Points(TotalsOf(MakeClient()));
  EXPECT_EQ(totals.issued(), 200);
  EXPECT_EQ(totals.expired(), 200);
}

TEST_F(TimeTest, LeapDayExpiresAtTheEndOfFebruary) {
  Record("p-1", Midnight(2020, 2, 29));
  const std::vector<v1::LedgerEntry> entries = Ledger();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(ToTime(entries[2].effective_at()), Midnight(2020, 3, 14));
  EXPECT_EQ(ToTime(entries[3].effective_at()), Midnight(2022, 3, 1));
}

TEST_F(TimeTest, LastMomentOfADayBelongsToIt) {
  Record("p-1", Midnight(2020, 3, 1) - absl::Microseconds(1));
  Record("p-2", Midnight(2020, 3, 1));
  std::vector<absl::Time> matured;
  for (const v1::LedgerEntry& entry : Ledger()) {
    if (entry.kind() == v1::ENTRY_KIND_MATURE) matured.push_back(ToTime(entry.effective_at()));
  }
  EXPECT_THAT(matured, ::testing::ElementsAre(Midnight(2020, 3, 14), Midnight(2020, 3, 15)));
}

TEST_F(TimeTest, RecentPurchaseIsPendingAndTellsWhatComes) {
  const absl::Time now = absl::Now();
  Record("p-1", now);
  Record("p-2", now - absl::Hours(24));
  const absl::CivilDay today = absl::ToCivilDay(now, kSeoul);
  const v1::WalletBalance balance = Balance();
  EXPECT_EQ(balance.pending(), 300);    // 200 with the welcome, and 100.
  EXPECT_EQ(balance.available(), 300);  // For the second visit within 30 days.
  EXPECT_EQ(balance.qualifying_points(), 200);
  ASSERT_EQ(balance.maturing_size(), 2);
  EXPECT_EQ(ToTime(balance.maturing(0).at()), absl::FromCivil(today + 13, kSeoul));
  EXPECT_EQ(balance.maturing(0).points(), 100);
  EXPECT_EQ(ToTime(balance.maturing(1).at()), absl::FromCivil(today + 14, kSeoul));
  EXPECT_EQ(balance.maturing(1).points(), 200);
  int64_t expiring = 0;
  for (const v1::PointsDue& due : balance.expiring()) expiring += due.points();
  EXPECT_EQ(expiring, 600);
}

TEST_F(TimeTest, PurchaseOfLastMonthIsAvailable) {
  Record("p-1", absl::Now() - absl::Hours(24 * 30));
  const v1::WalletBalance balance = Balance();
  EXPECT_EQ(balance.pending(), 0);
  EXPECT_EQ(balance.available(), 200);
  EXPECT_EQ(balance.maturing_size(), 0);
  ASSERT_EQ(balance.expiring_size(), 1);
  EXPECT_EQ(balance.expiring(0).points(), 200);
}

// Whoever is brought over out of order ends as if it had been in order, but for
// the welcome, which the first recorded purchase gets.
TEST_F(TimeTest, OutOfOrderHistoryAddsUp) {
  const absl::Time now = absl::Now();
  for (const int days : {900, 10, 400, 2'000, 100}) {
    Record("p-" + std::to_string(days), now - absl::Hours(24 * days));
  }
  const v1::WalletBalance balance = Balance();
  // Four times they come back after three months: each is worth 500 points for 30 days.
  EXPECT_EQ(balance.pending(), 100);
  EXPECT_EQ(balance.available(), 200 + 500);
  const v1::GetTotalsResponse totals = TotalsOf(MakeClient());
  EXPECT_EQ(Points(totals).issued(), 600 + 4 * 500);
  EXPECT_EQ(Points(totals).expired(), 300 + 3 * 500);
  EXPECT_EQ(totals.trial_balance(), 0);
  const v1::Member member = MakeClient().GetMember(Card("4005")).value();
  absl::TimeZone seoul;
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Seoul", &seoul));
  const auto day = [&](int days_ago) {
    return absl::FormatCivilTime(absl::ToCivilDay(now - absl::Hours(24 * days_ago), seoul));
  };
  EXPECT_EQ(member.first_purchase_day(), day(2'000));
  EXPECT_EQ(member.last_purchase_day(), day(10));
}

}  // namespace
}  // namespace dangol::e2e
