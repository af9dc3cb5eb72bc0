// The activity score, worked out by hand from its definition (protos/dangol/v1/program_rfm.proto).

#include "server/domain/standing/activity_score.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

constexpr DayNumber kToday = 20'500;

// R falls a score with every 10 days, F rises with every purchase after the first, M with every
// 100 EUR.
Program ScoringProgram() {
  Program program = testing::SimpleProgram();
  Rfm& rfm = program.rfm.emplace();
  rfm.rates = {{1, 1, 16}};  // 16 won are a cent.
  rfm.thresholds = {{{10}, {20}, {30}, {40}}, {{1}, {2}, {3}, {4}}, {{100}, {200}, {300}, {400}}};
  for (CutPoint& point : rfm.thresholds->m) point.whole *= 100;
  rfm.segments = DefaultRfmSegments();
  rfm.score = {1, 1, 1, 1, 1, 20, {}};
  program.activities = {{"review", 2}, {"visit", 0}};
  return program;
}

class ActivityScoreTest : public ::testing::Test {
 protected:
  void Do(DayNumber day, std::vector<Mark> marks) {
    Restand({day, std::move(marks)}, {}, kToday, histories_[0]);
  }
  void Buy(DayNumber day, int64_t minor, int64_t returned = 0,
           const std::string& currency = "EUR") {
    Do(day, {{Measure::kPurchases, "", 1}, {Measure::kNetSpend, currency, minor}});
    if (returned != 0) Do(day, {{Measure::kReturned, currency, returned}});
  }

  Scored Score() const {
    const ProgramCatalog catalog = testing::CatalogOf(program_);
    return ScoresOn(histories_, program_, catalog, CutPointsOn(program_, catalog, kToday), kToday);
  }
  // "80: 100 50 25 0 100".
  std::string Shown() const {
    const ActivityScore activity = *Score().activity;
    std::string text = absl::StrCat(activity.score, ":");
    for (const ScorePart& part : activity.parts) absl::StrAppend(&text, " ", part.value);
    return text;
  }

  Program program_ = ScoringProgram();
  std::vector<History> histories_ = std::vector<History>(1);
};

TEST_F(ActivityScoreTest, IsNothingForWhoHasDoneNothing) { EXPECT_EQ(Shown(), "0: 0 0 0 0 0"); }

TEST_F(ActivityScoreTest, IsTheMeanOfItsParts) {
  Buy(kToday - 11, 15'000);  // R 4 of 5; F 1; M 2 of 5; all of it was kept.
  EXPECT_EQ(Shown(), "40: 75 0 25 0 100");
  Do(kToday - 5, {{Measure::kActivity, "review", 3}});  // Two of a day count: a tenth of 20.
  EXPECT_EQ(Shown(), "42: 75 0 25 10 100");
}

TEST_F(ActivityScoreTest, IsRoundedHalfUp) {
  program_.rfm->score = {1, 1, 0, 0, 0, 20, {}};
  Buy(kToday - 11, 100);  // 75 and 0.
  EXPECT_EQ(Shown(), "38: 75 0 0 0 100");
}

TEST_F(ActivityScoreTest, WeighsAsDeclared) {
  program_.rfm->score = {3, 0, 1, 0, 0, 20, {}};
  Buy(kToday - 11, 15'000);
  EXPECT_EQ(Shown(), "63: 75 0 25 0 100");  // 250 / 4.
}

TEST_F(ActivityScoreTest, EngagementIsOfTheKindsThatCountAndOfTheWindow) {
  Do(kToday - 5, {{Measure::kActivity, "visit", 7}});
  Do(kToday - 6, {{Measure::kActivity, "review", 1}});
  Do(kToday - 400, {{Measure::kActivity, "visit", 50}});
  EXPECT_EQ(Shown(), "8: 0 0 0 40 0");
  program_.rfm->score->engagement_kinds = {"review"};
  EXPECT_EQ(Shown(), "1: 0 0 0 5 0");
  program_.rfm->score->full_engagement = 1;
  EXPECT_EQ(Shown(), "20: 0 0 0 100 0");
}

TEST_F(ActivityScoreTest, QualityIsWhatWasKept) {
  program_.rfm->score = {0, 0, 0, 0, 1, 20, {}};
  Buy(kToday - 5, 7'500, 2'500);
  EXPECT_EQ(Shown(), "75: 100 0 0 0 75");
  // Ten euros in won, all of which came back, and nothing that stands.
  Do(kToday - 6, {{Measure::kReturned, "KRW", 16'000}});
  EXPECT_EQ(Shown(), "68: 100 0 0 0 68");  // 7,500 of 11,000.
}

TEST_F(ActivityScoreTest, WithoutCutPointsThereIsNoSegment) {
  program_.rfm->thresholds.reset();
  Buy(kToday - 11, 15'000);
  const Scored scored = Score();
  EXPECT_TRUE(scored.values.has_value());
  EXPECT_FALSE(scored.scores.has_value());
  EXPECT_EQ(scored.segment, -1);
  EXPECT_EQ(Shown(), "20: 0 0 0 0 100");
}

}  // namespace
}  // namespace dangol::domain
