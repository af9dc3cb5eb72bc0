// Points that go from one member to another, by one client and by many.

#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <barrier>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr absl::string_view kReplayed("\x78\x01", 2);  // Field 15, true.
constexpr char kTransfer[] = "/dangol.v1.PointsService/TransferPoints";

v1::TransferPointsRequest TransferOf(const std::string& id, const v1::MemberRef& from,
                                     const v1::MemberRef& to, int64_t points) {
  v1::TransferPointsRequest request;
  request.set_request_id(id);
  *request.mutable_member() = from;
  *request.mutable_to() = to;
  request.set_points(points);
  return request;
}

// Points are available at once and live for 30 days.
class TransfersTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << absl::StrReplaceAll(ProgramText("transfers", 10), {{"never {}", "after { days: 30 }"}})
        << "adjustment_reasons { code: \"goodwill\" max_points: 1000 }\n";
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
  }

  void Give(const std::string& card, int64_t points) {
    v1::AdjustPointsRequest request;
    *request.mutable_member() = Card(card);
    request.set_points(points);
    request.set_reason("goodwill");
    ASSERT_TRUE(MakeClient().AdjustPoints(request).ok());
  }

  absl::StatusOr<v1::TransferPointsResponse> Transfer(const std::string& from,
                                                      const std::string& to, int64_t points) {
    return MakeClient().TransferPoints(TransferOf("", Card(from), Card(to), points));
  }

  int64_t Available(const std::string& card) {
    return MakeClient().GetBalance(Card(card)).value().wallets(0).available();
  }

  // The last entry in a member's ledger.
  v1::LedgerEntry LastEntry(const std::string& card) {
    for (absl::StatusOr<v1::LedgerEntry>& entry : MakeClient().ListLedgerEntries(Card(card)))
      return entry.value();
    return {};
  }

  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
};

TEST_F(TransfersTest, PointsGoOverWithTheirExpiry) {
  const std::string giver = Enroll("1").member_id();
  const std::string receiver = Enroll("2").member_id();
  // Bought ten days ago, so that they expire before what is given today.
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_member() = Card("1");
  *purchase.mutable_occurred_at() = ToTimestamp(absl::Now() - absl::Hours(240));
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  Give("2", 5);
  const v1::WalletBalance before = MakeClient().GetBalance(Card("1")).value().wallets(0);
  ASSERT_EQ(before.expiring_size(), 1);

  const v1::TransferPointsResponse moved =
      MakeClient().TransferPoints(TransferOf("gift-1", Card("1"), Card("2"), 60)).value();
  EXPECT_EQ(moved.member_id(), giver);
  EXPECT_EQ(moved.to_member_id(), receiver);
  EXPECT_EQ(moved.balances(0).available(), 40);
  ASSERT_EQ(moved.expiring_size(), 1);
  EXPECT_EQ(moved.expiring(0).points(), 60);
  EXPECT_EQ(BytesOf(moved.expiring(0).at()), BytesOf(before.expiring(0).at()));

  const v1::WalletBalance after = MakeClient().GetBalance(Card("2")).value().wallets(0);
  EXPECT_EQ(after.available(), 65);
  ASSERT_EQ(after.expiring_size(), 2);
  EXPECT_EQ(after.expiring(0).points(), 60);
  EXPECT_EQ(BytesOf(after.expiring(0).at()), BytesOf(before.expiring(0).at()));
  EXPECT_EQ(after.expiring(1).points(), 5);

  const v1::LedgerEntry given = LastEntry("1");
  const v1::LedgerEntry received = LastEntry("2");
  EXPECT_EQ(given.kind(), v1::ENTRY_KIND_TRANSFER);
  EXPECT_EQ(given.credit(), v1::LEDGER_ACCOUNT_TRANSFERRED);
  EXPECT_EQ(given.reference(), "gift-1");
  EXPECT_EQ(given.other_member_id(), receiver);
  EXPECT_EQ(received.other_member_id(), giver);
  EXPECT_EQ(received.kind(), v1::ENTRY_KIND_TRANSFER);
  EXPECT_EQ(received.debit(), v1::LEDGER_ACCOUNT_TRANSFERRED);
  EXPECT_EQ(received.reference(), "gift-1");
  EXPECT_EQ(received.available_after(), 65);

  // Of the past it is told as it was.
  const absl::Time recorded_at = ToTime(received.recorded_at());
  const auto available_at = [&](absl::Time time) {
    return MakeClient().GetBalance(Card("2"), time).value().wallets(0).available();
  };
  EXPECT_EQ(available_at(recorded_at), 65);
  EXPECT_EQ(available_at(recorded_at - absl::Microseconds(1)), 5);
  // And of the future: the gift expires first.
  EXPECT_EQ(available_at(ToTime(before.expiring(0).at())), 5);
  ExpectSoundBooks(MakeClient());
}

