// Members who turn out to be one, through the API.

#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <barrier>
#include <fstream>
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

v1::MergeMembersRequest MergeOf(const std::string& id, const v1::MemberRef& member,
                                const v1::MemberRef& into) {
  v1::MergeMembersRequest request;
  request.set_request_id(id);
  *request.mutable_member() = member;
  *request.mutable_into() = into;
  return request;
}

v1::UnmergeMemberRequest UnmergeOf(const std::string& id, const std::string& merged) {
  v1::UnmergeMemberRequest request;
  request.set_request_id(id);
  request.set_merged_member_id(merged);
  return request;
}

// A point for 10 pence, for 30 days; a latte for 40 points.
class MergesTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << absl::StrReplaceAll(ProgramText("merges", 10), {{"never {}", "after { days: 30 }"}})
        << "return_window_days: 60\n"
           "rewards { id: \"latte\" name: \"A latte\" wallet: \"points\" points: 40 gift { sku: "
           "\"latte\" } }\n";
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
  }

  // A purchase of so many points, by whoever is named.
  absl::Status Buy(const std::string& id, const v1::MemberRef& member, int64_t points) {
    v1::Purchase purchase = SmallPurchase(id, points * 10);
    *purchase.mutable_member() = member;
    return MakeClient().RecordPurchase(purchase).status();
  }

  absl::Status Merge(const v1::MemberRef& member, const v1::MemberRef& into) {
    return MakeClient().MergeMembers(MergeOf("", member, into)).status();
  }

  absl::Status Unmerge(const std::string& merged) {
    return MakeClient().UnmergeMember(UnmergeOf("", merged)).status();
  }

  absl::Status Redeem(const v1::MemberRef& member, int64_t points) {
    v1::RedeemPointsRequest request;
    *request.mutable_member() = member;
    request.set_points(points);
    return MakeClient().RedeemPoints(request).status();
  }

  absl::Status Return(const std::string& purchase, int64_t points) {
    v1::Return goods;
    goods.set_purchase_id(purchase);
    goods.set_amount_minor(points * 10);
    return MakeClient().RecordReturn(goods).status();
  }

  absl::Time Recorded(const std::string& purchase) {
    return ToTime(MakeClient().GetPurchase(purchase).value().recorded_at());
  }

  int64_t Available(const v1::MemberRef& member) {
    const auto balance = MakeClient().GetBalance(member);
    if (!balance.ok()) {
      ADD_FAILURE() << balance.status();
      return -1;
    }
    return balance->wallets_size() == 0 ? 0 : balance->wallets(0).available();
  }

  std::vector<std::string> PurchasesOf(const v1::MemberRef& member) {
    std::vector<std::string> ids;
    for (auto& purchase : MakeClient().ListPurchases(member)) {
      ids.push_back(purchase.value().purchase_id());
    }
    return ids;
  }

  int ReturnsOf(const v1::MemberRef& member) {
    int count = 0;
    for (auto& returned : MakeClient().ListReturns(member)) {
      EXPECT_TRUE(returned.ok()) << returned.status();
      ++count;
    }
    return count;
  }

  // All that the API tells of a member now.
  std::string Portrait(const v1::MemberRef& member) {
    Client client = MakeClient();
    std::string portrait = client.GetMember(member).value().ShortDebugString();
    v1::GetBalanceResponse balance = client.GetBalance(member).value();
    balance.clear_as_of();
    absl::StrAppend(&portrait, "\n", balance.ShortDebugString());
    for (auto& purchase : client.ListPurchases(member)) {
      absl::StrAppend(&portrait, "\n", purchase.value().ShortDebugString());
    }
    for (auto& returned : client.ListReturns(member)) {
      absl::StrAppend(&portrait, "\n", returned.value().ShortDebugString());
    }
    return portrait;
  }

  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
};

