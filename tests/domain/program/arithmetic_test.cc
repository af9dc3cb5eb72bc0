#include "server/domain/program/arithmetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace dangol::domain {
namespace {

using ::testing::ElementsAre;

TEST(ScaleTest, Rounds) {
  struct Case {
    int64_t amount, numerator, denominator, floor, half_up, ceiling;
  };
  const Case cases[] = {
      {0, 1, 100, 0, 0, 0},
      {1, 1, 100, 0, 0, 1},
      {49, 1, 100, 0, 0, 1},
      {50, 1, 100, 0, 1, 1},
      {99, 1, 100, 0, 1, 1},
      {100, 1, 100, 1, 1, 1},
      {101, 1, 100, 1, 1, 2},
      {1'999, 5, 1'000, 9, 10, 10},
      {3, 1, 2, 1, 2, 2},
      {1, 1, 3, 0, 0, 1},
      {2, 1, 3, 0, 1, 1},
      {1'000'000'000'000, 1'000'000, 1, 1'000'000'000'000'000'000, 1'000'000'000'000'000'000,
       1'000'000'000'000'000'000},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.amount);
    EXPECT_EQ(Scale(c.amount, c.numerator, c.denominator, Rounding::kFloor), c.floor);
    EXPECT_EQ(Scale(c.amount, c.numerator, c.denominator, Rounding::kHalfUp), c.half_up);
    EXPECT_EQ(Scale(c.amount, c.numerator, c.denominator, Rounding::kCeiling), c.ceiling);
  }
}

TEST(ScaleTest, DoesNotOverflow) {
  EXPECT_EQ(Scale(int64_t{1} << 62, int64_t{1} << 62, 1, Rounding::kFloor), absl::int128(1) << 124);
}

TEST(SpreadTest, GoesByLargestRemainder) {
  EXPECT_THAT(Spread(10, {1, 1, 1}), ElementsAre(4, 3, 3));  // Equal remainders: the lowest line.
  EXPECT_THAT(Spread(11, {1, 1, 1}), ElementsAre(4, 4, 3));
  EXPECT_THAT(Spread(100, {333, 333, 334}), ElementsAre(33, 33, 34));
  EXPECT_THAT(Spread(5, {50, 30, 20}), ElementsAre(3, 1, 1));  // 2.5, 1.5, 1.0
  EXPECT_THAT(Spread(1, {1, 2}), ElementsAre(0, 1));
  EXPECT_THAT(Spread(7, {0, 5, 0}), ElementsAre(0, 7, 0));
}

TEST(SpreadTest, WithoutWeightsNobodyGetsAnything) {
  EXPECT_THAT(Spread(0, {}), ElementsAre());
  EXPECT_THAT(Spread(5, {0, 0}), ElementsAre(0, 0));
  EXPECT_THAT(Spread(0, {1, 2}), ElementsAre(0, 0));
}

TEST(SpreadTest, AddsUpAndStaysWithinOneOfTheExactShare) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<int64_t> weights(1 + random() % 20);
    for (int64_t& weight : weights) weight = static_cast<int64_t>(random() % 1'000'000'000);
    const auto total = static_cast<int64_t>(random() % 1'000'000'000'000);
    const std::vector<int64_t> shares = Spread(total, weights);
    const int64_t sum = std::accumulate(weights.begin(), weights.end(), int64_t{0});
    if (sum == 0) continue;
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), int64_t{0}), total);
    for (size_t i = 0; i < shares.size(); ++i) {
      const auto exact = static_cast<int64_t>(absl::int128(total) * weights[i] / sum);
      EXPECT_GE(shares[i], exact);
      EXPECT_LE(shares[i], exact + 1);
    }
  }
}

}  // namespace
}  // namespace dangol::domain
