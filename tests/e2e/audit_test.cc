// The books after everything that can be done with points, by several clients at once;
// and after somebody changed a row by hand.

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/random_caller.h"

namespace dangol::e2e {
namespace {

constexpr int kMembers = 10;
constexpr int kClients = 64;
constexpr int kCalls = 30;

class AuditTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramOfRandomCallers();
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    for (int i = 0; i < kMembers; ++i) {
      members_.push_back(Enroll(absl::StrCat(i)).member_id());
    }
  }

  v1::VerifyLedgerResponse Verify() {
    v1::VerifyLedgerRequest request;
    request.set_page_size(1'000);
    const auto verified = MakeClient().VerifyLedger(request);
    EXPECT_TRUE(verified.ok()) << verified.status();
    return verified.value_or(v1::VerifyLedgerResponse());
  }

  std::vector<std::string> members_;  // Their ids; each has the card of their place here.
};

TEST_F(AuditTest, TheBooksAreRightAfterARaceOfEverything) {
  std::atomic<int64_t> spent = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      RandomCaller caller(MakeClient(), i, kClients, members_);
      caller.Run(kCalls);
      spent += caller.spent();
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(Points(TotalsOf(MakeClient())).redeemed(), spent) << "what was given for points";
  const v1::VerifyLedgerResponse verified = Verify();
  EXPECT_GT(verified.members(), kMembers) << "nobody was brought";
  EXPECT_GT(verified.commands(), kMembers + kCalls);
  ExpectSoundBooks(MakeClient());
  for (int i = 0; i < kMembers; ++i) {
    const auto balance = MakeClient().GetBalance(Card(absl::StrCat(i)));
    ASSERT_TRUE(balance.ok());
    EXPECT_GE(balance->wallets(0).held(), 0);
  }
}

TEST_F(AuditTest, FindsWhatWasChangedByHand) {
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_member() = Card("3");
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  EXPECT_EQ(Verify().findings_size(), 0);
  ChangeByHand("UPDATE TABLE account SET available = available + 1");
  v1::VerifyLedgerResponse verified = Verify();
  ASSERT_GE(verified.findings_size(), 2);
  EXPECT_EQ(verified.findings(0).kind(), v1::FINDING_KIND_BALANCE);
  EXPECT_EQ(verified.findings(0).member_id(),
            MakeClient().LookupMember(MakeAlias("card", "3"))->member_id());
  ChangeByHand("UPDATE TABLE account SET available = available - 1");
  EXPECT_EQ(Verify().findings_size(), 0);
  ChangeByHand("UPDATE TABLE command_log SET principal = 'thief' WHERE kind = 4");
  verified = Verify();
  ASSERT_GE(verified.findings_size(), 1);
  EXPECT_EQ(verified.findings(0).kind(), v1::FINDING_KIND_ENTRY);
}

// Others were told of something that did not happen, or were not told of what did.
TEST_F(AuditTest, FindsAnEventThatWasChangedByHand) {
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_member() = Card("3");
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  EXPECT_EQ(Verify().findings_size(), 0);
  ChangeByHand("UPDATE TABLE command_log SET news = X'' WHERE kind = 4");
  const v1::VerifyLedgerResponse verified = Verify();
  ASSERT_EQ(verified.findings_size(), 1);
  EXPECT_EQ(verified.findings(0).kind(), v1::FINDING_KIND_COMMAND);
}

// Somebody gives themselves points and writes what a transfer would have written of them.
TEST_F(AuditTest, FindsWhatWasReceivedAndNeverGiven) {
  v1::Purchase purchase = SmallPurchase("p-1", 1'000);
  *purchase.mutable_member() = Card("3");
  ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  v1::TransferPointsRequest request;
  request.set_request_id("gift");
  *request.mutable_member() = Card("3");
  *request.mutable_to() = Card("4");
  request.set_points(10);
  ASSERT_TRUE(MakeClient().TransferPoints(request).ok());
  EXPECT_EQ(Verify().findings_size(), 0);
  ChangeByHand("UPDATE TABLE ledger_entry SET reference = 'never' WHERE kind = 13 AND debit = 10");
  v1::VerifyLedgerResponse verified = Verify();
  std::vector<std::string> messages;
  for (const v1::Finding& finding : verified.findings()) {
    if (finding.kind() == v1::FINDING_KIND_TRANSFER) messages.push_back(finding.message());
  }
  EXPECT_THAT(messages, ::testing::UnorderedElementsAre(
                            "with gift, 10 points of wallet points left a member, and 0 arrived",
                            "with never, 0 points of wallet points left a member, and 10 arrived"));
}

}  // namespace
}  // namespace dangol::e2e
