#include "server/domain/points/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/domain/audit/audit.h"
#include "tests/domain/scenario.h"
#include "tests/support/histories.h"
#include "tests/support/recorded.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::Utc;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

// Points live for seven days.
Program SevenDays() {
  Program program = testing::SimpleProgram();
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 7, 0};
  return program;
}

class TransferTest : public ::testing::Test {
 protected:
  explicit TransferTest(const Program& program = SevenDays())
      : giver_(program, 1), receiver_(program, 2) {}

  // Earns so many points, with a purchase that is named by the one who buys.
  void Earn(Scenario& who, const std::string& purchase_id, int64_t points, absl::Time at) {
    Purchase purchase = PurchaseOf({Line(points * 100)});
    purchase.purchase_id = purchase_id;
    ASSERT_TRUE(who.Buy(std::move(purchase), at, std::max(at, now_)).ok());
  }

  // Brings back all of a purchase.
  void ReturnAll(Scenario& who, const std::string& purchase_id) {
    RecordReturn back;
    back.member = who.Me();
    back.return_id = "back " + purchase_id;
    back.purchase_id = purchase_id;
    for (const Purchase& purchase : who.state().purchases) {
      if (purchase.purchase_id == purchase_id) back.amount_minor = purchase.total_minor;
    }
    ASSERT_TRUE(who.Do(std::move(back), now_).ok());
  }

  TransferPoints TransferOf(int64_t points) const {
    TransferPoints transfer;
    transfer.member = giver_.Me();
    transfer.to = receiver_.Me();
    transfer.transfer_id = "gift";
    transfer.points = points;
    return transfer;
  }

  absl::Status Give(int64_t points) {
    return giver_.DoWith(receiver_, TransferOf(points), now_).status();
  }

  static absl::Status ChangeTo(Scenario& who, MemberStatus status, absl::Time now) {
    ChangeStatus change;
    change.member = who.Me();
    change.status = status;
    return who.Do(change, now).status();
  }

  Scenario giver_;
  Scenario receiver_;
  absl::Time now_ = Utc("2026-01-15 12:00:00");
};

TEST_F(TransferTest, WhatExpiresFirstGoesFirstAndExpiresWhenItWouldHave) {
  Earn(giver_, "p-1", 10, Utc("2026-01-14 12:00:00"));
  Earn(giver_, "p-2", 10, Utc("2026-01-12 12:00:00"));
  Earn(receiver_, "p-3", 5, now_);
  const auto outcome = giver_.DoWith(receiver_, TransferOf(15), now_);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(giver_.Balance(), "0/5");
  EXPECT_EQ(receiver_.Balance(), "0/20");
  const auto& given = std::get<TransferOutcome>(*outcome);
  EXPECT_EQ(given.member_id, testing::MemberNumber(1));
  EXPECT_EQ(given.to, testing::MemberNumber(2));
  EXPECT_THAT(given.lots,
              ElementsAre(MovedLot{10, Utc("2026-01-12 12:00:00"), Utc("2026-01-20 00:00:00")},
                          MovedLot{5, Utc("2026-01-14 12:00:00"), Utc("2026-01-22 00:00:00")}));
  EXPECT_THAT(given.balances, ElementsAre(Account{"points", 0, 5, 0}));

  // Their own 5 points expire last.
  ASSERT_THAT(receiver_.state().lots, SizeIs(3));
  EXPECT_EQ(receiver_.state().member.next_due_at, Utc("2026-01-20 00:00:00"));
  receiver_.AdvanceTo(Utc("2026-01-20 00:00:00"));
  EXPECT_EQ(receiver_.Balance(), "0/10");
  receiver_.AdvanceTo(Utc("2026-01-22 00:00:00"));
  EXPECT_EQ(receiver_.Balance(), "0/5");
}

TEST_F(TransferTest, BothLedgersTellTheirHalf) {
  Earn(giver_, "p-1", 10, now_);
  ASSERT_TRUE(Give(4).ok());
  const LedgerEntry& given = giver_.entries().back();
  const LedgerEntry& received = receiver_.entries().back();
  for (const LedgerEntry* entry : {&given, &received}) {
    EXPECT_EQ(entry->kind, EntryKind::kTransfer);
    EXPECT_EQ(entry->points, 4);
    EXPECT_EQ(entry->reference, "gift");
    EXPECT_EQ(entry->principal, "till-1");
    EXPECT_EQ(entry->effective_at, now_);
  }
  EXPECT_EQ(given.debit, LedgerAccount::kAvailable);
  EXPECT_EQ(given.credit, LedgerAccount::kTransferred);
  EXPECT_EQ(given.purchase_id, "p-1");
  EXPECT_EQ(received.debit, LedgerAccount::kTransferred);
  EXPECT_EQ(received.credit, LedgerAccount::kAvailable);
  EXPECT_EQ(received.purchase_id, "");
  EXPECT_EQ(received.available_after, 4);
}

TEST_F(TransferTest, CountsTowardNobodysTierAgain) {
  Earn(giver_, "p-1", 10, now_);
  ASSERT_TRUE(Give(10).ok());
  EXPECT_EQ(testing::QualifyingOf(giver_.state().member), 10);
  EXPECT_EQ(testing::QualifyingOf(receiver_.state().member), 0);
}