TEST_F(MergesTest, TheSecondCardFindsTheSurvivor) {
  const std::string merged = Enroll("1").member_id();
  const std::string survivor = Enroll("2").member_id();
  ASSERT_TRUE(Buy("p-1", Card("1"), 100).ok());
  ASSERT_TRUE(Buy("p-2", Card("2"), 7).ok());
  const v1::MergeMembersResponse reply =
      MakeClient().MergeMembers(MergeOf("merge", Card("1"), Card("2"))).value();
  EXPECT_EQ(reply.member().member_id(), survivor);
  EXPECT_EQ(reply.member().aliases_size(), 2);
  EXPECT_EQ(reply.member().purchase_count(), 2);
  EXPECT_EQ(reply.balances(0).available(), 107);
  EXPECT_EQ(reply.merged_member_id(), merged);

  for (const bool restarted : {false, true}) {
    if (restarted) {
      Kill();
      ASSERT_NO_FATAL_FAILURE(Start(flags_));
    }
    for (const v1::MemberRef& name :
         {Card("1"), Card("2"), MemberById(merged), MemberById(survivor)}) {
      const std::string id = absl::StrCat("p-", name.ShortDebugString().size(), name.member_id(),
                                          name.alias().value(), restarted);
      const int64_t before = Available(name);
      ASSERT_TRUE(Buy(id, name, 10).ok());
      EXPECT_EQ(Available(name), before + 10);
      EXPECT_EQ(MakeClient().GetPurchase(id).value().member_id(), survivor);
      EXPECT_EQ(MakeClient().GetMember(name).value().member_id(), survivor);
    }
  }
  EXPECT_EQ(Available(Card("1")), 187);
  EXPECT_EQ(PurchasesOf(MemberById(merged)).size(), 10u);
  EXPECT_EQ(MakeClient().GetPurchase("p-1").value().member_id(), survivor);
  EXPECT_EQ(MakeClient().LookupMember(Card("1").alias()).value().member_id(), survivor);
  ExpectSoundBooks(MakeClient());

  // The list shows who was merged, and their own ledger how it ended.
  for (auto& member : MakeClient().ListMembers()) {
    if (member.value().member_id() != merged) continue;
    EXPECT_EQ(member.value().status(), v1::MEMBER_STATUS_MERGED);
    EXPECT_EQ(member.value().merged_into_member_id(), survivor);
  }
  std::vector<v1::EntryKind> kinds;
  for (auto& entry : MakeClient().ListLedgerEntries(MemberById(merged))) {
    kinds.push_back(entry.value().kind());
    const bool is_merge = entry.value().kind() == v1::ENTRY_KIND_MERGE;
    EXPECT_EQ(entry.value().other_member_id(), is_merge ? survivor : "");
  }
  EXPECT_THAT(kinds, ::testing::ElementsAre(v1::ENTRY_KIND_MERGE, v1::ENTRY_KIND_EARN));
}

