// The same purchase sent again and again: one effect, the same answer.

#include <barrier>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/v1/purchase_service.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr absl::string_view kReplayed("\x78\x01", 2);  // Field 15, true.

v1::RecordPurchaseRequest RequestOf(const v1::Purchase& purchase) {
  v1::RecordPurchaseRequest request;
  *request.mutable_purchase() = purchase;
  return request;
}

class RetriesTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
  }

  Answer Record(const std::shared_ptr<grpc::Channel>& channel, const v1::Purchase& purchase) {
    return Call(channel, kRecordPurchase, RequestOf(purchase));
  }
};

TEST_F(RetriesTest, ReplayIsTheFirstReplyByteForByte) {
  const auto channel = MakeChannel();
  const v1::Purchase purchase = SmallPurchase("receipt-1", 1'999);
  const Answer first = Record(channel, purchase);
  ASSERT_TRUE(first.status.ok()) << first.status;
  // What happens in between changes the balance, and not the reply.
  ASSERT_TRUE(Record(channel, SmallPurchase("receipt-2", 500)).status.ok());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Record(channel, purchase).bytes, absl::StrCat(first.bytes, kReplayed));
  }
  EXPECT_EQ(TotalsOf(MakeClient()).purchases(), 2);
}

TEST_F(RetriesTest, SameIdWithOtherContentIsRefused) {
  Client client = MakeClient();
  const v1::Purchase purchase = SmallPurchase("receipt-1", 1'999);
  ASSERT_TRUE(client.RecordPurchase(purchase).ok());
  const v1::GetTotalsResponse before = TotalsOf(client);

  std::vector<v1::Purchase> others(5, purchase);
  others[0].mutable_lines(0)->set_amount_minor(2'000);
  others[1].set_currency("EUR");
  others[2].set_store_id("elsewhere");
  *others[3].mutable_occurred_at() = ToTimestamp(absl::UnixEpoch());
  *others[4].add_lines() = purchase.lines(0);
  for (const v1::Purchase& other : others) {
    ExpectRefused(client.RecordPurchase(other).status(), absl::StatusCode::kAlreadyExists,
                  {"purchase.purchase_id"}, "REQUEST_ID_REUSED");
  }
  EXPECT_EQ(BytesOf(TotalsOf(client)), BytesOf(before));
}

TEST_F(RetriesTest, RefusedPurchaseMayBeTriedAgain) {
  Client client = MakeClient();
  v1::Purchase purchase = SmallPurchase("receipt-1", 1'999);
  *purchase.mutable_member() = Card("newcomer");
  EXPECT_TRUE(absl::IsNotFound(client.RecordPurchase(purchase).status()));
  Enroll("newcomer");
  EXPECT_FALSE(client.RecordPurchase(purchase).value().replayed());
}

TEST_F(RetriesTest, EnrollingTwiceMakesOneMember) {
  EXPECT_EQ(Enroll("1000").member_id(), Enroll("1000").member_id());
  EXPECT_EQ(TotalsOf(MakeClient()).members(), 2);

  v1::EnrollMemberRequest other;
  other.set_request_id("enroll-1000");
  *other.add_aliases() = MakeAlias("card", "1001");
  ExpectRefused(MakeClient().EnrollMember(other).status(), absl::StatusCode::kAlreadyExists,
                {"request_id"}, "REQUEST_ID_REUSED");
}

TEST_F(RetriesTest, ManyTillsSendTheSamePurchaseAtOnce) {
  constexpr int kTills = 32;
  constexpr int kRounds = 10;
  std::vector<std::vector<Answer>> answers(kRounds, std::vector<Answer>(kTills));
  std::barrier together(kTills);
  std::vector<std::thread> tills;
  for (int till = 0; till < kTills; ++till) {
    tills.emplace_back([&, till] {
      const auto channel = MakeChannel();
      for (int round = 0; round < kRounds; ++round) {
        together.arrive_and_wait();
        answers[round][till] = Record(channel, SmallPurchase(absl::StrCat("r-", round), 1'000));
      }
    });
  }
  for (std::thread& till : tills) till.join();

  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    int originals = 0;
    std::string original;
    for (const Answer& answer : answers[round]) {
      ASSERT_TRUE(answer.status.ok()) << answer.status;
      v1::RecordPurchaseResponse response;
      ASSERT_TRUE(response.ParseFromString(answer.bytes));
      if (response.replayed()) continue;
      ++originals;
      original = answer.bytes;
    }
    EXPECT_EQ(originals, 1);
    for (const Answer& answer : answers[round]) {
      if (answer.bytes != original) {
        EXPECT_EQ(answer.bytes, absl::StrCat(original, kReplayed));
      }
    }
  }
  const v1::GetTotalsResponse totals = TotalsOf(MakeClient());
  EXPECT_EQ(totals.purchases(), kRounds);
  EXPECT_EQ(GrossMinor(totals, "GBP"), kRounds * 1'000);
  EXPECT_EQ(totals.trial_balance(), 0);
}

TEST_F(RetriesTest, RepliesOutliveTheServer) {
  constexpr int kCount = 50;
  std::vector<std::string> first;
  auto channel = MakeChannel();
  for (int i = 0; i < kCount; ++i) {
    first.push_back(Record(channel, SmallPurchase(absl::StrCat("p-", i), 100 + i)).bytes);
    ASSERT_FALSE(first.back().empty());
  }
  const v1::GetTotalsResponse totals = TotalsOf(MakeClient());
  for (int restart = 0; restart < 2; ++restart) {
    Kill();
    ASSERT_NO_FATAL_FAILURE(Start());
    channel = MakeChannel();
    for (int i = 0; i < kCount; ++i) {
      const Answer again = Record(channel, SmallPurchase(absl::StrCat("p-", i), 100 + i));
      EXPECT_EQ(again.bytes, absl::StrCat(first[i], kReplayed)) << "p-" << i << again.status;
    }
  }
  EXPECT_EQ(BytesOf(TotalsOf(MakeClient())), BytesOf(totals));
}

}  // namespace
}  // namespace dangol::e2e
