#include "server/rpc/points/convert_points.h"

#include <gtest/gtest.h>

#include "tests/support/programs.h"

namespace dangol::rpc {
namespace {

using domain::EntryKind;
using domain::LedgerAccount;

domain::LedgerEntry Entry(EntryKind kind, LedgerAccount debit, LedgerAccount credit,
                          int64_t points) {
  domain::LedgerEntry entry;
  entry.wallet = "points";
  entry.kind = kind;
  entry.debit = debit;
  entry.credit = credit;
  entry.points = points;
  return entry;
}

TEST(TotalsTest, EveryAccountIsInTheTrialBalance) {
  domain::Effects effects;
  effects.entries = {
      Entry(EntryKind::kEarn, LedgerAccount::kIssued, LedgerAccount::kAvailable, 1'000),
      Entry(EntryKind::kAdjust, LedgerAccount::kAdjusted, LedgerAccount::kAvailable, 300),
      Entry(EntryKind::kAdjust, LedgerAccount::kAvailable, LedgerAccount::kAdjusted, 100),
      Entry(EntryKind::kRedeem, LedgerAccount::kAvailable, LedgerAccount::kRedeemed, 600),
      Entry(EntryKind::kReverse, LedgerAccount::kAvailable, LedgerAccount::kReversed, 50),
      Entry(EntryKind::kWriteOff, LedgerAccount::kWrittenOff, LedgerAccount::kReversed, 70),
      Entry(EntryKind::kExpire, LedgerAccount::kAvailable, LedgerAccount::kExpired, 10),
      Entry(EntryKind::kHold, LedgerAccount::kAvailable, LedgerAccount::kHeld, 20)};
  effects.accounts = {{"points", 0, 520, 20}};
  storage::StoredTotals totals;
  AddToTotals(domain::MemberState(), effects, totals);
  v1::GetTotalsResponse response;
  ToProto(totals, response);
  ASSERT_EQ(response.wallets_size(), 1);
  const v1::WalletTotals& wallet = response.wallets(0);
  EXPECT_EQ(wallet.issued(), 1'000);
  EXPECT_EQ(wallet.redeemed(), 600);
  EXPECT_EQ(wallet.expired(), 10);
  EXPECT_EQ(wallet.reversed(), 120);
  EXPECT_EQ(wallet.adjusted(), 200);
  EXPECT_EQ(wallet.written_off(), 70);
  EXPECT_EQ(response.trial_balance(), 0);
}

// A member with two wallets, on a program that declares one more.
class BalanceTest : public ::testing::Test {
 protected:
  BalanceTest() {
    domain::Program program = testing::SimpleProgram();
    program.wallets.push_back({"miles", 0, {}});
    catalog_ = testing::CatalogOf(std::move(program));
  }

  const absl::Time now_ = testing::Utc("2026-01-15 12:00:00");
  domain::ProgramCatalog catalog_;
};

TEST_F(BalanceTest, TellsOnlyWhatHasAMoment) {
  domain::MemberState state;
  state.member.id = testing::MemberNumber(1);
  state.member.advanced_until = now_;
  state.has_lots = true;
  state.accounts = {{"points", 50, -10, 0}};
  domain::Restand({20'000, {{domain::Measure::kQualifying, "points", 60}}}, {}, 20'001,
                  domain::HistoryOf(state.member.id, state.member));
  const domain::MemberId id = state.member.id;
  domain::Lot debt{id, 1, id, "points", 10, -10, now_, now_};
  domain::Lot waiting{id, 2, id, "points", 30, 30, now_, absl::InfiniteFuture()};
  domain::Lot pending{
      id, 3, id, "points", 20, 20, now_, now_ + absl::Hours(24), now_ + absl::Hours(48)};
  domain::Lot spent{id, 4, id, "points", 5, 0, now_, now_, now_ + absl::Hours(24)};
  state.lots = {debt, waiting, pending, spent};
  lane::MemberView view;
  view.member = &state;
  view.catalog = &catalog_;
  view.now = now_;
  v1::GetBalanceResponse response;
  ASSERT_TRUE(ToProto(view, response).ok());
  ASSERT_EQ(response.wallets_size(), 2);
  EXPECT_EQ(response.wallets(0).wallet(), "miles");
  const v1::WalletBalance& points = response.wallets(1);
  EXPECT_EQ(points.available(), -10);
  EXPECT_EQ(points.qualifying_points(), 60);
  ASSERT_EQ(points.maturing_size(), 1);
  EXPECT_EQ(points.maturing(0).points(), 20);
  ASSERT_EQ(points.expiring_size(), 1);
  EXPECT_EQ(points.expiring(0).points(), 20);
}

TEST_F(BalanceTest, ThePastHasWhatWasThereAndNoMore) {
  v1::GetBalanceResponse response;
  ToProto(testing::MemberNumber(1), {{"points", 1, 2, 3}, {"gone", 0, 0, 0}, {"old", 0, 7}},
          catalog_, now_, response);
  EXPECT_EQ(response.member_id(), testing::MemberNumber(1).ToString());
  EXPECT_EQ(response.as_of().seconds(), absl::ToUnixSeconds(now_));
  ASSERT_EQ(response.wallets_size(), 3);
  EXPECT_EQ(response.wallets(0).wallet(), "miles");
  EXPECT_EQ(response.wallets(1).wallet(), "old");
  EXPECT_EQ(response.wallets(1).available(), 7);
  EXPECT_EQ(response.wallets(2).wallet(), "points");
  EXPECT_EQ(response.wallets(2).held(), 3);
  EXPECT_EQ(response.wallets(2).qualifying_points(), 0);
}

TEST(LedgerEntryTest, TellsItsCause) {
  domain::LedgerEntry entry =
      Entry(EntryKind::kAdjust, LedgerAccount::kAdjusted, LedgerAccount::kAvailable, 5);
  entry.reference = "return-1";
  entry.reason = "goodwill";
  v1::LedgerEntry out;
  ToProto(entry, out);
  EXPECT_EQ(out.kind(), v1::ENTRY_KIND_ADJUST);
  EXPECT_EQ(out.debit(), v1::LEDGER_ACCOUNT_ADJUSTED);
  EXPECT_EQ(out.reference(), "return-1");
  EXPECT_EQ(out.reason(), "goodwill");
}

}  // namespace
}  // namespace dangol::rpc