TEST_F(TransfersTest, MembersAreNamedInAnyWay) {
  const std::string giver = Enroll("1").member_id();
  const std::string receiver = Enroll("2").member_id();
  Give("1", 100);
  int id = 0;
  for (const v1::MemberRef& from : {MemberById(giver), Card("1")}) {
    for (const v1::MemberRef& to : {MemberById(receiver), Card("2")}) {
      EXPECT_TRUE(MakeClient().TransferPoints(TransferOf(absl::StrCat(++id), from, to, 10)).ok());
    }
    for (const v1::MemberRef& self : {MemberById(giver), Card("1")}) {
      ExpectRefused(MakeClient().TransferPoints(TransferOf("self", from, self, 10)).status(),
                    absl::StatusCode::kInvalidArgument, {"to"}, "RECEIVER_IS_GIVER");
    }
  }
  EXPECT_EQ(Available("1"), 60);
  EXPECT_EQ(Available("2"), 40);
}

TEST_F(TransfersTest, WhatIsRefusedChangesNothingAndMayBeTriedAgain) {
  Enroll("1");
  Enroll("2");
  Give("1", 100);
  const auto refused = [&](const std::string& to, int64_t points, absl::StatusCode code,
                           const std::vector<std::string>& fields, absl::string_view reason) {
    ExpectRefused(
        MakeClient().TransferPoints(TransferOf("gift", Card("1"), Card(to), points)).status(), code,
        fields, reason);
  };
  refused("2", 101, absl::StatusCode::kFailedPrecondition, {}, "INSUFFICIENT_POINTS");
  refused("3", 1, absl::StatusCode::kNotFound, {"to"}, "RECEIVER_NOT_FOUND");
  ExpectRefused(Transfer("3", "2", 1).status(), absl::StatusCode::kNotFound, {},
                "MEMBER_NOT_FOUND");
  ExpectRefused(MakeClient().TransferPoints({}).status(), absl::StatusCode::kInvalidArgument,
                {"member", "points", "to"}, "INVALID_FIELDS");
  v1::TransferPointsRequest elsewhere = TransferOf("gift", Card("1"), Card("2"), 1);
  elsewhere.set_wallet("miles");
  ExpectRefused(MakeClient().TransferPoints(elsewhere).status(), absl::StatusCode::kInvalidArgument,
                {"wallet"}, "WALLET_NOT_DECLARED");

  v1::SuspendMemberRequest suspend;
  *suspend.mutable_member() = Card("2");
  ASSERT_TRUE(MakeClient().SuspendMember(suspend).ok());
  refused("2", 1, absl::StatusCode::kFailedPrecondition, {"to"}, "RECEIVER_SUSPENDED");
  v1::ReinstateMemberRequest reinstate;
  *reinstate.mutable_member() = Card("2");
  ASSERT_TRUE(MakeClient().ReinstateMember(reinstate).ok());
  EXPECT_TRUE(MakeClient().TransferPoints(TransferOf("gift", Card("1"), Card("2"), 1)).ok());

  v1::CloseMemberRequest close;
  *close.mutable_member() = Card("2");
  ASSERT_TRUE(MakeClient().CloseMember(close).ok());
  ExpectRefused(Transfer("1", "2", 1).status(), absl::StatusCode::kFailedPrecondition, {"to"},
                "RECEIVER_CLOSED");
  ExpectRefused(Transfer("2", "1", 1).status(), absl::StatusCode::kFailedPrecondition, {},
                "MEMBER_CLOSED");
  EXPECT_EQ(Available("1"), 99);
  ExpectSoundBooks(MakeClient());
}

