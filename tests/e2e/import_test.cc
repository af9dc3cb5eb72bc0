// A purchase history, made up and real, through dangolctl, and through kill -9.

#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/dangold.h"
#include "tests/e2e/online_retail.h"

namespace dangol::e2e {
namespace {

using Json = nlohmann::json;

class ImportTest : public DangoldTest, public ::testing::WithParamInterface<History> {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(UseHistory(200));
    ASSERT_NO_FATAL_FAILURE(Start());
  }

  // What the tests go by: of about so many invoices, where it is made up.
  void UseHistory(int invoices) {
    const auto path = HistoryPath(GetParam(), File(""), invoices);
    ASSERT_TRUE(path.ok()) << path.status();
    path_ = *path;
    const auto figures = ReadHistory(path_);
    ASSERT_TRUE(figures.ok()) << figures.status();
    figures_ = *figures;
  }

  std::vector<std::string> Import() const { return ImportCommand(address(), path_); }

  Json RunJson(const std::vector<std::string>& argv) {
    const Ended ended = RunToEnd(argv, File("output-" + std::to_string(++runs_)));
    EXPECT_EQ(ended.code, 0) << ended.output;
    Json json = Json::parse(ended.output, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(json.is_discarded()) << ended.output;
    return json;
  }

  // Expects what was worked out from the file, and of what came back, and what it took
  // with it, that the import reported it.
  void ExpectFigures(const Json& report) {
    EXPECT_EQ(report["returned_lines"], figures_.rows_of_returns);
    EXPECT_EQ(report["matched_quantity"], figures_.matched_quantity);
    EXPECT_EQ(report["unmatched_quantity"], figures_.returned_quantity - figures_.matched_quantity);
    Json stats = RunJson(
        {testing::ProgramPath("dangolctl"), "--server=" + address(), "--output=json", "stats"});
    EXPECT_TRUE(stats.erase("as_of"));
    const Json points = stats["points"]["points"];
    EXPECT_TRUE(stats.erase("points"));
    const Json expected = {{"members", figures_.members},
                           {"purchases", figures_.purchases},
                           {"purchase_lines", figures_.lines},
                           {"returns", figures_.returns},
                           {"gross_minor", {{"GBP", figures_.gross_pence}}},
                           {"returned_minor", {{"GBP", figures_.returned_pence}}},
                           {"trial_balance", 0}};
    EXPECT_EQ(stats, expected) << Json::diff(expected, stats).dump(1);
    // Everything was earned in 2010 and 2011, and has expired since: nobody spent any of
    // it, so returns take nothing, and nobody owes anything.
    EXPECT_EQ(points["issued"], figures_.points);
    EXPECT_EQ(points["expired"], figures_.points);
    for (const char* other : {"pending", "available", "held", "redeemed", "reversed"}) {
      EXPECT_EQ(points[other], 0) << other;
    }
  }

  // What each customer bought, less what they brought back, asked for one by one.
  void ExpectNetContributions() {
    Client client = MakeClient();
    for (const auto& [customer, expected] : figures_.net_pence) {
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
    EXPECT_EQ(audit["members"], figures_.members);
  }

  std::string path_;
  HistoryFigures figures_;
  int runs_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, ImportTest, ::testing::ValuesIn(Histories()), NameOf);

TEST(MadeUpHistoryTest, HasWhatRealLifeHas) {
  const testing::TemporaryDirectory directory;
  const auto path = HistoryPath(History::kMadeUp, directory.path(), 200);
  ASSERT_TRUE(path.ok()) << path.status();
  const absl::StatusOr<HistoryFigures> figures = ReadHistory(*path);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_GT(figures->rows, 400);
  EXPECT_GT(figures->rows_without_customer, figures->rows_cancelled_without_customer);
  EXPECT_GT(figures->rows_cancelled_without_customer, 0);
  EXPECT_GT(figures->returns, 10);
  EXPECT_GT(figures->rows_of_returns, figures->returns);
  EXPECT_GT(figures->matched_quantity, 0);
  EXPECT_LT(figures->matched_quantity, figures->returned_quantity);
  EXPECT_LT(figures->buyers, figures->members);
  EXPECT_GT(figures->purchases, figures->buyers);
  EXPECT_EQ(figures->base_points_by_month.begin()->first, "2010-12");
  EXPECT_EQ(figures->base_points_by_month.rbegin()->first, "2011-11");
}

// The figures that are known of the real file, so that what works them out is right.
TEST(OnlineRetailTest, FileHasTheFiguresThatAreKnown) {
  if (Histories().size() == 1) GTEST_SKIP() << "there is no " << kRealHistory;
  const absl::StatusOr<HistoryFigures> figures = ReadHistory(kRealHistory);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(figures->rows, 541'909);
  EXPECT_EQ(figures->rows_without_customer, 135'080);
  EXPECT_EQ(figures->rows_cancelled, 9'288);
  EXPECT_EQ(figures->rows_cancelled_without_customer, 383);
  EXPECT_EQ(figures->rows_of_returns, 8'905);
  EXPECT_EQ(figures->returns, 3'654);
  EXPECT_EQ(figures->returned_quantity, 274'808);
  EXPECT_EQ(figures->members, 4'372);
  EXPECT_EQ(figures->buyers, 4'339);
  EXPECT_EQ(figures->purchases, 18'536);
  EXPECT_EQ(figures->lines, 397'924);
  EXPECT_EQ(figures->gross_pence, 891'140'790);
}

TEST_P(ImportTest, BringsTheHistoryOverAndAgainChangesNothing) {
  Json first = RunJson(Import());
  EXPECT_EQ(first["rows_read"], figures_.rows);
  EXPECT_EQ(first["rows_rejected"], figures_.rows_without_customer);
  EXPECT_EQ(first["rejected"], Json({{"NO_CUSTOMER", figures_.rows_without_customer}}));
  EXPECT_EQ(first["purchases_recorded"], figures_.purchases);
  EXPECT_EQ(first["purchases_replayed"], 0);
  EXPECT_EQ(first["returns_recorded"], figures_.returns);
  EXPECT_EQ(first["returns_replayed"], 0);
  EXPECT_EQ(first["members_enrolled"], figures_.members);
  ASSERT_NO_FATAL_FAILURE(ExpectFigures(first));
  ASSERT_NO_FATAL_FAILURE(ExpectNetContributions());
  ExpectCleanBooks();

  Json second = RunJson(Import());
  EXPECT_EQ(second["purchases_recorded"], 0);
  EXPECT_EQ(second["purchases_replayed"], figures_.purchases);
  EXPECT_EQ(second["returns_recorded"], 0);
  EXPECT_EQ(second["returns_replayed"], figures_.returns);
  EXPECT_EQ(second["members_enrolled"], 0);
  ExpectFigures(second);
}

TEST_P(ImportTest, KilledInTheMiddleItEndsAtTheSameFigures) {
  // Long enough for somebody to be quicker than the import.
  ASSERT_NO_FATAL_FAILURE(UseHistory(8'000));
  for (const int64_t percent : {5, 35, 65}) {
    const int64_t until = figures_.purchases * percent / 100;
    SCOPED_TRACE(until);
    auto importer = testing::Process::Start(Import(), File("importer"));
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
  ExpectFigures(RunJson(Import()));
  ExpectCleanBooks();
}

}  // namespace
}  // namespace dangol::e2e