TEST_F(MergesTest, WhatTheMergedMemberBeganIsBroughtToItsEnd) {
  Enroll("1");
  Enroll("2");
  ASSERT_TRUE(Buy("p-1", Card("1"), 200).ok());
  Client client = MakeClient();
  v1::ReservePointsRequest reserve;
  reserve.set_request_id("hold");
  *reserve.mutable_member() = Card("1");
  reserve.set_points(50);
  ASSERT_TRUE(client.ReservePoints(reserve).ok());
  v1::IssueCouponRequest issue;
  *issue.mutable_member() = Card("1");
  issue.set_reward_id("latte");
  const std::string code = client.IssueCoupon(issue).value().coupon().code();
  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  EXPECT_EQ(Available(Card("2")), 110);

  v1::CapturePointsRequest capture;
  capture.set_reservation_id("hold");
  capture.set_points(30);
  ASSERT_TRUE(client.CapturePoints(capture).ok());
  EXPECT_EQ(Available(Card("2")), 130);
  v1::CancelCouponRequest cancel;
  cancel.set_code(code);
  ASSERT_TRUE(client.CancelCoupon(cancel).ok());
  EXPECT_EQ(Available(Card("2")), 170);
  v1::Return goods;
  goods.set_purchase_id("p-1");
  goods.set_amount_minor(500);
  const auto returned = client.RecordReturn(goods);
  ASSERT_TRUE(returned.ok()) << returned.status();
  EXPECT_EQ(Available(Card("2")), 120);
  // Without the receipt, by the other card: the goods are found.
  v1::Return without;
  *without.mutable_member() = Card("2");
  without.set_currency("GBP");
  v1::ReturnLine& line = *without.add_lines();
  line.set_sku(client.GetPurchase("p-1").value().lines(0).line().sku());
  line.set_quantity(1);
  line.set_amount_minor(1'500);
  const auto matched = client.RecordReturn(without);
  ASSERT_TRUE(matched.ok()) << matched.status();
  EXPECT_EQ(Available(Card("2")), -30);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MergesTest, UndoneBothAreAsTheyWere) {
  const std::string merged = Enroll("1").member_id();
  Enroll("2");
  ASSERT_TRUE(Buy("p-1", Card("1"), 200).ok());
  ASSERT_TRUE(Buy("p-2", Card("2"), 20).ok());
  v1::Return goods;
  goods.set_purchase_id("p-1");
  goods.set_amount_minor(500);
  ASSERT_TRUE(MakeClient().RecordReturn(goods).ok());
  v1::ReservePointsRequest reserve;
  reserve.set_request_id("hold");
  *reserve.mutable_member() = Card("1");
  reserve.set_points(50);
  ASSERT_TRUE(MakeClient().ReservePoints(reserve).ok());
  const std::string first = Portrait(Card("1"));
  const std::string second = Portrait(Card("2"));
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
    EXPECT_EQ(PurchasesOf(Card("2")).size(), 2u);
    ASSERT_TRUE(Unmerge(merged).ok());
    EXPECT_EQ(Portrait(Card("1")), first);
    EXPECT_EQ(Portrait(Card("2")), second);
  }
  // Each by themselves again.
  ASSERT_TRUE(Buy("p-3", Card("1"), 1).ok());
  EXPECT_EQ(MakeClient().GetPurchase("p-3").value().member_id(), merged);
  v1::VoidReservationRequest release;
  release.set_reservation_id("hold");
  ASSERT_TRUE(MakeClient().VoidReservation(release).ok());
  EXPECT_EQ(Available(Card("1")), 151);
  EXPECT_EQ(Available(Card("2")), 20);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MergesTest, AReturnGoesBackWithItsPurchase) {
  const std::string merged = Enroll("1").member_id();
  Enroll("2");
  ASSERT_TRUE(Buy("p-1", Card("1"), 200).ok());
  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  v1::Return goods;
  goods.set_return_id("back");
  goods.set_purchase_id("p-1");
  goods.set_amount_minor(500);
  ASSERT_TRUE(MakeClient().RecordReturn(goods).ok());
  EXPECT_EQ(ReturnsOf(Card("2")), 1);
  ASSERT_TRUE(Unmerge(merged).ok());
  EXPECT_EQ(ReturnsOf(Card("1")), 1);
  EXPECT_EQ(ReturnsOf(Card("2")), 0);
  ExpectSoundBooks(MakeClient());
}

// What the merge itself, a purchase and a return have let the points of the one pay for
// the other.
TEST_F(MergesTest, EachOwesForTheirOwnGoodsWhenTheyPart) {
  const std::string merged = Enroll("1").member_id();
  Enroll("2");
  ASSERT_TRUE(Buy("p-1", Card("1"), 200).ok());
  ASSERT_TRUE(Redeem(Card("1"), 200).ok());
  ASSERT_TRUE(Return("p-1", 150).ok());
  ASSERT_TRUE(Buy("p-2", Card("2"), 70).ok());
  const std::string first = Portrait(Card("1"));
  const std::string second = Portrait(Card("2"));
  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  EXPECT_EQ(Available(Card("2")), -80);
  Kill();
  ASSERT_NO_FATAL_FAILURE(Start(flags_));
  ASSERT_TRUE(Unmerge(merged).ok());
  EXPECT_EQ(Portrait(Card("1")), first);
  EXPECT_EQ(Portrait(Card("2")), second);

  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  ASSERT_TRUE(Buy("p-3", Card("2"), 100).ok());
  EXPECT_EQ(Available(Card("2")), 20);
  ASSERT_TRUE(Return("p-1", 15).ok());
  EXPECT_EQ(Available(Card("2")), 5);
  ExpectSoundBooks(MakeClient());
  ASSERT_TRUE(Unmerge(merged).ok());
  EXPECT_EQ(Available(Card("1")), -165);
  EXPECT_EQ(Available(Card("2")), 170);
  ExpectSoundBooks(MakeClient());
}

