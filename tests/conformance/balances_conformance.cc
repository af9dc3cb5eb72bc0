// What a member had at some moment, as a store adds it up.

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/command.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using domain::EntryKind;
using domain::LedgerAccount;

// Days of January.
absl::Time Day(int day) { return Utc("2026-01-01 00:00:00") + (day - 1) * absl::Hours(24); }

domain::LedgerEntry Movement(int64_t number, EntryKind kind, int64_t points, LedgerAccount debit,
                             LedgerAccount credit, int64_t lot, int effective, int recorded) {
  domain::LedgerEntry entry = NewEntry(1, number);
  entry.kind = kind;
  entry.points = points;
  entry.debit = debit;
  entry.credit = credit;
  entry.lot = lot;
  entry.effective_at = Day(effective);
  entry.recorded_at = Day(recorded);
  return entry;
}

domain::LedgerEntry OfTime(domain::LedgerEntry entry) {
  entry.principal = domain::kSystemPrincipal;
  return entry;
}

class BalancesConformance : public StorageConformance {
 protected:
  void Store(std::vector<domain::LedgerEntry> entries) {
    WriteSet writes;
    writes.entries = std::move(entries);
    ASSERT_TRUE(Commit(*store_, writes).ok());
  }

  // "wallet pending/available/held", for each wallet.
  std::string At(absl::Time time) {
    const auto accounts = NewReader()->BalancesAt(MemberNumber(1), time, std::nullopt);
    EXPECT_TRUE(accounts.ok()) << accounts.status();
    std::string text;
    for (const domain::Account& account : *accounts) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", account.wallet, " ", account.pending, "/",
                      account.available, "/", account.held);
    }
    return text;
  }
};

TEST_F(BalancesConformance, AreTheSumsOfWhatWasRecordedByThen) {
  domain::LedgerEntry miles =
      Movement(4, EntryKind::kEarn, 2, LedgerAccount::kIssued, LedgerAccount::kAvailable, 4, 4, 4);
  miles.wallet = "miles";
  domain::LedgerEntry another =
      Movement(1, EntryKind::kEarn, 99, LedgerAccount::kIssued, LedgerAccount::kAvailable, 1, 1, 1);
  another.member_id = MemberNumber(2);
  Store(
      {Movement(1, EntryKind::kEarn, 10, LedgerAccount::kIssued, LedgerAccount::kAvailable, 1, 1,
                1),
       Movement(2, EntryKind::kHold, 7, LedgerAccount::kAvailable, LedgerAccount::kHeld, 1, 2, 2),
       Movement(3, EntryKind::kCapture, 3, LedgerAccount::kHeld, LedgerAccount::kRedeemed, 1, 3, 3),
       miles,
       Movement(5, EntryKind::kReverse, 5, LedgerAccount::kAvailable, LedgerAccount::kReversed, 1,
                5, 5),
       another});
  EXPECT_EQ(At(Day(1) - absl::Microseconds(1)), "");
  EXPECT_EQ(At(Day(1)), "points 0/10/0");
  EXPECT_EQ(At(Day(2) - absl::Microseconds(1)), "points 0/10/0");
  EXPECT_EQ(At(Day(2)), "points 0/3/7");
  EXPECT_EQ(At(Day(3)), "points 0/3/4");
  EXPECT_EQ(At(Day(4)), "miles 0/2/0, points 0/3/4");
  EXPECT_EQ(At(Day(5)), "miles 0/2/0, points 0/-2/4");
  EXPECT_EQ(At(absl::InfiniteFuture()), "miles 0/2/0, points 0/-2/4");
}