TEST_F(TransferTest, NeitherWhatIsHeldNorMoreThanThereIs) {
  Earn(giver_, "p-1", 100, now_);
  ReservePoints reserve;
  reserve.member = giver_.Me();
  reserve.reservation_id = "r-1";
  reserve.points = 40;
  reserve.time_to_live = absl::Minutes(15);
  ASSERT_TRUE(giver_.Do(reserve, now_).ok());
  EXPECT_EQ(ReasonOf(Give(61)), "INSUFFICIENT_POINTS");
  EXPECT_EQ(giver_.Balance(), "0/60");
  EXPECT_THAT(receiver_.entries(), IsEmpty());
  ASSERT_TRUE(Give(60).ok());
  // The hold lapses at the giver's, as if nothing had happened.
  giver_.AdvanceTo(now_ + absl::Minutes(15));
  EXPECT_EQ(giver_.Balance(), "0/40");
}

TEST_F(TransferTest, WhatHasExpiredMeanwhileIsNotThere) {
  Earn(giver_, "p-1", 100, now_);
  now_ = Utc("2026-01-23 00:00:00");
  EXPECT_EQ(ReasonOf(Give(1)), "INSUFFICIENT_POINTS");
}

TEST_F(TransferTest, RepaysWhatTheReceiverOwes) {
  Earn(receiver_, "p-2", 30, now_);
  ReservePoints spend;
  spend.member = receiver_.Me();
  spend.reservation_id = "r-1";
  spend.points = 30;
  spend.capture = true;
  ASSERT_TRUE(receiver_.Do(spend, now_).ok());
  ReturnAll(receiver_, "p-2");
  ASSERT_EQ(receiver_.Balance(), "0/-30");
  Earn(giver_, "p-1", 100, now_);
  ASSERT_TRUE(Give(20).ok());
  EXPECT_EQ(receiver_.Balance(), "0/-10");
  ASSERT_TRUE(Give(20).ok());
  EXPECT_EQ(receiver_.Balance(), "0/10");
}

// As if the points had been spent.
TEST_F(TransferTest, WhoReturnsWhatEarnedThemOwesThem) {
  Earn(giver_, "p-1", 100, now_);
  ASSERT_TRUE(Give(80).ok());
  ReturnAll(giver_, "p-1");
  EXPECT_EQ(giver_.Balance(), "0/-80");
  EXPECT_EQ(receiver_.Balance(), "0/80");
  std::swap(giver_, receiver_);
  ASSERT_TRUE(Give(80).ok());
  EXPECT_EQ(receiver_.Balance(), "0/0");
}

TEST_F(TransferTest, ConcernsTwoMembersWhoTakePart) {
  Earn(giver_, "p-1", 100, now_);
  EXPECT_EQ(ReasonOf(giver_.DoWith(giver_, TransferOf(1), now_).status()), "RECEIVER_IS_GIVER");
  EXPECT_EQ(ReasonOf(giver_.Do(TransferOf(1), now_).status()), "RECEIVER_NOT_FOUND");
  State nobody;
  nobody.other = &receiver_.state();
  EXPECT_EQ(ReasonOf(Decide({TransferOf(1), "till"}, nobody, giver_.catalog(), now_).status()),
            "MEMBER_NOT_FOUND");
  TransferPoints elsewhere = TransferOf(1);
  elsewhere.wallet = "miles";
  EXPECT_EQ(ReasonOf(giver_.DoWith(receiver_, elsewhere, now_).status()), "WALLET_NOT_DECLARED");

  ASSERT_TRUE(ChangeTo(receiver_, MemberStatus::kSuspended, now_).ok());
  const absl::Status refused = Give(1);
  EXPECT_EQ(ReasonOf(refused), "RECEIVER_SUSPENDED");
  EXPECT_EQ(DetailsOf(refused).violations.at(0).field, "to");
  ASSERT_TRUE(ChangeTo(giver_, MemberStatus::kSuspended, now_).ok());
  EXPECT_EQ(ReasonOf(Give(1)), "MEMBER_SUSPENDED");
  ASSERT_TRUE(ChangeTo(giver_, MemberStatus::kActive, now_).ok());
  ASSERT_TRUE(ChangeTo(receiver_, MemberStatus::kClosed, now_).ok());
  EXPECT_EQ(ReasonOf(Give(1)), "RECEIVER_CLOSED");
  ASSERT_TRUE(ChangeTo(giver_, MemberStatus::kClosed, now_).ok());
  EXPECT_EQ(ReasonOf(Give(1)), "MEMBER_CLOSED");
}

TEST_F(TransferTest, AWalletHasItsLimit) {
  Earn(giver_, "p-1", 100, now_);
  receiver_.state().accounts = {{"points", limits::kMaxBalance - 99, 0, 0}};
  EXPECT_EQ(ReasonOf(Give(100)), "BALANCE_TOO_LARGE");
}

