// What a program says of tiers by scores and of announcements, and what is wrong with it.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/program/program_text.h"

namespace dangol::rpc {
namespace {

using ::testing::ElementsAre;

constexpr char kScored[] =
    R"(rfm { recompute: NORMS_INTERVAL_WEEKLY score { recency: 2 engagement: 1 } } )";

// A ladder with a tier above everybody's.
std::string LadderWith(const std::string& reach, const std::string& more = "") {
  return absl::StrCat(
      R"(ladders { id: "main" qualification { rolling { months: 12 } } tiers { id: "base" } )",
      R"(tiers { id: "top" reach { )", reach, " } } ", more, " }\n");
}

std::string ProgramWith(const std::string& rfm, const std::string& ladder) {
  return absl::StrCat(
      R"(name: "Test" time_zone: "UTC" wallets { id: "points" expiry { never {} } })",
      R"(currencies { code: "GBP" minor_digits: 2 } activities { kind: "visit" } )",
      R"(earning_rules { id: "base" wallet: "points")",
      R"( rates { currency: "GBP" points: 1 per_minor: 100 } })", "\n", rfm, "\n", ladder);
}

std::vector<std::string> Problems(const std::string& rfm, const std::string& ladder) {
  std::vector<std::string> problems;
  for (const ProgramProblem& problem : CheckProgram(ProgramWith(rfm, ladder))) {
    problems.push_back(absl::StrCat(problem.field, ": ", problem.message));
  }
  return problems;
}

TEST(ProgramTiersTest, ScoresAndSegmentsAreRead) {
  const auto program = ParseProgram(ProgramWith(
      kScored, LadderWith(R"(activity_score {} at_least: 60 } reach { segments { ids: "loyal" })",
                          "validity { calendar_years: 0 } announce_days: 30 announce_days: 7")));
  ASSERT_TRUE(program.ok()) << program.status();
  const domain::Rfm& rfm = *(*program)->rfm;
  EXPECT_EQ(rfm.recompute, domain::NormsInterval::kWeekly);
  EXPECT_EQ(rfm.score->recency, 2);
  EXPECT_EQ(rfm.score->engagement, 1);
  EXPECT_EQ(rfm.score->full_engagement, 20);
  const domain::Ladder& ladder = (*program)->ladders[0];
  EXPECT_THAT(ladder.announce_days, ElementsAre(30, 7));
  const std::vector<domain::Criterion>& reach = ladder.tiers[1].reach.items;
  EXPECT_EQ(reach[0].indicator, domain::Indicator::kActivityScore);
  EXPECT_EQ(reach[0].at_least, 60);
  EXPECT_EQ(reach[1].indicator, domain::Indicator::kSegment);
  EXPECT_EQ(reach[1].at_least, 1);
  EXPECT_THAT(reach[1].segments, ElementsAre("loyal"));
  EXPECT_TRUE(IsScored(ladder));
}

TEST(ProgramTiersTest, MistakesAreNamed) {
  struct Case {
    std::string rfm;
    std::string ladder;
    const char* problem;
  };
  const Case kCases[] = {
      {"", LadderWith("activity_score {} at_least: 60"),
       "ladders[0].tiers[1].reach[0].activity_score: needs rfm { score }"},
      {"rfm {}", LadderWith("activity_score {} at_least: 60"),
       "ladders[0].tiers[1].reach[0].activity_score: needs rfm { score }"},
      {"", LadderWith("active_months {} at_least: 60 lifetime: true"),
       "ladders[0].tiers[1].reach[0].lifetime: is not for active_months"},
      {kScored, LadderWith("activity_score {} at_least: 101"),
       "ladders[0].tiers[1].reach[0].at_least: must be 1 to 100"},
      {kScored, LadderWith("activity_score {} at_least: 1 lifetime: true"),
       "ladders[0].tiers[1].reach[0].lifetime: says nothing"},
      {"", LadderWith("segments { ids: \"loyal\" }"),
       "ladders[0].tiers[1].reach[0].segments: needs rfm"},
      {"rfm {}", LadderWith("segments {}"),
       "ladders[0].tiers[1].reach[0].segments: give 1 to 20 ids"},
      {"rfm {}", LadderWith("segments { ids: \"royal\" }"),
       "ladders[0].tiers[1].reach[0].segments.ids[0]: is no segment of rfm"},
      {"rfm {}", LadderWith("segments { ids: \"loyal\" } at_least: 2"),
       "ladders[0].tiers[1].reach[0].at_least: says nothing"},
      {"rfm { score {} }", "", "rfm.score: has no weights"},
      {"rfm { score { money: 1001 } }", "", "rfm.score.money: must be 0 to 1000"},
      {"rfm { score { money: 1 engagement_kinds: \"dance\" } }", "",
       "rfm.score.engagement_kinds[0]: is not declared among the activities"},
      {"rfm { score { money: 1 full_engagement: -1 } }", "",
       "rfm.score.full_engagement: must be 1 to 1000000"},
      {"rfm { scores: 2 thresholds { r: 1 f: 1 m: 1 } segments { id: \"all\" }"
       " recompute: NORMS_INTERVAL_DAILY }",
       "", "rfm.recompute: says nothing beside thresholds"},
      {"", LadderWith("purchases {} at_least: 1", "announce_days: 7"),
       "ladders[0].announce_days[0]: says nothing where tiers last for good"},
      {"",
       LadderWith("purchases {} at_least: 1",
                  "validity { calendar_years: 1 } announce_days: 7 announce_days: 7"),
       "ladders[0].announce_days[1]: is not less than the one before"},
      {"",
       LadderWith("purchases {} at_least: 1", "validity { calendar_years: 1 } announce_days: 366"),
       "ladders[0].announce_days[0]: must be 1 to 365"},
  };
  for (const Case& c : kCases) {
    const std::vector<std::string> problems = Problems(c.rfm, c.ladder);
    ASSERT_FALSE(problems.empty()) << c.problem;
    EXPECT_TRUE(absl::StartsWith(problems[0], c.problem)) << problems[0];
  }
}

}  // namespace
}  // namespace dangol::rpc
