// What a program says of incentives, and what is wrong with it.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/program/program_text.h"

namespace dangol::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Line 1 of the program is followed by what the test says, on line 2.
std::string ProgramWithIncentives(const std::string& incentives) {
  return absl::StrCat(
      R"(name: "Test" time_zone: "UTC" wallets { id: "points" expiry { never {} } })", "\n",
      incentives, "\n", R"(currencies { code: "GBP" minor_digits: 2 })",
      R"(earning_rules { id: "base" wallet: "points")",
      R"( rates { currency: "GBP" points: 1 per_minor: 100 } })",
      R"( activities { kind: "review" daily_cap: 1 } excluded_categories: "tobacco")");
}

// An incentive "card" whose other half this is.
std::string Card(const std::string& rest, const std::string& id = "card") {
  return absl::StrCat("incentives { id: \"", id, "\" reward { wallet: \"points\" points: 500 } ",
                      rest, " } ");
}

std::vector<std::string> ProblemsOf(const std::string& incentives) {
  std::vector<std::string> problems;
  for (const ProgramProblem& problem : CheckProgram(ProgramWithIncentives(incentives))) {
    problems.push_back(absl::StrCat(problem.line, " ", problem.field, ": ", problem.message));
  }
  return problems;
}

domain::Incentive ReadOne(const std::string& rest) {
  const auto program = ParseProgram(ProgramWithIncentives(Card(rest)));
  EXPECT_TRUE(program.ok()) << program.status();
  return program.ok() ? (*program)->incentives.front() : domain::Incentive();
}

TEST(ProgramIncentivesTest, ReadsEveryKind) {
  const domain::Incentive card = ReadOne(
      R"(name: "Coffee card" punch_card { places: 10 per_piece {} max_per_day: 2 }
         when { categories: "coffee" dates { first: "2026-01-01" } } window { rolling_days: 90 }
         budget: 100000 max_awards: 50 max_awards_per_member: 5 group: "g" priority: 3)");
  EXPECT_EQ(card.name, "Coffee card");
  const auto& punch = std::get<domain::PunchCard>(card.kind);
  EXPECT_EQ(punch.places, 10);
  EXPECT_EQ(punch.per, domain::PunchCard::Per::kPiece);
  EXPECT_EQ(punch.daily_max, 2);
  EXPECT_EQ(card.window.days, 90);
  EXPECT_EQ(card.budget, 25'000);  // 50 awards are less than its budget.
  EXPECT_EQ(card.member_max, 5);
  EXPECT_EQ(card.priority, 3);
  EXPECT_EQ(
      std::get<domain::Streak>(ReadOne("streak { weeks { begin: WEEKDAY_SUNDAY } length: 4 }").kind)
          .week_begins,
      absl::Weekday::sunday);
  EXPECT_TRUE(
      std::get<domain::ReturnWithin>(ReadOne("return_within { days: 14 second_only: true }").kind)
          .second_only);
  EXPECT_EQ(std::get<domain::WinBack>(ReadOne("win_back { days: 90 }").kind).days, 90);
  EXPECT_EQ(std::get<domain::SpendMilestone>(
                ReadOne(R"(spend_milestone { amount { currency: "GBP" minor: 5000 } })").kind)
                .minor,
            5'000);
  EXPECT_EQ(std::get<domain::CategoryBreadth>(ReadOne("category_breadth { categories: 3 }").kind)
                .categories,
            3);
  EXPECT_EQ(
      std::get<domain::Engagement>(ReadOne(R"(engagement { activity: "review" times: 2 })").kind)
          .activity,
      "review");
  EXPECT_EQ(
      ReadOne("punch_card { places: 2 } window { calendar: CALENDAR_WINDOW_YEAR }").window.kind,
      domain::IncentiveWindow::Kind::kYear);
}

struct Mistake {
  std::string incentives;
  std::string problem;
};

class IncentiveMistakesTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(IncentiveMistakesTest, IsToldWithItsPlace) {
  EXPECT_THAT(ProblemsOf(GetParam().incentives), ElementsAre(HasSubstr(GetParam().problem)))
      << GetParam().incentives;
}

INSTANTIATE_TEST_SUITE_P(
    Table, IncentiveMistakesTest,
    ::testing::Values(
        Mistake{Card(""), "2 incentives[0]: says no kind; say punch_card"},
        Mistake{Card("punch_card { places: 0 }"), "2 incentives[0].punch_card.places: must be"},
        Mistake{Card("streak { length: 3 }"), "says neither weeks {} nor months {}"},
        Mistake{Card("punch_card { places: 1 }", "base"), "incentives[0].id: is used twice"},
        Mistake{Card("win_back { days: 30 } budget: 499"), "budget: is less than one award"},
        Mistake{Card("win_back { days: 30 } priority: 1"),
                "priority: says nothing without a group"},
        Mistake{Card("win_back { days: 30 } window { rolling_days: 7 }"),
                "window: says nothing here: win_back has days of its own"},
        Mistake{Card("streak { weeks {} length: 4 } window { week {} }"), "a streak has weeks"},
        Mistake{Card("punch_card { places: 8 max_per_day: 1 } window { week {} }"),
                "places: can never be reached: in 7 days max_per_day leaves 7"},
        Mistake{Card(R"(engagement { activity: "review" times: 3 } window { rolling_days: 2 })"),
                "times: can never be reached"},
        Mistake{Card(R"(engagement { activity: "visit" times: 3 })"),
                "activity: is not a declared activity"},
        Mistake{Card(R"(punch_card { places: 2 } when { categories: "tobacco" })"),
                "names only goods that the program excludes"},
        Mistake{Card(R"(category_breadth { categories: 3 } when { categories: "tea" })"),
                "categories: can never be reached: `when` names 1"},
        Mistake{Card(R"(streak { weeks {} length: 9 }
                        when { dates { first: "2026-01-01" last: "2026-01-31" } })"),
                "length: can never be reached"},
        Mistake{Card("punch_card { places: 2 } when { first_purchase: true }"),
                "say return_within { second_only: true }"},
        Mistake{Card(R"(punch_card { places: 2 } when { attributes { key: "a" value: "b" } })"),
                "attributes: say it of the audience"},
        Mistake{Card(R"(punch_card { places: 2 } audience { segments: "champions" })"),
                "segments[0]: is not a segment of rfm"},
        Mistake{Card(R"(punch_card { places: 2 } audience { tier { tiers: "gold" } })"),
                "audience.tier"},
        Mistake{Card("punch_card { places: 2 } window {}"),
                "window: says nothing; say rolling_days"},
        Mistake{absl::StrCat(Card("punch_card { places: 2 }"),
                             Card("punch_card { places: 5 }", "other")),
                "incentives[1]: is about the same purchases as \"card\""}));

TEST(ProgramIncentivesTest, TwoOfOneKindMayBeMeant) {
  const std::string first = Card("punch_card { places: 2 } group: \"g\"");
  EXPECT_THAT(ProblemsOf(absl::StrCat(first, Card("punch_card { places: 5 } group: \"g\"", "b"))),
              IsEmpty());
  EXPECT_THAT(ProblemsOf(absl::StrCat(first, Card("punch_card { places: 5 } stacks: true", "b"))),
              IsEmpty());
  EXPECT_THAT(ProblemsOf(absl::StrCat(
                  Card(R"(punch_card { places: 2 } when { categories: "tea" })"),
                  Card(R"(punch_card { places: 2 } when { categories: "cake" })", "b"))),
              IsEmpty());
}

}  // namespace
}  // namespace dangol::rpc
