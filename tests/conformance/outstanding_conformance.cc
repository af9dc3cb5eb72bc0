// What all members have together, and what became of the rest, as a store adds it up.

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/conformance/sample_rows.h"
#include "tests/conformance/storage_conformance.h"

namespace dangol::storage {
namespace {

using domain::EntryKind;
using domain::LedgerAccount;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutstandingConformance : public StorageConformance {
 protected:
  // The pieces: 0 before January 2026, 1 in it, and so on.
  const std::vector<absl::Time> months_ = {Utc("2026-01-01 00:00:00"), Utc("2026-02-01 00:00:00"),
                                           Utc("2026-03-01 00:00:00")};
  // What begins before 15 February ends in May, and what begins later in August.
  const domain::IdlePeriod period_ = {
      3, 1, {Utc("2026-02-15 00:00:00")}, {Utc("2026-05-02 00:00:00"), Utc("2026-08-02 00:00:00")}};
  std::vector<std::string> held_;

  // With the ids of what is held, and when its member was active, where that is known.
  domain::Outstanding Sum(std::vector<domain::MemberId>* due = nullptr) {
    held_.clear();
    const auto add_held = [&](const domain::Reservation& reservation,
                              const std::optional<absl::Time>& last_activity_at) {
      EXPECT_EQ(reservation.lots, NewReservation("").lots);
      held_.push_back(absl::StrCat(reservation.reservation_id, " ",
                                   last_activity_at.has_value()
                                       ? absl::FormatTime(*last_activity_at, absl::UTCTimeZone())
                                       : ""));
    };
    const auto sums = NewReader()->SumOutstanding({months_, {period_}}, Utc("2026-03-15 00:00:00"),
                                                  add_held, [&](const domain::MemberState& state) {
                                                    EXPECT_TRUE(state.has_lots);
                                                    if (due != nullptr)
                                                      due->push_back(state.member.id);
                                                  });
    EXPECT_TRUE(sums.ok()) << sums.status();
    return sums.value_or(domain::Outstanding());
  }

  static domain::Lot LotOf(int64_t number, absl::Time earned_at, int64_t remaining,
                           absl::Time expires_at = absl::InfiniteFuture()) {
    domain::Lot lot = NewLot(number, earned_at, expires_at);
    lot.earned_at = earned_at;
    lot.remaining = remaining;
    return lot;
  }

  static domain::LedgerEntry Movement(int64_t number, EntryKind kind, int64_t points,
                                      LedgerAccount debit, LedgerAccount credit, int64_t lot,
                                      absl::Time effective_at) {
    domain::LedgerEntry entry = NewEntry(1, number);
    entry.kind = kind;
    entry.points = points;
    entry.debit = debit;
    entry.credit = credit;
    entry.lot = lot;
    entry.effective_at = effective_at;
    return entry;
  }

  // "wallet earned month: issued/expired/used".
  static std::vector<std::string> Flows(const domain::Outstanding& sums) {
    std::vector<std::string> shown;
    for (const auto& [group, flow] : sums.flows) {
      shown.push_back(absl::StrCat(group.wallet, " ", group.month_earned, " ", group.month, ": ",
                                   flow.issued, "/", flow.expired, "/", flow.used));
    }
    return shown;
  }

  // "wallet earned until: points".
  static std::vector<std::string> Lots(const domain::Outstanding& sums) {
    std::vector<std::string> shown;
    for (const auto& [group, points] : sums.lots) {
      const std::string until =
          group.expires_at == absl::InfiniteFuture()
              ? "never"
              : absl::FormatTime("%Y-%m-%d", group.expires_at, absl::UTCTimeZone());
      shown.push_back(
          absl::StrCat(group.wallet, " ", group.month_earned, " ", until, ": ", points));
    }
    return shown;
  }
};

TEST_F(OutstandingConformance, OfNothingIsNothing) {
  const domain::Outstanding sums = Sum();
  EXPECT_THAT(sums.balances, IsEmpty());
  EXPECT_THAT(sums.lots, IsEmpty());
  EXPECT_THAT(sums.flows, IsEmpty());
}

TEST_F(OutstandingConformance, SumsBalancesLotsAndWhatIsHeld) {
  const absl::Time summer = Utc("2026-07-01 00:00:00");
  WriteSet writes = WithMember(NewMember(1));
  writes.members[0].member.next_due_at = Utc("2026-03-15 00:00:00");
  writes.members[0].accounts = {{"points", 1, 2, 3}};
  writes.members[0].lots = {LotOf(1, Utc("2026-02-01 00:00:00"), 10, summer),
                            LotOf(2, Utc("2026-01-31 23:59:59"), 20, summer),
                            LotOf(3, Utc("2026-01-01 00:00:00"), 5, summer),
                            LotOf(4, Utc("2026-01-01 00:00:00"), 0, summer),
                            LotOf(5, Utc("2026-03-02 00:00:00"), -7)};
  writes.members[0].reservations = {NewReservation("r-1"),
                                    NewReservation("r-2", domain::ReservationStatus::kCaptured)};
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].accounts = {{"points", 100, 200, 300}, {"miles", 0, -9, 0}};
  writes.members[1].lots = {LotOf(1, Utc("2025-12-31 23:59:59"), 6),
                            LotOf(2, Utc("2026-03-01 00:00:00"), 8, summer)};
  writes.members[1].lots[1].wallet = "miles";
  ASSERT_TRUE(Commit(*store_, writes).ok());

