#include "tests/bench/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace dangol::bench {
namespace {

// Three rounds.
std::vector<Sample> Rates(double a, double b, double c) {
  return {{.value = a, .p50_ms = 1, .p99_ms = 2},
          {.value = b, .p50_ms = 1, .p99_ms = 2},
          {.value = c, .p50_ms = 1, .p99_ms = 2}};
}

std::vector<Sample> P50s(double a, double b, double c) {
  return {{.value = 1, .p50_ms = a}, {.value = 1, .p50_ms = b}, {.value = 1, .p50_ms = c}};
}

TEST(FiguresTest, RatiosAreTakenWithinARoundAndThenTheirMedian) {
  const Samples samples = {{Probe::kOneMember, Rates(90, 50, 10)},
                           {Probe::kPurchases, Rates(100, 100, 10)}};
  const std::vector<ReportRow> rows = Judge({6}, samples, "sqlite");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].value.median, 50);
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 0.9);
  EXPECT_DOUBLE_EQ(rows[0].ratio->min, 0.5);
  EXPECT_DOUBLE_EQ(rows[0].ratio->max, 1.0);
  EXPECT_EQ(rows[0].reached, false);
}

TEST(FiguresTest, OneMemberIsToBeAsFastAsManyAndNoneOfTheirCallsMuchSlower) {
  Samples samples = {{Probe::kOneMember, {{.value = 100, .p50_ms = 1, .p99_ms = 4}}},
                     {Probe::kPurchases, {{.value = 100, .p50_ms = 1, .p99_ms = 2}}}};
  std::vector<ReportRow> rows = Judge({6}, samples, "mysql");
  EXPECT_EQ(rows[0].reached, true);
  EXPECT_EQ(rows[1].value.median, 4);
  EXPECT_DOUBLE_EQ(rows[1].ratio->median, 2);
  EXPECT_EQ(rows[1].reached, true);
  samples[Probe::kOneMember][0].p99_ms = 5;
  EXPECT_EQ(Judge({6}, samples, "mysql")[1].reached, false);
}

TEST(FiguresTest, SpendingAndReturnsAreShownInRelationToPurchases) {
  const Samples samples = {{Probe::kSpending, Rates(30, 40, 50)},
                           {Probe::kReturns, Rates(90, 50, 70)},
                           {Probe::kPurchases, Rates(100, 100, 100)}};
  const std::vector<ReportRow> rows = Judge({15, 16}, samples, "mysql");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 0.4);
  EXPECT_EQ(rows[0].reached, std::nullopt);
  EXPECT_DOUBLE_EQ(rows[2].ratio->median, 0.7);
  EXPECT_EQ(rows[3].name, "RecordPurchase x128");
}

TEST(FiguresTest, PurchasesAreHeldToOneEmptyCallAndOneRawWrite) {
  // An empty call takes 1/60 s and a raw write 1/30: both together 1/20.
  const Samples samples = {{Probe::kPurchases, Rates(17, 17, 17)},
                           {Probe::kEchoPurchases, Rates(60, 60, 60)},
                           {Probe::kRawLoop, Rates(30, 30, 30)}};
  const std::vector<ReportRow> rows = Judge({1}, samples, "sqlite");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].denominator, "echo + raw");
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 0.85);
  EXPECT_EQ(rows[0].bar, ">= 0.85");
  EXPECT_EQ(rows[1].denominator, "echo");
  EXPECT_EQ(rows[1].reached, std::nullopt);
  EXPECT_EQ(rows[2].denominator, "raw loop");
  EXPECT_EQ(rows[2].reached, std::nullopt);
}

TEST(FiguresTest, OneAloneIsAllowedSoManyFsyncsAndEmptyRpcs) {
  const Samples samples = {{Probe::kAlone, P50s(1.5, 1.5, 1.5)},
                           {Probe::kFsync, P50s(0.4, 0.4, 0.4)},
                           {Probe::kEmptyRpc, P50s(0.1, 0.1, 0.0)}};
  const std::vector<ReportRow> rows = Judge({4}, samples, "sqlite");
  EXPECT_EQ(rows[0].value.median, 1.5);
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 3.0);
  EXPECT_EQ(rows[0].reached, false);
  EXPECT_EQ(Judge({4}, samples, "mysql")[0].reached, true);
}