// By the old id, everybody's own balance of before; and of while they were one, the
// survivor's.
// Seven calls after which three points could be redeemed again and again for nothing.
TEST_F(MergesTest, AHoldOfPointsWhoseOwnerHasLeftGivesBackWhatItHeld) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    const std::string card = absl::StrCat(i);
    ids.push_back(Enroll(card).member_id());
    ASSERT_TRUE(Buy(absl::StrCat("p-", i), Card(card), 100).ok());
  }
  ASSERT_TRUE(Merge(Card("0"), Card("2")).ok());
  v1::ReservePointsRequest reserve;
  reserve.set_request_id("hold");
  *reserve.mutable_member() = Card("2");
  reserve.set_points(3);
  ASSERT_TRUE(MakeClient().ReservePoints(reserve).ok());
  ASSERT_TRUE(Unmerge(ids[0]).ok());
  ASSERT_TRUE(Merge(Card("2"), Card("1")).ok());
  ASSERT_TRUE(Merge(Card("1"), Card("0")).ok());
  v1::VoidReservationRequest release;
  release.set_reservation_id("hold");
  ASSERT_TRUE(MakeClient().VoidReservation(release).ok());
  ASSERT_TRUE(Merge(Card("3"), Card("0")).ok());
  EXPECT_EQ(Available(Card("0")), 400);
  ASSERT_TRUE(Redeem(Card("0"), 400).ok());
  ExpectRefused(Redeem(Card("0"), 3), absl::StatusCode::kFailedPrecondition, {},
                "INSUFFICIENT_POINTS");
  EXPECT_EQ(Available(Card("0")), 0);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MergesTest, ABalanceOfThePastIsThatOfWhoHadIt) {
  const std::string merged = Enroll("1").member_id();
  const std::string survivor = Enroll("2").member_id();
  ASSERT_TRUE(Buy("p-1", Card("1"), 100).ok());
  ASSERT_TRUE(Buy("p-2", Card("2"), 7).ok());
  const absl::Time before = Recorded("p-2");
  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  ASSERT_TRUE(Buy("p-3", Card("2"), 30).ok());
  const absl::Time after = Recorded("p-3");
  for (const bool parted : {false, true}) {
    SCOPED_TRACE(parted);
    if (parted) {
      ASSERT_TRUE(Unmerge(merged).ok());
    }
    for (const absl::Time time : {before, after}) {
      const auto balance = MakeClient().GetBalance(MemberById(merged), time);
      ASSERT_TRUE(balance.ok()) << balance.status();
      EXPECT_EQ(balance->wallets(0).available(), time == before ? 100 : 137);
      EXPECT_EQ(balance->member_id(), time == before ? merged : survivor);
    }
    EXPECT_EQ(Available(MemberById(merged)), parted ? 100 : 137);
  }
  EXPECT_EQ(MakeClient().GetBalance(MemberById(survivor), before)->wallets(0).available(), 7);
  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  EXPECT_EQ(MakeClient().GetBalance(Card("1"), before)->wallets(0).available(), 7)
      << "the card is the survivor's now";
}

TEST_F(MergesTest, AMembershipThatHasEndedKeepsNobody) {
  const std::string merged = Enroll("1").member_id();
  Enroll("2");
  ASSERT_TRUE(Buy("p-1", Card("1"), 100).ok());
  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  v1::CloseMemberRequest close;
  *close.mutable_member() = Card("2");
  ASSERT_TRUE(MakeClient().CloseMember(close).ok());
  ASSERT_TRUE(Unmerge(merged).ok());
  EXPECT_EQ(MakeClient().GetMember(Card("1")).value().member_id(), merged);
  EXPECT_EQ(PurchasesOf(Card("1")), std::vector<std::string>{"p-1"});
  EXPECT_EQ(Available(Card("1")), 0);
  ASSERT_TRUE(Buy("p-2", Card("1"), 5).ok());
  EXPECT_EQ(Available(Card("1")), 5);
  ExpectSoundBooks(MakeClient());
}