  std::vector<domain::MemberId> due;
  const domain::Outstanding sums = Sum(&due);
  EXPECT_THAT(due, ElementsAre(MemberNumber(1)));
  const domain::OutstandingBalance& points = sums.balances.at("points");
  EXPECT_EQ(points.pending, 101);
  EXPECT_EQ(points.available, 202);
  EXPECT_EQ(points.held, 303);
  EXPECT_EQ(points.owed, 7);
  EXPECT_EQ(sums.balances.at("miles").available, -9);
  EXPECT_THAT(Lots(sums),
              ElementsAre("miles 3 2026-07-01: 8", "points 0 never: 6", "points 1 2026-07-01: 25",
                          "points 2 2026-07-01: 10", "points 3 never: 0"));
  EXPECT_THAT(held_, ElementsAre("r-1 "));
}

TEST_F(OutstandingConformance, PeriodsWithoutActivityBeginWithTheLastOne) {
  const auto idle = [](int64_t number, absl::Time earned_at, int64_t remaining) {
    domain::Lot lot = LotOf(number, earned_at, remaining);
    lot.idle_months = 3;
    lot.idle_days = 1;
    return lot;
  };
  const absl::Time january = Utc("2026-01-10 00:00:00");
  WriteSet writes = WithMember(NewMember(1));  // Was never active.
  writes.members[0].lots = {idle(1, january, 1), idle(2, Utc("2026-02-14 23:59:59"), 2),
                            idle(3, Utc("2026-02-15 00:00:00"), 4), idle(4, january, 0)};
  writes.members.emplace_back().member = NewMember(2);
  writes.members[1].member.last_activity_at = Utc("2026-02-20 00:00:00");
  writes.members[1].lots = {idle(1, january, 10), idle(2, Utc("2026-03-01 00:00:00"), 20)};
  writes.members[1].reservations = {NewReservation("r-1")};
  writes.members.emplace_back().member = NewMember(3);
  writes.members[2].member.last_activity_at = Utc("2026-02-14 00:00:00");
  writes.members[2].lots = {idle(1, january, 100), idle(2, Utc("2026-03-01 00:00:00"), 200),
                            idle(3, january, 1'000), idle(4, january, 2'000)};
  // Or at a date, whichever is earlier.
  writes.members[2].lots[2].expires_at = Utc("2026-03-01 00:00:00");
  writes.members[2].lots[3].expires_at = Utc("2027-03-01 00:00:00");
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(Lots(Sum()), ElementsAre("points 1 2026-03-01: 1000", "points 1 2026-05-02: 2101",
                                       "points 1 2026-08-02: 10", "points 2 2026-05-02: 2",
                                       "points 2 2026-08-02: 4", "points 3 2026-08-02: 220"));
  EXPECT_THAT(held_, ElementsAre(::testing::StartsWith("r-1 2026-02-20T00:00:00")));
}

TEST_F(OutstandingConformance, TellsWhatBecameOfThePointsOfAMonth) {
  using Account = LedgerAccount;
  const absl::Time january = Utc("2026-01-10 00:00:00");
  const absl::Time february = Utc("2026-02-10 00:00:00");
  const absl::Time march = Utc("2026-03-10 00:00:00");
  WriteSet writes = WithMember(NewMember(1));
  writes.entries = {
      Movement(1, EntryKind::kEarn, 100, Account::kIssued, Account::kPending, 1, january),
      Movement(2, EntryKind::kBonus, 20, Account::kIssued, Account::kPending, 1, january),
      Movement(3, EntryKind::kMature, 120, Account::kPending, Account::kAvailable, 1, february),
      Movement(4, EntryKind::kAdjust, 50, Account::kAdjusted, Account::kAvailable, 4, february),
      Movement(5, EntryKind::kHold, 30, Account::kAvailable, Account::kHeld, 1, february),
      Movement(6, EntryKind::kCapture, 10, Account::kHeld, Account::kRedeemed, 1, february),
      // The rest comes back to a lot of its own, whose points are as old as they were.
      Movement(7, EntryKind::kRelease, 20, Account::kHeld, Account::kAvailable, 7, march),
      Movement(8, EntryKind::kExpire, 20, Account::kAvailable, Account::kExpired, 7, march),
      Movement(9, EntryKind::kExpire, 60, Account::kAvailable, Account::kExpired, 1, march),
      Movement(10, EntryKind::kReverse, 5, Account::kAvailable, Account::kReversed, 4, march),
      Movement(11, EntryKind::kRestore, 2, Account::kRedeemed, Account::kAvailable, 1, march),
      Movement(12, EntryKind::kAdjust, 3, Account::kAvailable, Account::kAdjusted, 4, march),
      // A debt, what repays it, and what is written off: not points that members have.
      Movement(13, EntryKind::kReverse, 40, Account::kAvailable, Account::kReversed, 13, march),
      Movement(14, EntryKind::kReverse, 4, Account::kAvailable, Account::kReversed, 4, march),
      Movement(15, EntryKind::kRestore, 4, Account::kReversed, Account::kAvailable, 13, march),
      Movement(16, EntryKind::kWriteOff, 9, Account::kWrittenOff, Account::kReversed, 0, march),
      // After a merge numbers of lots are ahead of those of entries: other entries have them.
      Movement(17, EntryKind::kEarn, 10, Account::kIssued, Account::kAvailable, 19, february),
      Movement(18, EntryKind::kEarn, 6, Account::kIssued, Account::kAvailable, 20, march),
      Movement(19, EntryKind::kReverse, 2, Account::kAvailable, Account::kReversed, 19, march)};
  domain::Lot debt = LotOf(13, march, -36);
  debt.points = -40;
  writes.members[0].lots = {LotOf(1, january, 0, march),
                            LotOf(4, february, 38),
                            LotOf(7, january, 0, march + absl::Hours(1)),
                            debt,
                            LotOf(19, february, 8),
                            LotOf(20, march, 6)};
  ASSERT_TRUE(Commit(*store_, writes).ok());
  EXPECT_THAT(Flows(Sum()),
              ElementsAre("points 1 1: 120/0/0", "points 1 2: 0/0/10", "points 1 3: 0/80/-2",
                          "points 2 2: 60/0/0", "points 2 3: 0/0/14", "points 3 3: 6/0/0"));
}

}  // namespace
}  // namespace dangol::storage
