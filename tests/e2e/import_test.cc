// A real purchase history through dangolctl, and through kill -9.

#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {
namespace {

using Json = nlohmann::json;

class ImportTest : public DangoldTest {
 protected:
  void SetUp() override {
    if (access(kHistory, R_OK) != 0) GTEST_SKIP() << "there is no " << kHistory;
    ASSERT_NO_FATAL_FAILURE(Start());
  }

  Json RunJson(const std::vector<std::string>& argv) {
    const Ended ended = RunToEnd(argv, File("output-" + std::to_string(++runs_)));
    EXPECT_EQ(ended.code, 0) << ended.output;
    Json json = Json::parse(ended.output, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(json.is_discarded()) << ended.output;
    return json;
  }

  // Expects the figures of the issue, and points as worked out from the file; what came
  // back, and what it took with it, as the import reported.
  void ExpectFigures(const Json& report) {
    const absl::StatusOr<HistoryFigures> figures = ReadHistory(kHistory);
    ASSERT_TRUE(figures.ok()) << figures.status();
    EXPECT_EQ(report["returned_lines"], 8'905);
    EXPECT_EQ(report["matched_quantity"], figures->matched_quantity);
    EXPECT_EQ(report["unmatched_quantity"], figures->returned_quantity - figures->matched_quantity);
    Json stats = RunJson(
        {testing::ProgramPath("dangolctl"), "--server=" + address(), "--output=json", "stats"});
    EXPECT_TRUE(stats.erase("as_of"));
    const Json points = stats["points"]["points"];
    EXPECT_TRUE(stats.erase("points"));
    const Json expected = {{"members", 4'372},
                           {"purchases", 18'536},
                           {"purchase_lines", 397'924},
                           {"returns", 3'654},
                           {"gross_minor", {{"GBP", 891'140'790}}},
                           {"returned_minor", {{"GBP", figures->returned_pence}}},
                           {"trial_balance", 0}};
    EXPECT_EQ(stats, expected) << Json::diff(expected, stats).dump(1);
    // Everything was earned in 2010 and 2011, and has expired since: nobody spent any of
    // it, so returns take nothing, and nobody owes anything.
    EXPECT_EQ(points["issued"], figures->points);
    EXPECT_EQ(points["expired"], figures->points);
    for (const char* other : {"pending", "available", "held", "redeemed", "reversed"}) {
      EXPECT_EQ(points[other], 0) << other;
    }
  }

  // What each customer bought, less what they brought back, asked for one by one.
  void ExpectNetContributions() {
    const absl::StatusOr<HistoryFigures> figures = ReadHistory(kHistory);
    ASSERT_TRUE(figures.ok()) << figures.status();
    Client client = MakeClient();
    for (const auto& [customer, expected] : figures->net_pence) {
      const v1::MemberRef member = MemberByAlias("customer", customer);
      int64_t net_pence = 0;
      v1::ListPurchasesRequest purchases;
      *purchases.mutable_member() = member;
      purchases.set_page_size(1'000);
      for (const auto& purchase : client.ListPurchases(purchases)) {
        ASSERT_TRUE(purchase.ok()) << purchase.status();
        net_pence += purchase->total_minor();
      }
      v1::ListReturnsRequest returns;
      *returns.mutable_member() = member;
      returns.set_page_size(1'000);
      for (const auto& returned : client.ListReturns(returns)) {
        ASSERT_TRUE(returned.ok()) << returned.status();
        net_pence -= returned->amount_minor();
      }
      ASSERT_EQ(net_pence, expected) << "customer " << customer;
    }
  }

  void ExpectCleanBooks() {
    const Json audit = RunJson({testing::ProgramPath("dangolctl"), "--server=" + address(),
                                "--output=json", "audit", "ledger"});
    EXPECT_EQ(audit["findings"], Json::array());
    EXPECT_EQ(audit["members"], 4'372);
  }

  int runs_ = 0;
};

TEST(OnlineRetailTest, FileHasTheFiguresOfTheIssue) {
  if (access(kHistory, R_OK) != 0) GTEST_SKIP() << "there is no " << kHistory;
  const absl::StatusOr<HistoryFigures> figures = ReadHistory(kHistory);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(figures->rows, 541'909);
  EXPECT_EQ(figures->rows_without_customer, 135'080);
  EXPECT_EQ(figures->rows_of_returns, 8'905);
  EXPECT_EQ(figures->returns, 3'654);
  EXPECT_EQ(figures->returned_quantity, 274'808);
  EXPECT_EQ(figures->members, 4'372);
  EXPECT_EQ(figures->purchases, 18'536);
  EXPECT_EQ(figures->lines, 397'924);
  EXPECT_EQ(figures->gross_pence, 891'140'790);
}

TEST_F(ImportTest, BringsTheHistoryOverAndAgainChangesNothing) {
  Json first = RunJson(ImportCommand(address(), kHistory));
  EXPECT_EQ(first["rows_read"], 541'909);
  EXPECT_EQ(first["rows_rejected"], 135'080);
  EXPECT_EQ(first["rejected"], Json({{"NO_CUSTOMER", 135'080}}));
  EXPECT_EQ(first["purchases_recorded"], 18'536);
  EXPECT_EQ(first["purchases_replayed"], 0);
  EXPECT_EQ(first["returns_recorded"], 3'654);
  EXPECT_EQ(first["returns_replayed"], 0);
  EXPECT_EQ(first["members_enrolled"], 4'372);
  ASSERT_NO_FATAL_FAILURE(ExpectFigures(first));
  ASSERT_NO_FATAL_FAILURE(ExpectNetContributions());
  ExpectCleanBooks();

  Json second = RunJson(ImportCommand(address(), kHistory));
  EXPECT_EQ(second["purchases_recorded"], 0);
  EXPECT_EQ(second["purchases_replayed"], 18'536);
  EXPECT_EQ(second["returns_recorded"], 0);
  EXPECT_EQ(second["returns_replayed"], 3'654);
  EXPECT_EQ(second["members_enrolled"], 0);
  ExpectFigures(second);
}

TEST_F(ImportTest, KilledInTheMiddleItEndsAtTheSameFigures) {
  for (const int64_t until : {1'000, 7'000, 13'000}) {
    SCOPED_TRACE(until);
    auto importer = testing::Process::Start(ImportCommand(address(), kHistory), File("importer"));
    ASSERT_TRUE(importer.ok()) << importer.status();
    Client client = MakeClient();
    int64_t purchases = 0;
    while (purchases < until && importer->IsRunning()) {
      purchases = client.GetTotals().value().purchases();
      std::this_thread::yield();
    }
    ASSERT_TRUE(importer->IsRunning())
        << "the import ended before it was killed: " << importer->Output();
    importer->Signal(SIGKILL);
    importer->Wait();
    Kill();
    ASSERT_NO_FATAL_FAILURE(Start());
    const v1::GetTotalsResponse totals = TotalsOf(MakeClient());
    EXPECT_GE(totals.purchases(), purchases) << "what was visible is lost";
    EXPECT_EQ(totals.trial_balance(), 0);
  }
  ExpectFigures(RunJson(ImportCommand(address(), kHistory)));
  ExpectCleanBooks();
}

}  // namespace
}  // namespace dangol::e2e
