#include "tests/bench/statistics.h"

#include <gtest/gtest.h>

#include "tests/bench/histogram.h"

namespace dangol::bench {
namespace {

TEST(SpreadTest, MedianOfAnOddNumberIsTheMiddle) {
  const Spread spread = SpreadOf({9, 1, 5});
  EXPECT_EQ(spread.median, 5);
  EXPECT_EQ(spread.min, 1);
  EXPECT_EQ(spread.max, 9);
}

TEST(SpreadTest, MedianOfAnEvenNumberLiesBetween) { EXPECT_EQ(SpreadOf({4, 1, 2, 9}).median, 3); }

TEST(HistogramTest, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.QuantileMs(0.5), 0);
}

TEST(HistogramTest, ShortDurationsAreExact) {
  Histogram histogram;
  for (uint64_t i = 1; i <= 100; ++i) histogram.Add(i);
  EXPECT_EQ(histogram.QuantileMs(0), 1e-6);
  EXPECT_EQ(histogram.QuantileMs(0.5), 50e-6);
  EXPECT_EQ(histogram.QuantileMs(0.99), 99e-6);
  EXPECT_EQ(histogram.QuantileMs(1), 100e-6);
}

TEST(HistogramTest, LongDurationsAreWithinHalfAPercent) {
  for (const double milliseconds : {0.001, 0.3, 1.0, 7.7, 1'000.0, 86'400'000.0}) {
    Histogram histogram;
    histogram.Add(static_cast<uint64_t>(milliseconds * 1e6));
    EXPECT_NEAR(histogram.QuantileMs(0.5), milliseconds, milliseconds * 0.005);
  }
}

TEST(HistogramTest, TakesTheGreatestDuration) {
  Histogram histogram;
  histogram.Add(~uint64_t{0});
  EXPECT_NEAR(histogram.QuantileMs(1), 1.8446744e13, 1e11);
}

}  // namespace
}  // namespace dangol::bench
