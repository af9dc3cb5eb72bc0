#include "tests/bench/figures.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

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
  const std::vector<ReportRow> rows = Judge({6}, samples);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].value.median, 50);
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 0.9);
  EXPECT_DOUBLE_EQ(rows[0].ratio->min, 0.5);
  EXPECT_DOUBLE_EQ(rows[0].ratio->max, 1.0);
  EXPECT_EQ(rows[0].reached, true);
}

TEST(FiguresTest, PurchasesAreHeldToTheLowerOfTheirTwoBars) {
  // 0.30 of echo is 24, 0.70 of the raw loop is 21: the raw loop binds.
  const Samples samples = {{Probe::kPurchases, Rates(22, 22, 22)},
                           {Probe::kEchoPurchases, Rates(80, 80, 80)},
                           {Probe::kRawLoop, Rates(30, 30, 30)}};
  const std::vector<ReportRow> rows = Judge({1}, samples);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].denominator, "raw loop");
  EXPECT_EQ(rows[0].reached, true);
  EXPECT_EQ(rows[1].denominator, "echo");
  EXPECT_EQ(rows[1].reached, std::nullopt);
}

TEST(FiguresTest, OneAloneIsAllowedAnFsyncAnEmptyRpcAndHalfAMillisecond) {
  const Samples samples = {{Probe::kAlone, P50s(1.0, 1.0, 1.0)},
                           {Probe::kFsync, P50s(0.4, 0.4, 0.4)},
                           {Probe::kEmptyRpc, P50s(0.1, 0.1, 0.0)}};
  const std::vector<ReportRow> rows = Judge({4}, samples);
  EXPECT_EQ(rows[0].value.median, 1.0);
  EXPECT_DOUBLE_EQ(rows[0].ratio->median, 1.0);
  EXPECT_EQ(rows[0].reached, true);
}

TEST(FiguresTest, EveryKnownFigureNeedsSomethingMeasured) {
  for (const int figure : KnownFigures()) EXPECT_FALSE(ProbesOf({figure}).empty()) << figure;
}

TEST(ReportTest, JsonHasNullWhereSomethingDoesNotApply) {
  const Samples samples = {{Probe::kMemory, {{.value = 120}}}};
  const nlohmann::json json = nlohmann::json::parse(ToJson(Judge({11}, samples), "sqlite"));
  EXPECT_EQ(json[0]["figure"], 11);
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
  PrintTable(Judge({2}, samples), out);
  std::string line;
  while (std::getline(out, line)) EXPECT_LE(line.size(), 100u) << line;
  EXPECT_NE(out.str().find("123,456"), std::string::npos);
  EXPECT_NE(out.str().find("100,000-234,567"), std::string::npos);
  EXPECT_NE(out.str().find(">= 0.80 NO"), std::string::npos);
}

}  // namespace
}  // namespace dangol::bench