// Nobody looked at the member until the 20th.
TEST_F(BalancesConformance, HaveWhatTimeHadCausedThoughItWasRecordedLater) {
  Store(
      {Movement(1, EntryKind::kEarn, 10, LedgerAccount::kIssued, LedgerAccount::kPending, 1, 1, 1),
       Movement(2, EntryKind::kHold, 4, LedgerAccount::kAvailable, LedgerAccount::kHeld, 1, 2, 2),
       OfTime(Movement(3, EntryKind::kMature, 10, LedgerAccount::kPending,
                       LedgerAccount::kAvailable, 1, 5, 20)),
       OfTime(Movement(4, EntryKind::kRelease, 4, LedgerAccount::kHeld, LedgerAccount::kAvailable,
                       1, 10, 20)),
       OfTime(Movement(5, EntryKind::kExpire, 10, LedgerAccount::kAvailable,
                       LedgerAccount::kExpired, 1, 15, 20))});
  EXPECT_EQ(At(Day(4)), "points 10/-4/4");
  EXPECT_EQ(At(Day(5) - absl::Microseconds(1)), "points 10/-4/4");
  EXPECT_EQ(At(Day(5)), "points 0/6/4");
  EXPECT_EQ(At(Day(10)), "points 0/10/0");
  EXPECT_EQ(At(Day(15)), "points 0/0/0");
  EXPECT_EQ(At(Day(20)), "points 0/0/0");
}

// A purchase of the 2nd that arrives on the 20th was not there before; nor is what time
// has made of its points.
TEST_F(BalancesConformance, DoNotHaveWhatArrivedLater) {
  Store(
      {Movement(1, EntryKind::kEarn, 10, LedgerAccount::kIssued, LedgerAccount::kAvailable, 1, 1,
                1),
       Movement(2, EntryKind::kEarn, 5, LedgerAccount::kIssued, LedgerAccount::kPending, 2, 2, 20),
       OfTime(Movement(3, EntryKind::kMature, 5, LedgerAccount::kPending, LedgerAccount::kAvailable,
                       2, 4, 20)),
       OfTime(Movement(4, EntryKind::kExpire, 5, LedgerAccount::kAvailable, LedgerAccount::kExpired,
                       2, 6, 20))});
  for (const int day : {1, 2, 4, 6, 19}) EXPECT_EQ(At(Day(day)), "points 0/10/0") << day;
  EXPECT_EQ(At(Day(20)), "points 0/10/0");
}

// What a person did counts from when it was recorded, whenever it took effect.
TEST_F(BalancesConformance, OnlyTimeIsAheadOfTheLedger) {
  Store({Movement(1, EntryKind::kEarn, 10, LedgerAccount::kIssued, LedgerAccount::kAvailable, 1, 1,
                  1),
         Movement(2, EntryKind::kHold, 4, LedgerAccount::kAvailable, LedgerAccount::kHeld, 1, 2, 2),
         Movement(3, EntryKind::kRelease, 4, LedgerAccount::kHeld, LedgerAccount::kAvailable, 1, 3,
                  20),
         Movement(4, EntryKind::kAdjust, 1, LedgerAccount::kAdjusted, LedgerAccount::kAvailable, 1,
                  3, 20)});
  EXPECT_EQ(At(Day(3)), "points 0/6/4");
  EXPECT_EQ(At(Day(20)), "points 0/11/0");
}

// Points that were released into a lot of their own, because theirs had expired, were
// held before: they are not new.
TEST_F(BalancesConformance, WhatLapsedIsHeldNoLongerWhateverLotItCameBackTo) {
  Store(
      {Movement(1, EntryKind::kEarn, 10, LedgerAccount::kIssued, LedgerAccount::kAvailable, 1, 1,
                1),
       Movement(2, EntryKind::kHold, 10, LedgerAccount::kAvailable, LedgerAccount::kHeld, 1, 2, 2),
       OfTime(Movement(3, EntryKind::kRelease, 10, LedgerAccount::kHeld, LedgerAccount::kAvailable,
                       3, 8, 20))});
  EXPECT_EQ(At(Day(7)), "points 0/0/10");
  EXPECT_EQ(At(Day(8)), "points 0/10/0");
}

}  // namespace
}  // namespace dangol::storage