TEST(FiguresTest, OpenLoopIsHeldToOneAloneByItsSlowestPercent) {
  const Samples samples = {{Probe::kOpenLoop,
                            {{.value = 700, .p50_ms = 3, .p99_ms = 9},
                             {.value = 690, .p50_ms = 2, .p99_ms = 8},
                             {.value = 710, .p50_ms = 2, .p99_ms = 30}}},
                           {Probe::kAlone, P50s(1.5, 1.0, 1.5)}};
  const std::vector<ReportRow> rows = Judge({5}, samples, "sqlite");
  EXPECT_EQ(rows[0].unit, "ms");
  EXPECT_EQ(rows[0].value.median, 9);
  EXPECT_EQ(rows[0].p50_ms, 2);
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 8);
  EXPECT_EQ(rows[0].reached, true);
  EXPECT_EQ(rows[1].value.median, 700);
  EXPECT_EQ(rows[2].value.median, 1.5);
}

TEST(FiguresTest, FullStoreIsHeldToTheEmptyOne) {
  Samples samples = {{Probe::kSeeded, Rates(60, 75, 80)},
                     {Probe::kPurchases, Rates(100, 100, 100)},
                     {Probe::kSeedRate, {{.value = 40'000}}},
                     {Probe::kSeedGib, {{.value = 19}}}};
  EXPECT_EQ(Judge({9}, samples, "sqlite")[0].reached, true);
  EXPECT_EQ(Judge({9}, samples, "sqlite").size(), 4u);
  samples[Probe::kBufferPool] = {{.value = 6'144}};
  const std::vector<ReportRow> rows = Judge({9}, samples, "mysql");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[4].name, "buffer pool");
  EXPECT_EQ(rows[4].value.median, 6'144);
}

TEST(FiguresTest, LargeStoresAreMeasuredOnlyWhereTheyAreAskedFor) {
  EXPECT_TRUE(KnownFigures().contains(9));
  EXPECT_FALSE(DefaultFigures().contains(9));
  EXPECT_FALSE(ProbesOf(DefaultFigures()).contains(Probe::kSeeded));
  EXPECT_EQ(FiguresNamed({"1t"}).size(), 1u);
  EXPECT_FALSE(ProbesOf(DefaultFigures()).contains(Probe::kTreeLater));
}

TEST(FiguresTest, SomeBarsAreOfOneEngine) {
  const Samples samples = {{Probe::kSixtyFour, Rates(70, 70, 70)},
                           {Probe::kOneByOne, Rates(10, 10, 10)},
                           {Probe::kMemory, Rates(300, 300, 300)}};
  EXPECT_EQ(Judge({3}, samples, "sqlite")[0].reached, std::nullopt);
  EXPECT_EQ(Judge({3}, samples, "mysql")[0].reached, false);
  EXPECT_EQ(Judge({11}, samples, "sqlite")[0].reached, false);
  EXPECT_EQ(Judge({11}, samples, "mysql")[0].reached, std::nullopt);
}

TEST(FiguresTest, RichProgramIsHeldToTheSampleProgram) {
  const Samples samples = {{Probe::kRichPurchases, Rates(90, 60, 75)},
                           {Probe::kPurchases, Rates(100, 100, 100)},
                           {Probe::kRichBatches, Rates(140, 150, 170)},
                           {Probe::kBatches, Rates(200, 200, 200)}};
  const std::vector<ReportRow> rows = Judge(FiguresNamed({"1r", "2r"}), samples, "mysql");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 0.75);
  EXPECT_EQ(rows[0].reached, true);
  EXPECT_DOUBLE_EQ(rows[2].ratio->median, 0.75);
  EXPECT_EQ(rows[2].reached, std::nullopt);
  EXPECT_EQ(rows[3].value.median, 200);
}

TEST(FiguresTest, MidnightsAreHeldToTheRawLoop) {
  const Samples samples = {{Probe::kReviews, Rates(60, 70, 80)},
                           {Probe::kRawReviews, Rates(100, 100, 100)},
                           {Probe::kReviewedMembers, {{.value = 100'000}}}};
  const std::vector<ReportRow> rows = Judge({12}, samples, "sqlite");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "midnight of 100,000");
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 0.7);
  EXPECT_EQ(rows[0].reached, true);
}

TEST(FiguresTest, AYearMayTakeTenSecondsForAHundredThousandMembers) {
  Samples samples = {{Probe::kYear, Rates(9, 10, 11)},
                     {Probe::kYearMoves, Rates(100, 100, 100)},
                     {Probe::kYearMembers, {{.value = 100'000}}}};
  std::vector<ReportRow> rows = Judge(FiguresNamed({"13c"}), samples, "sqlite");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "a year over 100,000");
  EXPECT_EQ(rows[0].reached, true);
  samples[Probe::kYearMembers] = {{.value = 10'000}};
  rows = Judge(FiguresNamed({"13c"}), samples, "sqlite");
  EXPECT_EQ(rows[0].bar, "<= 1");
  EXPECT_EQ(rows[0].reached, false);
}

TEST(FiguresTest, LaterPurchasesOfWhoWasBroughtAreHeldToThoseOfOthers) {
  Samples samples = {{Probe::kTreeMembers, {{.value = 100'000}}},
                     {Probe::kTreeLater, Rates(95, 90, 96)},
                     {Probe::kPlainLater, Rates(100, 100, 100)},
                     {Probe::kTreeFirst, Rates(50, 60, 70)},
                     {Probe::kPlainFirst, Rates(100, 100, 100)}};
  const std::vector<ReportRow> rows = Judge(FiguresNamed({"1t"}), samples, "sqlite");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].name, "purchases, tree of 100,000");
  EXPECT_EQ(rows[0].reached, true);
  EXPECT_DOUBLE_EQ(rows[2].ratio->median, 0.6);
  EXPECT_EQ(rows[2].reached, std::nullopt);
  std::stringstream out;
  PrintTable(rows, out);
  PrintComparison({"sqlite", rows}, {"mysql", rows}, out);
  for (std::string line; std::getline(out, line);) EXPECT_LE(line.size(), 100u) << line;
  samples[Probe::kTreeLater] = Rates(94, 94, 96);
  EXPECT_EQ(Judge(FiguresNamed({"1t"}), samples, "mysql")[0].reached, false);
}

TEST(FiguresTest, NamesTellFiguresApart) {
  EXPECT_EQ(FiguresNamed(FigureNames(KnownFigures())), KnownFigures());
  EXPECT_EQ(FigureNames(FiguresNamed({"2r", "10", "1r", "1"})),
            (std::vector<std::string>{"1", "10", "1r", "2r"}));
}

TEST(ReportTest, VariantsOfAFigureAreShownByName) {
  const Samples samples = {{Probe::kRichPurchases, Rates(12'345, 12'345, 12'345)},
                           {Probe::kPurchases, Rates(15'000, 15'000, 15'000)},
                           {Probe::kRichBatches, Rates(12'345, 12'345, 12'345)},
                           {Probe::kBatches, Rates(15'000, 15'000, 15'000)}};
  const std::vector<ReportRow> rows = Judge(FiguresNamed({"1r", "2r"}), samples, "sqlite");
  std::stringstream out;
  PrintTable(rows, out);
  PrintComparison({"sqlite", rows}, {"mysql", rows}, out);
  for (std::string line; std::getline(out, line);) EXPECT_LE(line.size(), 100u) << line;
  EXPECT_THAT(out.str(), ::testing::HasSubstr("1r RecordPurchase x128, rich / plain"));
}

TEST(FiguresTest, EveryKnownFigureNeedsSomethingMeasured) {
  for (const int figure : KnownFigures()) EXPECT_FALSE(ProbesOf({figure}).empty()) << figure;
}

TEST(ReportTest, JsonHasNullWhereSomethingDoesNotApply) {
  const Samples samples = {{Probe::kMemory, {{.value = 120}}}};
  const nlohmann::json json =
      nlohmann::json::parse(ToJson({{"sqlite", Judge({11}, samples, "sqlite")}}));
  EXPECT_EQ(json[0]["figure"], "11");
  EXPECT_EQ(json[0]["store"], "sqlite");
  EXPECT_EQ(json[0]["value"], 120);
  EXPECT_EQ(json[0]["unit"], "MiB");
  for (const char* key : {"denominator", "ratio", "p50_ms", "p99_ms"}) {
    ASSERT_TRUE(json[0].contains(key)) << key;
    EXPECT_TRUE(json[0][key].is_null()) << key;
  }
}

TEST(ReportTest, TableFitsItsColumnsAndSaysWhatIsMissed) {
  const Samples samples = {{Probe::kBatches, Rates(123'456, 100'000, 234'567)},
                           {Probe::kPurchases, Rates(1, 1, 1)},
                           {Probe::kRawLoop, Rates(200'000, 200'000, 300'000)}};
  std::stringstream out;
  PrintTable(Judge({2}, samples, "sqlite"), out);
  std::string line;
  while (std::getline(out, line)) EXPECT_LE(line.size(), 100u) << line;
  EXPECT_NE(out.str().find("123,456"), std::string::npos);
  EXPECT_NE(out.str().find("100,000-234,567"), std::string::npos);
  EXPECT_NE(out.str().find(">= 0.80 NO"), std::string::npos);
}

ReportRow Rate(std::string denominator, double value, double ratio) {
  return {.figure = 1,
          .name = "RecordPurchase x128",
          .value = {.median = value},
          .unit = "1/s",
          .denominator = std::move(denominator),
          .ratio = Spread{.median = ratio}};
}

TEST(ReportTest, ComparisonPutsTheSameRowsOfBothStoresInOneLine) {
  ReportRow held = Rate("echo", 20'000, 0.31);
  held.bar = ">= 0.30";
  held.reached = true;
  const StoreReport sqlite = {"sqlite", {held, Rate("raw loop", 20'000, 0.9)}};
  const StoreReport mysql = {"mysql", {Rate("raw loop", 8'000, 0.5), Rate("echo", 8'000, 0.1)}};
  std::stringstream out;
  PrintComparison(sqlite, mysql, out);
  std::vector<std::string> lines;
  for (std::string line; std::getline(out, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 4u) << out.str();
  for (const std::string& line : lines) EXPECT_LE(line.size(), 100u) << line;
  EXPECT_THAT(lines[2], ::testing::ContainsRegex("/ echo,.*20,000  0.31 yes .*8,000  0.10"));
  EXPECT_THAT(lines[2], ::testing::HasSubstr(">= 0.30"));
  EXPECT_THAT(lines[3], ::testing::ContainsRegex("/ raw loop,.*20,000  0.90 .*8,000  0.50"));
}

TEST(ReportTest, ComparisonShowsWhatOneStoreLacks) {
  std::stringstream out;
  PrintComparison({"sqlite", {}}, {"mysql", {Rate("echo", 8'000, 0.1)}}, out);
  EXPECT_NE(out.str().find("8,000  0.10"), std::string::npos) << out.str();
}

TEST(ReportTest, JsonOfSeveralStoresTellsThemApart) {
  const nlohmann::json json = nlohmann::json::parse(
      ToJson({{"sqlite", {Rate("echo", 2, 1)}}, {"mysql", {Rate("echo", 3, 1)}}}));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["store"], "sqlite");
  EXPECT_EQ(json[1]["store"], "mysql");
  EXPECT_EQ(json[1]["value"], 3);
}

}  // namespace
}  // namespace dangol::bench
