#include "server/insight/breakage.h"

#include <gtest/gtest.h>

#include <map>

namespace dangol::insight {
namespace {

using Months = BreakageTable::Months;

void ExpectEstimate(const BreakageTable& table, int64_t points, int age, int64_t expires,
                    int64_t unknown) {
  const BreakageTable::Estimate estimate = table.Of(points, age);
  EXPECT_EQ(estimate.expires, expires) << "of " << points << " at age " << age;
  EXPECT_EQ(estimate.unknown, unknown) << "of " << points << " at age " << age;
}

TEST(BreakageTableTest, WithoutHistoryNothingIsKnown) {
  const BreakageTable table({}, 10);
  EXPECT_EQ(table.history_months(), 0);
  ExpectEstimate(table, 100, 0, 0, 100);
  // The month that goes on tells nothing yet.
  const BreakageTable new_one({{11, {{11, {1'000, 0, 500}}}}}, 10);
  EXPECT_EQ(new_one.history_months(), 0);
  ExpectEstimate(new_one, 100, 0, 0, 100);
}

// 1,000 points of month 1: 600 are used in their first month, 100 in the next, and the
// rest expire in the third.
TEST(BreakageTableTest, AShareOfWhatWasThereAtThatAgeExpired) {
  const BreakageTable table({{1, {{1, {1'000, 0, 600}}, {2, {0, 0, 100}}, {3, {0, 300, 0}}}}}, 9);
  EXPECT_EQ(table.history_months(), 9);
  ExpectEstimate(table, 1'000, 0, 300, 0);
  ExpectEstimate(table, 400, 1, 300, 0);
  ExpectEstimate(table, 300, 2, 300, 0);
  ExpectEstimate(table, 7, 2, 7, 0);
  // Nobody has seen such old ones.
  ExpectEstimate(table, 50, 3, 0, 50);
  ExpectEstimate(table, 50, 100, 0, 50);
}

// A month that has lived through two ages says nothing of the third, and as much as an
// older one of the first two.
TEST(BreakageTableTest, EveryMonthTellsOfTheAgesThatItHasLivedThrough) {
  const std::map<int, Months> earned = {
      {1, {{1, {1'000, 0, 500}}, {2, {0, 0, 300}}, {3, {0, 200, 0}}}},
      {2, {{2, {3'000, 0, 500}}, {3, {0, 0, 1'000}}, {4, {0, 9'999, 0}}}},
  };
  const BreakageTable table(earned, 3);
  // Age 0: 4,000 there, 1,000 used. Age 1: 3,000 there, 1,300 used. Age 2: 200 of 200
  // expire. So 3/4 * 17/30 = 17/40 of new ones do.
  ExpectEstimate(table, 4'000, 0, 1'699, 0);  // Shares are rounded down.
  ExpectEstimate(table, 3'000, 1, 1'699, 0);
  ExpectEstimate(table, 3'000, 2, 3'000, 0);
}

TEST(BreakageTableTest, HistoryThatEndsTooEarlySaysHowMuchItDoesNotKnow) {
  const BreakageTable table({{1, {{1, {1'000, 0, 200}}, {2, {0, 100, 300}}}}}, 2);
  EXPECT_EQ(table.history_months(), 2);
  ExpectEstimate(table, 1'000, 0, 100, 400);
  ExpectEstimate(table, 800, 1, 100, 400);
  ExpectEstimate(table, 800, 2, 0, 800);
}

// Returns that give points back may be more than what is used of such old points.
TEST(BreakageTableTest, WhatComesBackMakesNoShareGreaterThanOne) {
  const BreakageTable table({{1, {{1, {100, 0, 90}}, {2, {0, 0, -50}}, {3, {0, 60, 0}}}}}, 3);
  ExpectEstimate(table, 100, 0, 10, 0);
  ExpectEstimate(table, 10, 1, 10, 0);
  ExpectEstimate(table, 10, 2, 10, 0);
}

TEST(BreakageTableTest, HoldsAsManyPointsAsSixtyFourBits) {
  constexpr int64_t kMany = 4'000'000'000'000'000'000;
  const BreakageTable table({{1, {{1, {kMany, kMany / 2, kMany / 2}}}}}, 1);
  ExpectEstimate(table, kMany, 0, kMany / 2, 0);
}

}  // namespace
}  // namespace dangol::insight
