// When each kind of incentive awards: what is bought, and the days of the awards.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/domain/incentive/shopper.h"

namespace dangol::domain {
namespace {

using Window = IncentiveWindow;

constexpr int64_t kWon = 1'000;

struct Case {
  std::string name;
  Incentive incentive;
  std::vector<Bought> bought;
  std::string awards;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

Incentive Card(PunchCard terms, Window window = {}) { return IncentiveOf(terms, window); }

Window Rolling(int days) { return {.kind = Window::Kind::kRolling, .days = days}; }
Window Calendar(Window::Kind kind) { return {.kind = kind}; }

Incentive WeeksFrom(absl::Weekday begins, int64_t length) {
  return IncentiveOf(Streak{.per = Streak::Per::kWeek, .week_begins = begins, .length = length});
}

Incentive ThreeMonths() { return IncentiveOf(Streak{.per = Streak::Per::kMonth, .length = 3}); }

std::vector<Bought> Every(const std::vector<std::string>& days) {
  std::vector<Bought> all;
  for (const std::string& day : days) all.push_back({day});
  return all;
}

Bought Pieces(const std::string& at, int64_t quantity) {
  return {at, kWon * quantity, "coffee", quantity};
}
Bought For(const std::string& at, int64_t minor) { return {at, minor}; }
Bought Of(const std::string& at, const std::string& category) { return {at, kWon, category}; }

const std::vector<Case>& Cases() {
  static const std::vector<Case>* const cases = new std::vector<Case>{
      // Every Nth purchase.
      {"Third", Card({.places = 3}), Every({"2026-01-01", "2026-01-02", "2026-01-03"}),
       "2026-01-03"},
      {"TwoAreNotEnough", Card({.places = 3}), Every({"2026-01-01", "2026-01-02"}), ""},
      {"TheRestStaysOnTheCard", Card({.places = 2}),
       Every({"2026-01-01", "2026-01-02", "2026-01-03", "2026-02-01", "2026-03-01"}),
       "2026-01-02 2026-02-01"},
      {"InTheSameSecond", Card({.places = 2}),
       Every({"2026-01-01 10:00:00", "2026-01-01 10:00:00"}), "2026-01-01"},
      {"FourReceiptsOfOneVisit", Card({.places = 4, .daily_max = 1}),
       Every({"2026-01-01 10:00:00", "2026-01-01 10:01:00", "2026-01-01 10:02:00",
              "2026-01-01 10:03:00"}),
       ""},
      {"OneADay", Card({.places = 2, .daily_max = 1}),
       Every({"2026-01-01 10:00:00", "2026-01-01 10:01:00", "2026-01-02"}), "2026-01-02"},
      {"OfNothing", Card({.places = 1}), {For("2026-01-01", 0)}, ""},
      // Pieces.
      {"FiveStampsOntoThree",
       Card({.per = PunchCard::Per::kPiece, .places = 8}),
       {Pieces("2026-01-01", 3), Pieces("2026-01-02", 5)},
       "2026-01-02"},
      {"FiveStampsOntoSixOfEight",
       Card({.per = PunchCard::Per::kPiece, .places = 8}),
       {Pieces("2026-01-01", 6), Pieces("2026-01-02", 5), Pieces("2026-01-03", 5)},
       "2026-01-02 2026-01-03"},
      {"TwentyPiecesAtOnce",
       Card({.per = PunchCard::Per::kPiece, .places = 8}),
       {Pieces("2026-01-01", 20), Pieces("2026-01-02", 4)},
       "2026-01-01 2026-01-01 2026-01-02"},
      // Full amounts.
      {"EachFullAmount",
       Card({.per = PunchCard::Per::kAmount, .places = 3, .per_minor = 10 * kWon}),
       {For("2026-01-01", 19'999), For("2026-01-02", 9'999), For("2026-01-03", 20'000)},
       "2026-01-03"},
      // Windows.
      {"WithinTheLastDay", Card({.places = 2}, Rolling(30)), Every({"2026-01-01", "2026-01-30"}),
       "2026-01-30"},
      {"ADayTooLate", Card({.places = 2}, Rolling(30)), Every({"2026-01-01", "2026-01-31"}), ""},
      {"TheOldestGoesFirst", Card({.places = 2}, Rolling(30)),
       Every({"2026-01-01", "2026-01-20", "2026-01-25", "2026-02-10"}), "2026-01-20 2026-02-10"},
      {"InOneMonth", Card({.places = 2}, Calendar(Window::Kind::kMonth)),
       Every({"2026-01-31", "2026-02-01", "2026-02-28"}), "2026-02-28"},
      {"InOneQuarter", Card({.places = 2}, Calendar(Window::Kind::kQuarter)),
       Every({"2026-03-31", "2026-04-01", "2026-06-30"}), "2026-06-30"},
      {"InOneWeek", Card({.places = 2}, Calendar(Window::Kind::kWeek)),
       Every({"2026-01-04", "2026-01-05", "2026-01-11"}), "2026-01-11"},
      {"OnALeapDay", Card({.places = 2}, Calendar(Window::Kind::kMonth)),
       Every({"2028-02-01", "2028-02-29"}), "2028-02-29"},
      // Weeks one after the other.
      {"ThreeWeeks", WeeksFrom(absl::Weekday::monday, 3),
       Every({"2026-01-05", "2026-01-18", "2026-01-19"}), "2026-01-19"},
      {"AWeekIsMissing", WeeksFrom(absl::Weekday::monday, 3),
       Every({"2026-01-05", "2026-01-12", "2026-01-26"}), ""},
      {"OverNewYearAndWeek53", WeeksFrom(absl::Weekday::monday, 3),
       Every({"2026-12-27", "2026-12-28", "2027-01-04"}), "2027-01-04"},
      {"WeeksFromSunday", WeeksFrom(absl::Weekday::sunday, 2), Every({"2026-01-10", "2026-01-11"}),
       "2026-01-11"},
      {"TheSameWeekFromMonday", WeeksFrom(absl::Weekday::monday, 2),
       Every({"2026-01-10", "2026-01-11"}), ""},
      {"ThenItBeginsAnew", WeeksFrom(absl::Weekday::monday, 2),
       Every({"2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"}), "2026-01-12 2026-01-26"},
      {"ThreeMonths", ThreeMonths(), Every({"2026-11-30", "2026-12-01", "2027-01-31"}),
       "2027-01-31"},
      // The next purchase soon after the last.
      {"OnTheLastDay", IncentiveOf(ReturnWithin{.days = 14}), Every({"2026-01-01", "2026-01-15"}),
       "2026-01-15"},
      {"AfterTheLastDay", IncentiveOf(ReturnWithin{.days = 14}),
       Every({"2026-01-01", "2026-01-16"}), ""},
      {"TheSameDayIsOneVisit", IncentiveOf(ReturnWithin{.days = 14}),
       Every({"2026-01-01 10:00:00", "2026-01-01 18:00:00"}), ""},
      {"EachTime", IncentiveOf(ReturnWithin{.days = 14}),
       Every({"2026-01-01", "2026-01-10", "2026-01-20"}), "2026-01-10 2026-01-20"},
      {"TheSecondOnly", IncentiveOf(ReturnWithin{.days = 14, .second_only = true}),
       Every({"2026-01-01", "2026-01-10", "2026-01-20"}), "2026-01-10"},
      {"TheSecondCameTooLate", IncentiveOf(ReturnWithin{.days = 14, .second_only = true}),
       Every({"2026-01-01", "2026-02-10", "2026-02-11"}), ""},
      // After a silence.
      {"AfterNinetyDays", IncentiveOf(WinBack{.days = 90}), Every({"2026-01-01", "2026-04-01"}),
       "2026-04-01"},
      {"AfterEightyNine", IncentiveOf(WinBack{.days = 90}), Every({"2026-01-01", "2026-03-31"}),
       ""},
      {"TheFirstEver", IncentiveOf(WinBack{.days = 90}), Every({"2026-04-01"}), ""},
      // So much spent.
      {"ExactlyReached",
       IncentiveOf(SpendMilestone{.minor = 10 * kWon}),
       {For("2026-01-01", 9'999), For("2026-01-02", 1)},
       "2026-01-02"},
      {"OneBelow", IncentiveOf(SpendMilestone{.minor = 10 * kWon}), {For("2026-01-01", 9'999)}, ""},
      {"OnceEver",
       IncentiveOf(SpendMilestone{.minor = 10 * kWon}),
       {For("2026-01-01", 50'000), For("2026-02-01", 50'000)},
       "2026-01-01"},
      {"OnceAMonth",
       IncentiveOf(SpendMilestone{.minor = 10 * kWon}, Calendar(Window::Kind::kMonth)),
       {For("2026-01-01", 50'000), For("2026-01-31", 50'000), For("2026-02-01", 10'000)},
       "2026-01-01 2026-02-01"},
      {"EachTimeAnew",
       IncentiveOf(SpendMilestone{.minor = 10 * kWon, .repeats = true}),
       {For("2026-01-01", 25'000), For("2026-02-01", 5'000)},
       "2026-01-01 2026-01-01 2026-02-01"},
      // So many categories.
      {"ThreeCategories",
       IncentiveOf(CategoryBreadth{.categories = 3}),
       {Of("2026-01-01", "tea"), Of("2026-01-02", "cake"), Of("2026-01-03", "tea"),
        Of("2026-01-04", "coffee")},
       "2026-01-04"},
      {"CategoriesOfAWindow",
       IncentiveOf(CategoryBreadth{.categories = 2}, Rolling(7)),
       {Of("2026-01-01", "tea"), Of("2026-01-08", "cake"), Of("2026-01-14", "tea")},
       "2026-01-14"},
      {"WithoutACategory",
       IncentiveOf(CategoryBreadth{.categories = 1}),
       {Of("2026-01-01", "")},
       ""},
  };
  return *cases;
}

class IncentiveKindsTest : public ::testing::TestWithParam<Case> {};

TEST_P(IncentiveKindsTest, Awards) {
  const Case& one = GetParam();
  Shopper member(ProgramWith({one.incentive}));
  for (const Bought& bought : one.bought) member.Shop(bought);
  EXPECT_EQ(member.Awards(), one.awards);
}

// Whatever order receipts arrive in, the end is the same.
TEST_P(IncentiveKindsTest, InAnyOrder) {
  const Case& one = GetParam();
  std::vector<size_t> order(one.bought.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::string points;
  do {
    Shopper member(ProgramWith({one.incentive}));
    for (const size_t i : order) member.Shop(one.bought[i], "2028-12-31");
    ASSERT_EQ(member.Awards(), one.awards);
    if (points.empty()) points = member.Balance();
    ASSERT_EQ(member.Balance(), points);
  } while (std::next_permutation(order.begin(), order.end()));
}

// What came back brings nothing, and undone it brings all of it again.
TEST_P(IncentiveKindsTest, WhatComesBackIsNone) {
  const Case& one = GetParam();
  Shopper member(ProgramWith({one.incentive}));
  std::vector<std::string> ids;
  for (const Bought& bought : one.bought) ids.push_back(member.Shop(bought));
  const std::string balance = member.Balance();
  for (size_t i = ids.size(); i > 0; --i) {
    if (one.bought[i - 1].minor == 0) continue;
    ASSERT_TRUE(member.BringBack(ids[i - 1], "2028-12-01").ok());
  }
  EXPECT_EQ(member.Awards(), "");
  EXPECT_EQ(member.Balance(), "0/0");
  for (size_t i = 1; i <= ids.size(); ++i) (void)member.Undo(static_cast<int>(i), "2028-12-02");
  EXPECT_EQ(member.Awards(), one.awards);
  EXPECT_EQ(member.Balance(), balance);
}

INSTANTIATE_TEST_SUITE_P(Table, IncentiveKindsTest, ::testing::ValuesIn(Cases()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace dangol::domain