TEST_F(TransferTest, SoHasATransfer) {
  constexpr int64_t kMost = limits::kMaxLotsPerTransfer;
  for (int64_t i = 1; i <= kMost + 1; ++i) {
    const MemberId giver = testing::MemberNumber(1);
    giver_.state().lots.push_back({giver, i, giver, "points", 1, 1, now_, now_});
  }
  giver_.state().accounts = {{"points", 0, kMost + 1, 0}};
  giver_.state().member.entry_count = kMost + 1;
  State both;
  both.member = &giver_.state();
  both.other = &receiver_.state();
  const auto decide = [&](int64_t points) {
    return Decide({TransferOf(points), "till"}, both, giver_.catalog(), now_).status();
  };
  EXPECT_EQ(ReasonOf(decide(kMost + 1)), "TRANSFER_TOO_LARGE");
  EXPECT_TRUE(decide(kMost).ok());
}

// Another server has advanced the receiver further: there the points have expired.
TEST_F(TransferTest, WhatHasExpiredByTheReceiversTimeRepaysDebtsAndIsGone) {
  Earn(giver_, "p-1", 100, now_);
  Earn(receiver_, "p-2", 30, now_);
  ReservePoints spend;
  spend.member = receiver_.Me();
  spend.reservation_id = "r-1";
  spend.points = 30;
  spend.capture = true;
  ASSERT_TRUE(receiver_.Do(spend, now_).ok());
  ReturnAll(receiver_, "p-2");
  now_ = Utc("2026-01-22 23:59:59");
  ASSERT_TRUE(receiver_.Do(AdvanceMember{receiver_.Me()}, now_ + absl::Seconds(2)).ok());
  receiver_.state().member.advanced_until = now_ + absl::Seconds(2);
  ASSERT_TRUE(Give(100).ok());
  EXPECT_EQ(giver_.Balance(), "0/0");
  EXPECT_EQ(receiver_.Balance(), "0/0");
  EXPECT_EQ(receiver_.entries().back().kind, EntryKind::kExpire);
  EXPECT_EQ(receiver_.entries().back().points, 70);
}

Program Patient() {
  Program program = SevenDays();
  program.wallets[0].pending_days = 2;
  return program;
}

class PendingTransferTest : public TransferTest {
 protected:
  PendingTransferTest() : TransferTest(Patient()) {}
};

TEST_F(PendingTransferTest, OnlyWhatIsAvailableIsGivenAndItIsNotPendingAgain) {
  Earn(giver_, "p-1", 100, now_);
  EXPECT_EQ(ReasonOf(Give(1)), "INSUFFICIENT_POINTS");
  // The giver's time is ahead of the receiver's, where the points would still be pending.
  const absl::Time free = giver_.state().lots[0].available_from;
  ASSERT_TRUE(giver_.Do(AdvanceMember{giver_.Me()}, free).ok());
  ASSERT_TRUE(Give(60).ok());
  EXPECT_EQ(giver_.Balance(), "0/40");
  EXPECT_EQ(receiver_.Balance(), "0/60");
  receiver_.AdvanceTo(free);
  EXPECT_EQ(receiver_.Balance(), "0/60");
}

TEST_F(TransferTest, NeedsWhatBothHave) {
  const Reads reads = ReadsOf({TransferOf(1), "till"}, giver_.catalog(), now_);
  EXPECT_EQ(reads.member->id, testing::MemberNumber(1));
  EXPECT_TRUE(reads.needs.lots);
  EXPECT_EQ(reads.other->id, testing::MemberNumber(2));
  EXPECT_TRUE(reads.other_needs.lots);
}

// What is in a member's own log is enough to decide everything again.
TEST_F(TransferTest, EachHalfIsDecidedAgainWithoutTheOther) {
  Replay givers(giver_.catalog());
  Replay receivers(giver_.catalog());
  for (Replay* replay : {&givers, &receivers}) {
    EnrollMember enroll;
    enroll.member_id = testing::MemberNumber(replay == &givers ? 1 : 2);
    ASSERT_TRUE(replay->Step(testing::Recorded(enroll, now_)).ok());
  }
  giver_.state() = givers.state();
  receiver_.state() = receivers.state();
  RecordPurchase buy;
  buy.member = giver_.Me();
  buy.purchase = PurchaseOf({Line(10'000)});
  ASSERT_TRUE(giver_.Do(buy, now_).ok());
  ASSERT_TRUE(givers.Step(testing::Recorded(buy, now_)).ok());
  now_ += absl::Hours(1);
  ASSERT_TRUE(Give(30).ok());
  ASSERT_TRUE(givers.Step(testing::Recorded(TransferOf(30), now_)).ok());
  ASSERT_TRUE(receivers.Step(testing::Recorded(receiver_.last_consequence(), now_)).ok());

  const auto is_same = [](Scenario& life, const Replay& replay) {
    EXPECT_EQ(replay.entries(), life.entries());
    EXPECT_EQ(replay.state().member.advanced_until, life.state().member.advanced_until);
    EXPECT_EQ(replay.state().accounts, life.state().accounts);
    EXPECT_EQ(replay.state().lots, life.state().lots);
  };
  is_same(giver_, givers);
  is_same(receiver_, receivers);
}

}  // namespace
}  // namespace dangol::domain