TEST_F(TransfersTest, AReplayIsTheFirstReplyByteForByte) {
  Enroll("1");
  Enroll("2");
  Give("1", 100);
  const v1::TransferPointsRequest request = TransferOf("gift", Card("1"), Card("2"), 40);
  const Answer first = Call(MakeChannel(), kTransfer, request);
  ASSERT_TRUE(first.status.ok()) << first.status;
  Give("2", 1);
  for (const bool restarted : {false, true}) {
    if (restarted) {
      Kill();
      ASSERT_NO_FATAL_FAILURE(Start(flags_));
    }
    const Answer again = Call(MakeChannel(), kTransfer, request);
    EXPECT_EQ(again.bytes, absl::StrCat(first.bytes, kReplayed)) << again.status;
  }
  ExpectRefused(MakeClient().TransferPoints(TransferOf("gift", Card("1"), Card("2"), 41)).status(),
                absl::StatusCode::kAlreadyExists, {"request_id"}, "REQUEST_ID_REUSED");
  EXPECT_EQ(Available("1"), 60);
  EXPECT_EQ(Available("2"), 41);
  ExpectSoundBooks(MakeClient());
}

TEST_F(TransfersTest, ReturnsDoNotFollowPointsThatWereGivenAway) {
  Enroll("1");
  Enroll("2");
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_member() = Card("1");
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  ASSERT_TRUE(Transfer("1", "2", 100).ok());
  v1::Return goods;
  goods.set_purchase_id("p-1");
  goods.set_amount_minor(1'000);
  ASSERT_TRUE(MakeClient().RecordReturn(goods).ok());
  EXPECT_EQ(Available("1"), -100);
  EXPECT_EQ(Available("2"), 100);
  ASSERT_TRUE(Transfer("2", "1", 30).ok());
  EXPECT_EQ(Available("1"), -70);
  ExpectSoundBooks(MakeClient());
}

TEST_F(TransfersTest, TwentyClientsGiveTheSamePointsOnce) {
  constexpr int kClients = 20;
  Enroll("giver");
  for (int i = 0; i < kClients; ++i) Enroll(absl::StrCat(i));
  Give("giver", 100);
  std::vector<absl::Status> answers(kClients);
  std::barrier together(kClients);
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      const v1::TransferPointsRequest request =
          TransferOf(absl::StrCat("gift-", i), Card("giver"), Card(absl::StrCat(i)), 100);
      Client client = MakeClient();
      together.arrive_and_wait();
      answers[i] = client.TransferPoints(request).status();
    });
  }
  for (std::thread& client : clients) client.join();
  int given = 0;
  for (int i = 0; i < kClients; ++i) {
    EXPECT_EQ(Available(absl::StrCat(i)), answers[i].ok() ? 100 : 0);
    given += answers[i].ok() ? 1 : 0;
    if (!answers[i].ok()) {
      ExpectRefused(answers[i], absl::StatusCode::kFailedPrecondition, {}, "INSUFFICIENT_POINTS");
    }
  }
  EXPECT_EQ(given, 1);
  EXPECT_EQ(Available("giver"), 0);
  ExpectSoundBooks(MakeClient());
}