TEST_F(MergesTest, AReplayIsTheFirstReplyByteForByte) {
  const std::string merged = Enroll("1").member_id();
  Enroll("2");
  ASSERT_TRUE(Buy("p-1", Card("1"), 100).ok());
  const v1::MergeMembersRequest merge = MergeOf("merge", MemberById(merged), Card("2"));
  const v1::UnmergeMemberRequest unmerge = UnmergeOf("unmerge", merged);
  constexpr char kMerge[] = "/dangol.v1.MemberService/MergeMembers";
  constexpr char kUnmerge[] = "/dangol.v1.MemberService/UnmergeMember";
  const Answer first = Call(MakeChannel(), kMerge, merge);
  ASSERT_TRUE(first.status.ok()) << first.status;
  EXPECT_EQ(Call(MakeChannel(), kMerge, merge).bytes, absl::StrCat(first.bytes, kReplayed));
  const Answer second = Call(MakeChannel(), kUnmerge, unmerge);
  ASSERT_TRUE(second.status.ok()) << second.status;
  EXPECT_EQ(Call(MakeChannel(), kUnmerge, unmerge).bytes, absl::StrCat(second.bytes, kReplayed));
  EXPECT_EQ(Call(MakeChannel(), kMerge, merge).bytes, absl::StrCat(first.bytes, kReplayed));
  EXPECT_EQ(Available(Card("1")), 100) << "a replay merges nobody again";
  ExpectRefused(MakeClient().MergeMembers(MergeOf("merge", Card("2"), Card("1"))).status(),
                absl::StatusCode::kAlreadyExists, {"request_id"}, "REQUEST_ID_REUSED");
}

TEST_F(MergesTest, WhatIsRefusedSaysWhy) {
  const std::string one = Enroll("1").member_id();
  const std::string two = Enroll("2").member_id();
  Enroll("3");
  const auto kPrecondition = absl::StatusCode::kFailedPrecondition;
  ExpectRefused(MakeClient().MergeMembers({}).status(), absl::StatusCode::kInvalidArgument,
                {"into", "member"}, "INVALID_FIELDS");
  ExpectRefused(MakeClient().UnmergeMember({}).status(), absl::StatusCode::kInvalidArgument,
                {"merged_member_id"}, "INVALID_FIELDS");
  ExpectRefused(Merge(Card("9"), Card("1")), absl::StatusCode::kNotFound, {}, "MEMBER_NOT_FOUND");
  ExpectRefused(Merge(Card("1"), Card("9")), absl::StatusCode::kNotFound, {"into"},
                "SURVIVOR_NOT_FOUND");
  ExpectRefused(Merge(Card("1"), MemberById(one)), absl::StatusCode::kInvalidArgument, {"into"},
                "MERGE_WITH_THEMSELVES");
  ExpectRefused(Unmerge(one), kPrecondition, {}, "MEMBER_NOT_MERGED");
  ExpectRefused(Unmerge("01935d2e-8c00-7000-8000-000000000001"), absl::StatusCode::kNotFound,
                {"merged_member_id"}, "MEMBER_NOT_FOUND");
  ASSERT_TRUE(Merge(Card("1"), Card("2")).ok());
  ExpectRefused(Merge(MemberById(one), Card("3")), kPrecondition, {"member"}, "MEMBER_MERGED");
  ExpectRefused(Merge(MemberById(two), MemberById(one)), absl::StatusCode::kInvalidArgument,
                {"into"}, "MERGE_WITH_THEMSELVES");
  ASSERT_TRUE(Merge(Card("2"), Card("3")).ok());
  ExpectRefused(Unmerge(one), kPrecondition, {}, "SURVIVOR_MERGED");
  ASSERT_TRUE(Buy("p-1", MemberById(one), 1).ok());
  EXPECT_EQ(Available(Card("3")), 1);
  ASSERT_TRUE(Unmerge(two).ok());
  ASSERT_TRUE(Unmerge(one).ok());
  ExpectSoundBooks(MakeClient());
}

