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

  // Expects the figures of the issue, and points as worked out from the file.
  void ExpectFigures() {
    const absl::StatusOr<HistoryFigures> figures = ReadHistory(kHistory);
    ASSERT_TRUE(figures.ok()) << figures.status();
    Json stats = RunJson(
        {testing::ProgramPath("dangolctl"), "--server=" + address(), "--output=json", "stats"});
    EXPECT_TRUE(stats.erase("as_of"));
    // Everything was earned in 2010 and 2011 and has expired since.
    const Json expected = {{"members", 4'339},
                           {"purchases", 18'536},
                           {"purchase_lines", 397'924},
                           {"returns", 0},
                           {"gross_minor", {{"GBP", 891'140'790}}},
                           {"returned_minor", {{"GBP", 0}}},
                           {"points",
                            {{"points",
                              {{"issued", figures->points},
                               {"pending", 0},
                               {"available", 0},
                               {"held", 0},
                               {"redeemed", 0},
                               {"expired", figures->points},
                               {"reversed", 0}}}}},
                           {"trial_balance", 0}};
    EXPECT_EQ(stats, expected) << Json::diff(expected, stats).dump(1);
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
  EXPECT_EQ(figures->members, 4'339);
  EXPECT_EQ(figures->purchases, 18'536);
  EXPECT_EQ(figures->lines, 397'924);
  EXPECT_EQ(figures->gross_pence, 891'140'790);
}

TEST_F(ImportTest, BringsTheHistoryOverAndAgainChangesNothing) {
  Json first = RunJson(ImportCommand(address(), kHistory));
  EXPECT_EQ(first["rows_read"], 541'909);
  EXPECT_EQ(first["rows_rejected"], 135'080 + 8'905);
  EXPECT_EQ(first["rejected"], Json({{"NO_CUSTOMER", 135'080}, {"RETURN", 8'905}}));
  EXPECT_EQ(first["purchases_recorded"], 18'536);
  EXPECT_EQ(first["purchases_replayed"], 0);
  EXPECT_EQ(first["members_enrolled"], 4'339);
  ASSERT_NO_FATAL_FAILURE(ExpectFigures());

  Json second = RunJson(ImportCommand(address(), kHistory));
  EXPECT_EQ(second["purchases_recorded"], 0);
  EXPECT_EQ(second["purchases_replayed"], 18'536);
  EXPECT_EQ(second["members_enrolled"], 0);
  ExpectFigures();
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
  RunJson(ImportCommand(address(), kHistory));
  ExpectFigures();
}

}  // namespace
}  // namespace dangol::e2e
