#include "server/domain/standing/rfm_values.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "server/common/limits.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

// The day of which everything is told.
constexpr DayNumber kToday = 20'000;

// What one person did, and what it comes to.
class RfmValuesTest : public ::testing::Test {
 protected:
  RfmValuesTest() {
    program_ = testing::SimpleProgram();          // EUR and KRW.
    program_.rfm.emplace().rates = {{1, 1, 16}};  // 16 won are a cent.
  }

  static Fact Purchase(DayNumber day, int64_t minor, const std::string& currency = "EUR") {
    Fact fact;
    fact.day = day;
    fact.marks = {{Measure::kPurchases, "", 1}, {Measure::kNetSpend, currency, minor}};
    return fact;
  }
  static Fact FreeSample(DayNumber day) {
    Fact fact;
    fact.day = day;
    fact.marks = {{Measure::kPurchases, "", 1}, {Measure::kIdle, "", 1}};
    return fact;
  }

  void Do(const Fact& fact, History& history) { Restand(fact, {}, kToday, history); }
  void Do(const Fact& fact) { Do(fact, histories_[0]); }

  std::optional<RfmValues> Values(DayNumber day = kToday) {
    return RfmValuesOf(histories_, program_, day);
  }

  Program program_;
  std::vector<History> histories_ = std::vector<History>(1);
};

TEST_F(RfmValuesTest, WhoHasBoughtNothingIsNotScored) {
  EXPECT_EQ(Values(), std::nullopt);
  Do(FreeSample(kToday - 3));
  EXPECT_EQ(Values(), std::nullopt);
  Do(Purchase(kToday + 1, 500));
  EXPECT_EQ(Values(), std::nullopt) << "not yet";
}

TEST_F(RfmValuesTest, TheWindowEndsWithTheDay) {
  Do(Purchase(kToday - 365, 1'000));
  EXPECT_EQ(Values(), (RfmValues{365, 0, 0})) << "the window's day before the first";
  Do(Purchase(kToday - 364, 200));
  EXPECT_EQ(Values(), (RfmValues{364, 1, 200}));
  Do(Purchase(kToday, 30));
  EXPECT_EQ(Values(), (RfmValues{0, 2, 230}));
  // The day before: neither today's purchase nor what comes later.
  EXPECT_EQ(Values(kToday - 1), (RfmValues{363, 2, 1'200}));
  // Next year, if nothing more is done.
  EXPECT_EQ(Values(kToday + 364), (RfmValues{364, 1, 30}));
}

TEST_F(RfmValuesTest, WhatNobodyCanEarnByIsNoPurchase) {
  Do(Purchase(kToday - 10, 500));
  Do(FreeSample(kToday - 10));
  Do(FreeSample(kToday - 2));
  EXPECT_EQ(Values(), (RfmValues{10, 1, 500}));
}

TEST_F(RfmValuesTest, WhatComesBackWasNeverBought) {
  const Fact first = Purchase(kToday - 40, 300);
  const Fact second = Purchase(kToday - 5, 900);
  Do(first);
  Do(second);
  Restand(Purchase(kToday - 5, 400), second, kToday, histories_[0]);
  EXPECT_EQ(Values(), (RfmValues{5, 2, 700}));
  Restand({kToday - 5, {}}, Purchase(kToday - 5, 400), kToday, histories_[0]);
  EXPECT_EQ(Values(), (RfmValues{40, 1, 300}));
  Restand({kToday - 40, {}}, first, kToday, histories_[0]);
  EXPECT_EQ(Values(), std::nullopt);
}

TEST_F(RfmValuesTest, OthersCurrenciesAreConvertedAndRoundedOnce) {
  Do(Purchase(kToday - 1, 100));
  Do(Purchase(kToday - 1, 4, "KRW"));
  EXPECT_EQ(Values()->spent_minor, 100);
  Do(Purchase(kToday, 4, "KRW"));  // 8 won are half a cent.
  EXPECT_EQ(Values()->spent_minor, 101);
  program_.rfm->base_currency = 1;
  program_.rfm->rates = {{0, 16, 1}};
  EXPECT_EQ(Values()->spent_minor, 1'608);
}

TEST_F(RfmValuesTest, NoSumIsTooLarge) {
  constexpr int64_t kMuch = 9'000'000'000'000'000'000;
  program_.rfm->rates = {{1, 1'000'000'000, 1}};
  Do(Purchase(kToday, kMuch));
  Do(Purchase(kToday, kMuch, "KRW"));
  EXPECT_EQ(Values()->spent_minor, std::numeric_limits<int64_t>::max());
}

TEST_F(RfmValuesTest, ThoseWhoWereMergedAreOne) {
  histories_.resize(2);
  Do(Purchase(kToday - 20, 100), histories_[0]);
  Do(Purchase(kToday - 7, 50), histories_[1]);
  EXPECT_EQ(Values(), (RfmValues{7, 2, 150}));
}

// What lies further back is one sum, of which nobody knows the last day. The answer is the same
// whether it has been summed up already.
TEST_F(RfmValuesTest, LongAgoIsLongAgo) {
  Do(Purchase(kToday - 732, 100));
  EXPECT_EQ(Values(), (RfmValues{731, 0, 0}));
  Do(Purchase(kToday - 3'000, 100));
  EXPECT_EQ(Values(), (RfmValues{731, 0, 0}));
  histories_[0] = {};
  Do(Purchase(kToday - 3'000, 100));
  EXPECT_EQ(Values(), (RfmValues{731, 0, 0}));
}

// On the first day that can be told, everything is still known by day, also where the server
// that recorded the last purchase is two days ahead.
TEST_F(RfmValuesTest, TheFirstDayThatCanBeToldIsKnownByDay) {
  const DayNumber first = FirstRfmDay(kToday);
  EXPECT_EQ(first, kToday - 394);
  program_.rfm->window_days = limits::kMaxWindowDays;
  const Fact last = Purchase(first - 731, 100);
  Restand(last, {}, kToday + 2, histories_[0]);
  Restand(Purchase(first - 730, 70), {}, kToday + 2, histories_[0]);
  Restand(Purchase(kToday + 2, 5), {}, kToday + 2, histories_[0]);
  EXPECT_EQ(Values(first), (RfmValues{730, 1, 70}));
}

}  // namespace
}  // namespace dangol::domain
