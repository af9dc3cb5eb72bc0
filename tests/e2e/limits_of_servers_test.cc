// What must not be exceeded, while three servers on one database give of it at once.

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/servers.h"

namespace dangol::e2e {
namespace {

constexpr int kCallersPerServer = 5;
constexpr int kPurchases = 20;  // Of each caller, of 10 points each.
constexpr int kCallers = 3 * kCallersPerServer;
constexpr int64_t kLimit = 1'003;

class LimitsOfServersTest : public ServersTest {
 protected:
  // With more in its earning rule.
  void StartWith(const std::string& more) {
    StartWithProgram(
        absl::StrReplaceAll(ProgramText("limited", 10), {{"rates", absl::StrCat(more, " rates")}}));
  }
  void StartWithProgram(const std::string& text) {
    if (!testing::OnMysql()) GTEST_SKIP() << "SQLite has room for one server";
    const std::string path = directory_.File("program.txtpb");
    std::ofstream(path) << text;
    servers_.Start(std::vector<std::string>(kServers, store_.url()), {"--program=" + path});
  }
  void SetUp() override {}  // Each test starts them with a program of its own.

  static int64_t Earned(const v1::PurchaseOutcome& outcome) { return outcome.earned(0).points(); }
  static int64_t Awarded(const v1::PurchaseOutcome& outcome) {
    int64_t points = 0;
    for (const v1::Award& award : outcome.awards()) points += award.points();
    return points;
  }

  // All callers buy at once, `card_of` says for whom. The points that they were told, of those
  // that `points_of` an outcome says.
  int64_t BuyEverywhere(
      const std::function<std::string(int caller)>& card_of,
      const std::function<int64_t(const v1::PurchaseOutcome&)>& points_of = Earned) {
    std::atomic<int64_t> given = 0;
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        Client client = MakeClient(caller);
        for (int i = 0; i < kPurchases; ++i) {
          v1::Purchase purchase = SmallPurchase(absl::StrCat(caller, "-", i), 100);
          *purchase.mutable_member() = Card(card_of(caller));
          const auto response = client.RecordPurchase(purchase);
          ASSERT_TRUE(response.ok()) << response.status();
          given += points_of(response->outcome());
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    return given;
  }

  void ExpectGiven(int64_t points) {
    EXPECT_EQ(Points(TotalsOf(MakeClient(0))).issued(), points);
    ExpectBooksInOrder();
  }

  void ExpectBooksInOrder() {
    v1::VerifyLedgerRequest request;
    request.set_page_size(1'000);
    const auto verified = MakeClient(1).VerifyLedger(request);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->findings_size(), 0) << verified->findings(0).message();
  }

  testing::TemporaryDirectory directory_;
};

// "A budget overrun by a race": two servers that have both read what is left of it.
TEST_F(LimitsOfServersTest, ABudgetIsNotOverrunByARace) {
  StartWith(absl::StrCat("budget: ", kLimit));
  if (IsSkipped()) return;
  for (int i = 0; i < kCallers; ++i) EnrollCard(MakeClient(i), absl::StrCat(i));
  EXPECT_EQ(BuyEverywhere([](int caller) { return absl::StrCat(caller); }), kLimit);
  ExpectGiven(kLimit);
}

// The same of awards, which purchases draw as they complete them.
TEST_F(LimitsOfServersTest, AnIncentivesBudgetIsDrawnToTheExactPoint) {
  StartWithProgram(absl::StrCat(ProgramText("incentives", 10),
                                "incentives { id: \"card\" punch_card { places: 1 } reward { "
                                "wallet: \"points\" points: 100 }",
                                " budget: ", kLimit, " }\n"));
  if (IsSkipped()) return;
  for (int i = 0; i < kCallers; ++i) EnrollCard(MakeClient(i), absl::StrCat(i));
  EXPECT_EQ(BuyEverywhere([](int caller) { return absl::StrCat(caller); }, Awarded), kLimit);
  ExpectGiven(kLimit + kCallers * kPurchases * 10);
}

// "A cap counted per server": each has given of it what it knows of.
TEST_F(LimitsOfServersTest, AMembersCapIsNotCountedPerServer) {
  StartWith(absl::StrCat("caps { per: CAP_PERIOD_EVER points: ", kLimit, " }"));
  if (IsSkipped()) return;
  EnrollCard(MakeClient(0), "4005");
  EXPECT_EQ(BuyEverywhere([](int) { return "4005"; }), kLimit);
  ExpectGiven(kLimit);
}

// Each of the callers takes pieces and gives every third one back.
TEST_F(LimitsOfServersTest, AStockIsNotOverdrawnByARace) {
  constexpr int kStock = 40;
  StartWithProgram(absl::StrCat(ProgramText("stocked", 10),
                                "rewards { id: \"mug\" name: \"A mug\" wallet: \"points\"",
                                " points: 1 stock: ", kStock, " gift { sku: \"mug\" } }\n"));
  if (IsSkipped()) return;
  for (int i = 0; i < kCallers; ++i) {
    EnrollCard(MakeClient(i), absl::StrCat(i));
    v1::Purchase purchase = SmallPurchase(absl::StrCat("p-", i), 100'000);
    *purchase.mutable_member() = Card(absl::StrCat(i));
    ASSERT_TRUE(MakeClient(i).RecordPurchase(purchase).ok());
  }
  std::atomic<int> kept = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      Client client = MakeClient(caller);
      for (int i = 0; i < 9; ++i) {
        v1::IssueCouponRequest issue;
        issue.set_request_id(absl::StrCat(caller, "-", i));
        *issue.mutable_member() = Card(absl::StrCat(caller));
        issue.set_reward_id("mug");
        const auto issued = client.IssueCoupon(issue);
        if (!issued.ok()) {
          EXPECT_EQ(ErrorReason(issued.status()), "REWARD_OUT_OF_STOCK") << issued.status();
          continue;
        }
        ++kept;
        if (i % 3 != 0) continue;
        v1::CancelCouponRequest cancel;
        cancel.set_code(issued->coupon().code());
        const auto cancelled = MakeClient(caller + 1).CancelCoupon(cancel);
        ASSERT_TRUE(cancelled.ok()) << cancelled.status();
        --kept;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_LE(kept, kStock);
  EXPECT_EQ(MakeClient(0).ListRewards(Card("0"))->offers(0).stock_left(), kStock - kept);
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace dangol::e2e