// Twenty clients merge everybody into everybody: at the end whoever is by themselves has
// everything of those who were merged into them.
TEST_F(MergesTest, TwentyClientsMergeInCirclesAndNothingIsLost) {
  constexpr int kClients = 20;
  constexpr int kMembers = 6;
  std::vector<std::string> ids;
  for (int i = 0; i < kMembers; ++i) {
    ids.push_back(Enroll(absl::StrCat(i)).member_id());
    ASSERT_TRUE(Buy(absl::StrCat("p-", i), Card(absl::StrCat(i)), 100).ok());
  }
  std::barrier together(kClients);
  std::atomic<int64_t> bought = 0;
  std::vector<std::thread> clients;
  for (int number = 0; number < kClients; ++number) {
    clients.emplace_back([&, number] {
      std::mt19937 random(20'261'126u + static_cast<unsigned>(number));
      const auto anybody = [&] { return ids[random() % kMembers]; };
      Client client = MakeClient();
      together.arrive_and_wait();
      for (int call = 0; call < 20; ++call) {
        absl::Status status;
        const std::string id = absl::StrCat(number, "-", call);
        switch (random() % 4) {
          case 0:
            status = client.MergeMembers(MergeOf(id, MemberById(anybody()), MemberById(anybody())))
                         .status();
            break;
          case 1:
            status = client.UnmergeMember(UnmergeOf(id, anybody())).status();
            break;
          default:
            v1::Purchase purchase = SmallPurchase(id, 100);
            *purchase.mutable_member() =
                random() % 2 == 0 ? MemberById(anybody()) : Card(absl::StrCat(random() % kMembers));
            status = client.RecordPurchase(purchase).status();
            EXPECT_TRUE(status.ok()) << status;
            if (status.ok()) ++bought;
        }
        const bool is_refusal = status.code() == absl::StatusCode::kFailedPrecondition ||
                                status.code() == absl::StatusCode::kInvalidArgument;
        EXPECT_TRUE(status.ok() || is_refusal) << status;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  int64_t points = 0;
  int64_t purchases = 0;
  for (auto& member : MakeClient().ListMembers()) {
    if (member.value().status() == v1::MEMBER_STATUS_MERGED) continue;
    const v1::MemberRef self = MemberById(member.value().member_id());
    points += Available(self);
    purchases += member.value().purchase_count();
    EXPECT_EQ(static_cast<int64_t>(PurchasesOf(self).size()), member.value().purchase_count());
  }
  EXPECT_EQ(points, 100 * kMembers + 10 * bought);
  EXPECT_EQ(purchases, kMembers + bought);
  ExpectSoundBooks(MakeClient());
}

// kill -9 under load: there is all of a merge afterwards or nothing.
TEST_F(MergesTest, AKillLeavesNoHalfOfAMerge) {
  constexpr int kCycles = 6;
  constexpr unsigned kSeed = 20'261'126;
  const std::string one = Enroll("1").member_id();
  Enroll("2");
  ASSERT_TRUE(Buy("p-1", Card("1"), 100).ok());
  ASSERT_TRUE(Buy("p-2", Card("2"), 100).ok());
  std::mt19937 random(kSeed);
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle, " of seed ", kSeed));
    const int until = 1 + static_cast<int>(random() % 20);
    Client client = MakeImpatientClient();
    for (int call = 0;; ++call) {
      if (call == until) process().Signal(SIGKILL);
      const std::string id = absl::StrCat(cycle, "-", call);
      const absl::Status status =
          call % 2 == 0 ? client.MergeMembers(MergeOf(id, MemberById(one), Card("2"))).status()
                        : client.UnmergeMember(UnmergeOf(id, one)).status();
      if (absl::IsUnavailable(status)) break;
      ASSERT_TRUE(status.ok() || absl::IsFailedPrecondition(status)) << status;
    }
    process().Wait();
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
    const bool is_merged = MakeClient().GetMember(MemberById(one)).value().member_id() != one;
    EXPECT_EQ(Available(Card("2")), is_merged ? 200 : 100);
    EXPECT_EQ(PurchasesOf(Card("1")).size(), is_merged ? 2u : 1u);
    ExpectSoundBooks(MakeClient());
  }
}

}  // namespace
}  // namespace dangol::e2e
