// The books after everything that can be done with points, by several clients at once;
// and after somebody changed a row by hand.

#include <sqlite3.h>

#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "tests/e2e/dangold.h"
#include "tests/support/mariadb.h"

namespace dangol::e2e {
namespace {

constexpr int kMembers = 10;
constexpr int kClients = 64;
constexpr int kCalls = 25;

class AuditTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << ProgramText("audited", 10)
        << "adjustment_reasons { code: \"goodwill\" max_points: 100 }\n"
        << "rewards { id: \"mug\" name: \"A mug\" wallet: \"points\" points: 30 stock: 100"
        << " limits { per: CAP_PERIOD_EVER pieces: 12 } gift { sku: \"mug\" } }\n";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    for (int i = 0; i < kMembers; ++i) Enroll(absl::StrCat(i));
  }

  v1::VerifyLedgerResponse Verify() {
    v1::VerifyLedgerRequest request;
    request.set_page_size(1'000);
    const auto verified = MakeClient().VerifyLedger(request);
    EXPECT_TRUE(verified.ok()) << verified.status();
    return verified.value_or(v1::VerifyLedgerResponse());
  }

  // Behind the server's back.
  void ChangeByHand(const std::string& sql) {
    if (testing::OnMysql()) {
      const std::string database = store_url().substr(store_url().rfind('/') + 1);
      const absl::Status status = testing::SharedMariaDb().Execute(
          absl::StrReplaceAll(sql, {{"TABLE ", absl::StrCat(database, ".")}}));
      ASSERT_TRUE(status.ok()) << status;
      return;
    }
    sqlite3* store = nullptr;
    const std::string path(absl::StripPrefix(store_url(), "sqlite:"));
    ASSERT_EQ(sqlite3_open(path.c_str(), &store), SQLITE_OK);
    const std::string plain = absl::StrReplaceAll(sql, {{"TABLE ", ""}});
    EXPECT_EQ(sqlite3_exec(store, plain.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(store);
    sqlite3_close(store);
  }
};

// One client's calls, most of which are refused for one reason or another.
class RandomCaller {
 public:
  RandomCaller(Client client, int number)
      : client_(std::move(client)), number_(number), random_(static_cast<unsigned>(number)) {}

  void Run() {
    for (int i = 0; i < kCalls; ++i) {
      const absl::Status status = Call(absl::StrCat(number_, "-", i), i);
      EXPECT_TRUE(status.ok() || absl::IsNotFound(status) || absl::IsFailedPrecondition(status))
          << status;
    }
  }

 private:
  absl::Status Call(const std::string& id, int call) {
    const std::string earlier = absl::StrCat(UpTo(kClients), "-", UpTo(call + 1));
    switch (UpTo(10)) {
      case 0:
        return Reserve(id);
      case 1: {
        v1::CaptureRequest capture;
        capture.set_request_id(id);
        capture.set_reservation_id(earlier);
        return client_.CapturePoints(capture).status();
      }
      case 2: {
        v1::VoidRequest release;
        release.set_request_id(id);
        release.set_reservation_id(earlier);
        return client_.VoidReservation(release).status();
      }
      case 3:
        return Adjust(id);
      case 4:
        return Return(id, earlier);
      case 5:
        return Transfer(id);
      case 6:
        return Issue(id);
      case 7:
        return EndCoupon(id);
      default:
        return Buy(id);
    }
  }

  absl::Status Buy(const std::string& id) {
    v1::Purchase purchase = SmallPurchase(id, 10 * (UpTo(150) + 1));
    *purchase.mutable_member() = Member();
    return client_.RecordPurchase(purchase).status();
  }

  absl::Status Return(const std::string& id, const std::string& purchase_id) {
    v1::Return goods;
    goods.set_return_id(id);
    goods.set_purchase_id(purchase_id);
    goods.set_amount_minor(UpTo(500) + 1);
    return client_.RecordReturn(goods).status();
  }

  absl::Status Reserve(const std::string& id) {
    v1::ReserveRequest reserve;
    reserve.set_request_id(id);
    *reserve.mutable_member() = Member();
    reserve.set_points(UpTo(150) + 1);
    return client_.ReservePoints(reserve).status();
  }

  absl::Status Issue(const std::string& id) {
    v1::IssueCouponRequest issue;
    issue.set_request_id(id);
    *issue.mutable_member() = Member();
    issue.set_reward_id("mug");
    const auto issued = client_.IssueCoupon(issue);
    if (issued.ok()) codes_.push_back(issued->coupon().code());
    return issued.status();
  }

  // Uses or cancels one of those that it has taken, which may have ended already.
  absl::Status EndCoupon(const std::string& id) {
    if (codes_.empty()) return Issue(id);
    const std::string& code = codes_[static_cast<size_t>(UpTo(static_cast<int>(codes_.size())))];
    if (UpTo(2) == 0) {
      v1::UseCouponRequest use;
      use.set_request_id(id);
      use.set_code(code);
      return client_.UseCoupon(use).status();
    }
    v1::CancelCouponRequest cancel;
    cancel.set_request_id(id);
    cancel.set_code(code);
    return client_.CancelCoupon(cancel).status();
  }

  absl::Status Adjust(const std::string& id) {
    v1::AdjustRequest adjust;
    adjust.set_request_id(id);
    *adjust.mutable_member() = Member();
    adjust.set_points(UpTo(2) == 0 ? 50 : -50);
    adjust.set_reason("goodwill");
    return client_.AdjustPoints(adjust).status();
  }

  absl::Status Transfer(const std::string& id) {
    const int from = UpTo(kMembers);
    v1::TransferRequest transfer;
    transfer.set_request_id(id);
    *transfer.mutable_member() = Card(absl::StrCat(from));
    *transfer.mutable_to() = Card(absl::StrCat((from + 1 + UpTo(kMembers - 1)) % kMembers));
    transfer.set_points(UpTo(100) + 1);
    return client_.TransferPoints(transfer).status();
  }

  int UpTo(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  v1::MemberRef Member() { return Card(absl::StrCat(UpTo(kMembers))); }

  Client client_;
  const int number_;
  std::mt19937 random_;
  std::vector<std::string> codes_;
};

TEST_F(AuditTest, TheBooksAreRightAfterARaceOfEverything) {
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([client = MakeClient(), i] { RandomCaller(client, i).Run(); });
  }
  for (std::thread& client : clients) client.join();
  const v1::VerifyLedgerResponse verified = Verify();
  EXPECT_EQ(verified.members(), kMembers);
  EXPECT_GT(verified.commands(), kMembers + kCalls);
  EXPECT_EQ(verified.findings_size(), 0) << verified.findings(0).message();
  EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
  EXPECT_EQ(Points(TotalsOf(MakeClient())).transferred(), 0);
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

}  // namespace
}  // namespace dangol::e2e