// kill -9 under load: whatever half of it was on its way, there is all of a transfer
// afterwards or nothing.
TEST_F(TransfersTest, AKillLeavesNoHalfOfATransfer) {
  constexpr int kCycles = 8;
  constexpr int kMembers = 4;
  constexpr unsigned kSeed = 20'261'126;
  for (int i = 0; i < kMembers; ++i) {
    Enroll(absl::StrCat(i));
    Give(absl::StrCat(i), 1'000);
  }
  std::mt19937 random(kSeed);
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle, " of seed ", kSeed));
    const int until = 1 + static_cast<int>(random() % 60);
    std::atomic<int> answered = 0;
    std::vector<v1::TransferPointsRequest> unanswered(kMembers);
    std::vector<std::thread> clients;
    for (int number = 0; number < kMembers; ++number) {
      clients.emplace_back([&, number] {
        Client client = MakeImpatientClient();
        for (int call = 0;; ++call) {
          unanswered[number] =
              TransferOf(absl::StrCat(cycle, "-", number, "-", call), Card(absl::StrCat(number)),
                         Card(absl::StrCat((number + 1 + call % (kMembers - 1)) % kMembers)), 1);
          if (!client.TransferPoints(unanswered[number]).ok()) return;
          if (++answered == until) process().Signal(SIGKILL);
        }
      });
    }
    for (std::thread& client : clients) client.join();
    process().Wait();
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
    for (const v1::TransferPointsRequest& request : unanswered) {
      const auto again = MakeClient().TransferPoints(request);
      EXPECT_TRUE(again.ok()) << again.status();
    }
    int64_t sum = 0;
    for (int i = 0; i < kMembers; ++i) sum += Available(absl::StrCat(i));
    EXPECT_EQ(sum, 1'000 * kMembers);
    ExpectSoundBooks(MakeClient());
  }
}

// Everybody gives to everybody, in both directions at once, named in either way.
TEST_F(TransfersTest, PointsGoInCirclesAndNoneIsLost) {
  constexpr int kMembers = 5;
  constexpr int kClients = 16;
  constexpr int kCalls = 40;
  constexpr unsigned kSeed = 20'261'126;
  std::vector<std::string> ids;
  for (int i = 0; i < kMembers; ++i) {
    ids.push_back(Enroll(absl::StrCat(i)).member_id());
    Give(absl::StrCat(i), 100);
  }
  std::vector<std::map<std::string, std::string>> replies(kClients);
  std::vector<std::vector<v1::TransferPointsRequest>> accepted(kClients);
  std::vector<std::thread> clients;
  for (int number = 0; number < kClients; ++number) {
    clients.emplace_back([&, number] {
      std::mt19937 random(kSeed + static_cast<unsigned>(number));
      const auto channel = MakeChannel();
      for (int call = 0; call < kCalls; ++call) {
        const int from = static_cast<int>(random() % kMembers);
        const int to = (from + (number % 2 == 0 ? 1 : kMembers - 1)) % kMembers;
        const v1::TransferPointsRequest request = TransferOf(
            absl::StrCat(number, "-", call),
            random() % 2 == 0 ? Card(absl::StrCat(from)) : MemberById(ids[from]),
            random() % 2 == 0 ? Card(absl::StrCat(to)) : MemberById(ids[to]), 1 + random() % 60);
        const Answer answer = Call(channel, kTransfer, request);
        if (!answer.status.ok()) {
          EXPECT_EQ(ErrorReason(answer.status), "INSUFFICIENT_POINTS") << answer.status;
          continue;
        }
        replies[number][request.request_id()] = answer.bytes;
        accepted[number].push_back(request);
      }
    });
  }
  for (std::thread& client : clients) client.join();

  int64_t sum = 0;
  for (int i = 0; i < kMembers; ++i) sum += Available(absl::StrCat(i));
  EXPECT_EQ(sum, 100 * kMembers);
  ExpectSoundBooks(MakeClient());
  const auto channel = MakeChannel();
  for (int number = 0; number < kClients; ++number) {
    EXPECT_FALSE(accepted[number].empty());
    for (const v1::TransferPointsRequest& request : accepted[number]) {
      const Answer again = Call(channel, kTransfer, request);
      EXPECT_EQ(again.bytes, absl::StrCat(replies[number][request.request_id()], kReplayed));
    }
  }
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
