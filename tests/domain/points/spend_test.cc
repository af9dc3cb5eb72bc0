#include "server/domain/points/spend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;
using ::testing::ElementsAre;

constexpr char kNoon[] = "2026-01-15 12:00:00";

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

// Points live for seven days.
Program SevenDays() {
  Program program = SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 7, 0};
  program.adjustment_reasons = {{"goodwill", 500}};
  return program;
}

class SpendTest : public ::testing::Test {
 protected:
  explicit SpendTest(Program program = SevenDays()) : life_(std::move(program)) {}

  // Earns so many points.
  void Earn(int64_t points, absl::Time at) {
    Purchase purchase = PurchaseOf({Line(points * 100)});
    purchase.purchase_id = absl::StrCat("p-", ++purchases_);
    ASSERT_TRUE(life_.Buy(std::move(purchase), at, std::max(at, now_)).ok());
  }

  absl::StatusOr<Reservation> Reserve(const std::string& id, int64_t points, bool capture = false) {
    ReservePoints reserve;
    reserve.member = life_.Me();
    reserve.reservation_id = id;
    reserve.wallet = "points";
    reserve.points = points;
    reserve.time_to_live = absl::Minutes(15);
    reserve.capture = capture;
    return ReservationAfter(std::move(reserve));
  }

  absl::StatusOr<Reservation> Capture(const std::string& id, std::optional<int64_t> points = {}) {
    CapturePoints capture;
    capture.member = life_.Me();
    capture.reservation_id = id;
    capture.points = points;
    return ReservationAfter(std::move(capture));
  }

  absl::StatusOr<Reservation> Void(const std::string& id) {
    VoidReservation release;
    release.member = life_.Me();
    release.reservation_id = id;
    return ReservationAfter(std::move(release));
  }

  absl::Status Adjust(int64_t points, const std::string& reason) {
    AdjustPoints adjust;
    adjust.member = life_.Me();
    adjust.points = points;
    adjust.reason = reason;
    return life_.Do(std::move(adjust), now_).status();
  }

  absl::Status ChangeTo(MemberStatus status) {
    ChangeStatus change;
    change.member = life_.Me();
    change.status = status;
    return life_.Do(change, now_).status();
  }

  absl::StatusOr<Reservation> ReservationAfter(Action action) {
    const absl::StatusOr<Outcome> outcome = life_.Do(std::move(action), now_);
    if (!outcome.ok()) return outcome.status();
    return std::get<ReservationOutcome>(*outcome).reservation;
  }

  // The kinds of the entries after the first so many.
  std::vector<EntryKind> KindsFrom(size_t first) const {
    std::vector<EntryKind> kinds;
    for (size_t i = first; i < life_.entries().size(); ++i) {
      kinds.push_back(life_.entries()[i].kind);
    }
    return kinds;
  }

  Scenario life_;
  absl::Time now_ = Utc(kNoon);
  int purchases_ = 0;
};

TEST_F(SpendTest, WhatIsHeldCannotBeSpentAgain) {
  Earn(100, now_);
  ASSERT_TRUE(Reserve("r-1", 70).ok());
  EXPECT_EQ(life_.Balance(), "0/30");
  EXPECT_EQ(life_.Held(), 70);
  EXPECT_EQ(ReasonOf(Reserve("r-2", 31).status()), "INSUFFICIENT_POINTS");
  EXPECT_EQ(ReasonOf(Reserve("r-3", 31, /*capture=*/true).status()), "INSUFFICIENT_POINTS");
  EXPECT_TRUE(Reserve("r-4", 30).ok());
  EXPECT_EQ(life_.Balance(), "0/0");
}

// Money must add up in a release build too: the one command fails, and changes nothing.
TEST_F(SpendTest, ALedgerThatContradictsItselfGivesNothing) {
  Earn(100, now_);
  life_.state().accounts[0].available += 3;
  for (const int64_t points : {103, 1}) {
    EXPECT_TRUE(absl::IsInternal(Reserve("hold", points, /*capture=*/true).status())) << points;
  }
  life_.state().accounts[0].available -= 3;
  life_.state().lots.push_back(life_.state().lots[0]);
  EXPECT_TRUE(absl::IsInternal(Reserve("hold", 1).status()));
  life_.state().lots.pop_back();
  EXPECT_TRUE(Reserve("hold", 1).ok());
}

TEST_F(SpendTest, LotsThatExpireFirstAreSpentFirst) {
  Earn(10, Utc("2026-01-14 12:00:00"));
  Earn(10, Utc("2026-01-12 12:00:00"));  // Late, and expires first.
  Earn(10, now_);
  const auto reservation = Reserve("r-1", 15);
  ASSERT_TRUE(reservation.ok());
  ASSERT_EQ(reservation->lots.size(), 2u);
  EXPECT_EQ(reservation->lots[0].purchase_id, "p-2");
  EXPECT_EQ(reservation->lots[0].remaining, 10);
  EXPECT_EQ(reservation->lots[1].purchase_id, "p-1");
  EXPECT_EQ(reservation->lots[1].remaining, 5);
}

TEST_F(SpendTest, AmongLotsThatNeverExpireTheOldestIsSpentFirst) {
  Scenario life(SimpleProgram());
  for (const char* day : {"2026-01-14 12:00:00", "2026-01-02 12:00:00"}) {
    ASSERT_TRUE(life.Buy(PurchaseOf({Line(1'000)}), Utc(day), now_).ok());
  }
  ReservePoints reserve;
  reserve.member = life.Me();
  reserve.reservation_id = "r";
  reserve.points = 1;
  const auto outcome = life.Do(std::move(reserve), now_);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(std::get<ReservationOutcome>(*outcome).reservation.lots[0].earned_at,
            Utc("2026-01-02 12:00:00"));
}

TEST_F(SpendTest, CapturesAPartAndReleasesTheRest) {
  Earn(60, Utc("2026-01-14 12:00:00"));
  Earn(40, now_);
  ASSERT_TRUE(Reserve("r-1", 80).ok());
  EXPECT_EQ(ReasonOf(Capture("r-1", 81).status()), "RESERVATION_TOO_SMALL");
  const auto captured = Capture("r-1", 70);
  ASSERT_TRUE(captured.ok()) << captured.status();
  EXPECT_EQ(captured->status, ReservationStatus::kCaptured);
  EXPECT_EQ(captured->captured, 70);
  EXPECT_EQ(life_.Balance(), "0/30");
  EXPECT_EQ(life_.Held(), 0);
  // Of the lot that lives longer.
  ASSERT_EQ(life_.state().lots.size(), 1u);
  EXPECT_EQ(life_.state().lots[0].purchase_id, "p-2");
}

TEST_F(SpendTest, AReservationEndsOnce) {
  Earn(100, now_);
  ASSERT_TRUE(Reserve("r-1", 50).ok());
  ASSERT_TRUE(Reserve("r-2", 50).ok());
  ASSERT_TRUE(Capture("r-1").ok());
  ASSERT_TRUE(Void("r-2").ok());
  for (const char* id : {"r-1", "r-2"}) {
    EXPECT_EQ(ReasonOf(Capture(id).status()), "RESERVATION_ENDED") << id;
    EXPECT_EQ(ReasonOf(Void(id).status()), "RESERVATION_ENDED") << id;
  }
  EXPECT_EQ(ReasonOf(Capture("r-3").status()), "RESERVATION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Void("r-3").status()), "RESERVATION_NOT_FOUND");
  EXPECT_EQ(life_.Balance(), "0/50");
}

TEST_F(SpendTest, AHoldLapsesByItself) {
  Earn(100, now_);
  ASSERT_TRUE(Reserve("r-1", 80).ok());
  EXPECT_EQ(life_.state().member.next_due_at, now_ + absl::Minutes(15));
  now_ += absl::Minutes(15);
  EXPECT_EQ(ReasonOf(Capture("r-1").status()), "RESERVATION_ENDED");
  life_.AdvanceTo(now_);
  EXPECT_EQ(life_.Balance(), "0/100");
  EXPECT_EQ(life_.Held(), 0);
  EXPECT_EQ(life_.state().reservations[0].status, ReservationStatus::kLapsed);
  EXPECT_EQ(life_.entries().back().kind, EntryKind::kRelease);
  EXPECT_EQ(life_.entries().back().reference, "r-1");
}

// Another server's clock is behind: the hold must not be over before it has begun.
TEST_F(SpendTest, AHoldLastsFromTheMembersOwnTimeOn) {
  Earn(100, now_);
  life_.AdvanceTo(now_ + absl::Hours(1));
  life_.state().member.advanced_until = now_ + absl::Hours(1);
  const auto reservation = Reserve("r-1", 80);
  ASSERT_TRUE(reservation.ok());
  EXPECT_EQ(reservation->lapses_at, now_ + absl::Hours(1) + absl::Minutes(15));
}

TEST_F(SpendTest, WhatComesBackExpiresWhenItWouldHave) {
  Earn(100, now_);
  ASSERT_TRUE(Reserve("r-1", 100).ok());
  now_ += absl::Minutes(1);
  ASSERT_TRUE(Void("r-1").ok());
  EXPECT_EQ(life_.state().lots[0].expires_at, Utc("2026-01-23 00:00:00"));
  EXPECT_EQ(life_.state().lots[0].points, 100);
}

TEST_F(SpendTest, WhatIsHeldOverItsExpiryExpiresWhenItIsReleased) {
  Earn(100, now_);
  now_ = Utc("2026-01-22 23:50:00");
  ASSERT_TRUE(Reserve("r-1", 60).ok());
  const size_t before = life_.entries().size();
  now_ = Utc("2026-01-23 00:04:00");
  ASSERT_TRUE(Void("r-1").ok());
  EXPECT_EQ(life_.Balance(), "0/0");
  using enum EntryKind;
  // The 40 that were not held expired at midnight.
  EXPECT_THAT(KindsFrom(before), ElementsAre(kExpire, kRelease, kExpire));
}

TEST_F(SpendTest, AHoldThatLapsesAtMidnightDoesSoBeforePointsExpire) {
  Earn(100, now_);
  now_ = Utc("2026-01-22 23:45:00");
  ASSERT_TRUE(Reserve("r-1", 60).ok());
  const size_t before = life_.entries().size();
  life_.AdvanceTo(Utc("2026-01-24 00:00:00"));
  using enum EntryKind;
  EXPECT_THAT(KindsFrom(before), ElementsAre(kRelease, kExpire));
  EXPECT_EQ(life_.entries().back().points, 100);
  EXPECT_EQ(life_.Balance(), "0/0");
}

TEST_F(SpendTest, NothingIsSpentByWhoIsSuspended) {
  Earn(100, now_);
  ASSERT_TRUE(Reserve("r-1", 40).ok());
  ASSERT_TRUE(ChangeTo(MemberStatus::kSuspended).ok());
  EXPECT_EQ(ReasonOf(Reserve("r-2", 1).status()), "MEMBER_SUSPENDED");
  EXPECT_EQ(ReasonOf(Capture("r-1").status()), "MEMBER_SUSPENDED");
  ASSERT_TRUE(Void("r-1").ok());
  Earn(5, now_);
  EXPECT_EQ(life_.Balance(), "0/100");
  ASSERT_TRUE(ChangeTo(MemberStatus::kActive).ok());
  ASSERT_TRUE(Reserve("r-2", 100).ok());
}

TEST_F(SpendTest, WhoLeavesTakesNothingAlong) {
  Earn(100, now_);
  ASSERT_TRUE(Reserve("r-1", 40).ok());
  ASSERT_TRUE(ChangeTo(MemberStatus::kClosed).ok());
  EXPECT_EQ(life_.Balance(), "0/0");
  EXPECT_EQ(life_.Held(), 0);
  EXPECT_EQ(life_.state().member.next_due_at, absl::InfiniteFuture());
  EXPECT_EQ(ReasonOf(ChangeTo(MemberStatus::kActive)), "MEMBER_CLOSED");
  EXPECT_EQ(ReasonOf(Reserve("r-2", 1).status()), "MEMBER_CLOSED");
  EXPECT_EQ(ReasonOf(Adjust(1, "goodwill")), "MEMBER_CLOSED");
}

TEST_F(SpendTest, AdjustsForDeclaredReasonsAndWithinTheirLimits) {
  EXPECT_EQ(ReasonOf(Adjust(1, "because")), "REASON_NOT_DECLARED");
  EXPECT_EQ(ReasonOf(Adjust(501, "goodwill")), "ADJUSTMENT_TOO_LARGE");
  ASSERT_TRUE(Adjust(300, "goodwill").ok());
  EXPECT_EQ(life_.Balance(), "0/300");
  EXPECT_EQ(life_.state().lots[0].expires_at, Utc("2026-01-23 00:00:00"));
  EXPECT_EQ(life_.entries().back().reason, "goodwill");
  EXPECT_EQ(ReasonOf(Adjust(-301, "goodwill")), "INSUFFICIENT_POINTS");
  ASSERT_TRUE(Adjust(-299, "goodwill").ok());
  EXPECT_EQ(life_.Balance(), "0/1");
  EXPECT_EQ(life_.entries().back().credit, LedgerAccount::kAdjusted);
}

class WalletTest : public SpendTest {};

TEST_F(WalletTest, MustBeDeclared) {
  ReservePoints reserve;
  reserve.member = life_.Me();
  reserve.wallet = "miles";
  reserve.points = 1;
  EXPECT_EQ(ReasonOf(life_.Do(reserve, now_).status()), "WALLET_NOT_DECLARED");
  Program two = SevenDays();
  two.wallets.push_back({"miles", 0, {}});
  Scenario life(two);
  reserve.member = life.Me();
  reserve.wallet = "";
  EXPECT_EQ(ReasonOf(life.Do(reserve, now_).status()), "WALLET_NOT_DECLARED");
}

Program WithGrace() {
  Program program = SevenDays();
  program.wallets[0].grace_days = 3;
  return program;
}

class GraceTest : public SpendTest {
 protected:
  GraceTest() : SpendTest(WithGrace()) {}
};

TEST_F(GraceTest, WhatComesBackTooLateLivesOnForSomeDays) {
  Earn(100, now_);
  now_ = Utc("2026-01-22 23:50:00");
  ASSERT_TRUE(Reserve("r-1", 60).ok());
  now_ = Utc("2026-01-23 00:04:00");
  ASSERT_TRUE(Void("r-1").ok());
  EXPECT_EQ(life_.Balance(), "0/60");
  EXPECT_EQ(life_.state().lots[0].expires_at, Utc("2026-01-27 00:00:00"));
  life_.AdvanceTo(Utc("2026-01-27 00:00:00"));
  EXPECT_EQ(life_.Balance(), "0/0");
}

TEST_F(GraceTest, AlsoWhereTheHoldLapsesAndNobodyLooks) {
  Earn(100, now_);
  now_ = Utc("2026-01-22 23:50:00");
  ASSERT_TRUE(Reserve("r-1", 60).ok());
  life_.AdvanceTo(Utc("2026-01-26 23:59:59"));
  EXPECT_EQ(life_.Balance(), "0/60");
  life_.AdvanceTo(Utc("2026-03-01 00:00:00"));
  EXPECT_EQ(life_.Balance(), "0/0");
}

Program UntilConfirmed() {
  Program program = SevenDays();
  program.wallets[0].pending_until_confirmed = true;
  return program;
}

class ConfirmTest : public SpendTest {
 protected:
  ConfirmTest() : SpendTest(UntilConfirmed()) {}

  absl::Status Confirm(const std::string& purchase_id) {
    ConfirmPurchase confirm;
    confirm.member = life_.Me();
    confirm.purchase_id = purchase_id;
    return life_.Do(std::move(confirm), now_).status();
  }
};

TEST_F(ConfirmTest, PointsWaitForIt) {
  Earn(10, now_);
  Earn(20, now_);
  now_ += absl::Hours(48);
  life_.AdvanceTo(now_);
  EXPECT_EQ(life_.Balance(), "30/0");
  ASSERT_TRUE(Confirm("p-1").ok());
  EXPECT_EQ(life_.Balance(), "20/10");
  ASSERT_TRUE(Confirm("p-1").ok());
  EXPECT_EQ(life_.Balance(), "20/10");
  life_.AdvanceTo(Utc("2026-01-23 00:00:00"));
  EXPECT_EQ(life_.Balance(), "0/0");
}

}  // namespace
}  // namespace dangol::domain
