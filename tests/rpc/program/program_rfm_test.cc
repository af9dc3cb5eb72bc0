// What a program says of recency, frequency and money, and what is wrong with it.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/program/sample_program.h"

namespace dangol::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Line 1 of the program is followed by what the test says, on line 2.
std::string ProgramWith(const std::string& rfm, bool several_currencies = false) {
  return absl::StrCat(
      R"(name: "Test" time_zone: "UTC" wallets { id: "points" expiry { never {} } })", "\n", rfm,
      "\n", R"(currencies { code: "GBP" minor_digits: 2 })",
      R"(earning_rules { id: "base" wallet: "points")",
      R"( rates { currency: "GBP" points: 1 per_minor: 100 })",
      several_currencies ? R"( rates { currency: "KRW" points: 1 per_minor: 100 })" : "", "}\n",
      several_currencies ? R"(currencies { code: "KRW" })" : "");
}

domain::CutPoint At(int64_t whole) { return {whole, 0, 1}; }

// "field: message" of each problem.
std::vector<std::string> Problems(const std::string& rfm, bool several_currencies = false) {
  std::vector<std::string> problems;
  for (const ProgramProblem& problem : CheckProgram(ProgramWith(rfm, several_currencies))) {
    problems.push_back(absl::StrCat(problem.field, ": ", problem.message));
  }
  return problems;
}

domain::Rfm Read(const std::string& rfm, bool several_currencies = false) {
  const auto program = ParseProgram(ProgramWith(rfm, several_currencies));
  EXPECT_TRUE(program.ok()) << program.status();
  return program.ok() && (*program)->rfm.has_value() ? *(*program)->rfm : domain::Rfm();
}

TEST(ProgramRfmTest, NothingIsScoredUnlessItIsSaid) {
  const auto program = ParseProgram(ProgramWith(""));
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_FALSE((*program)->rfm.has_value());
}

TEST(ProgramRfmTest, EmptyIsEnoughWithOneCurrency) {
  const domain::Rfm rfm = Read("rfm {}");
  EXPECT_EQ(rfm.window_days, 365);
  EXPECT_EQ(rfm.scores, 5);
  EXPECT_EQ(rfm.base_currency, 0);
  EXPECT_THAT(rfm.rates, IsEmpty());
  EXPECT_FALSE(rfm.thresholds.has_value());
  EXPECT_EQ(rfm.segments.size(), domain::DefaultRfmSegments().size());
}

TEST(ProgramRfmTest, TheSampleScoresInWon) {
  const auto program = ParseProgram(SampleProgramText());
  ASSERT_TRUE(program.ok()) << program.status();
  ASSERT_TRUE((*program)->rfm.has_value());
  EXPECT_EQ((*program)->currencies[0].code, "KRW");
  EXPECT_EQ((*program)->rfm->base_currency, 0);
  EXPECT_EQ((*program)->rfm->rates.size(), 3u);
}

TEST(ProgramRfmTest, ReadsWhatItSays) {
  const domain::Rfm rfm = Read(R"(rfm {
    window_days: 731
    base_currency: "KRW"
    rates { currency: "GBP" base_minor: 37 per_minor: 2 }
    scores: 3
    thresholds { r: 0 r: 731 f: 1 f: 4 m: 10 m: 20 }
    segments { id: "best" name: "Best" r { least: 3 } f { most: 2 } m { least: 2 most: 2 } }
    segments { id: "rest" }
  })",
                               /*several_currencies=*/true);
  EXPECT_EQ(rfm.window_days, 731);
  EXPECT_EQ(rfm.base_currency, 1);
  ASSERT_EQ(rfm.rates.size(), 1u);
  EXPECT_EQ(rfm.rates[0].currency, 0);
  EXPECT_EQ(rfm.rates[0].base_minor, 37);
  EXPECT_EQ(rfm.rates[0].per_minor, 2);
  EXPECT_THAT(rfm.thresholds->r, ElementsAre(At(0), At(731)));
  EXPECT_THAT(rfm.thresholds->f, ElementsAre(At(1), At(4)));
  EXPECT_THAT(rfm.thresholds->m, ElementsAre(At(10), At(20)));
  EXPECT_EQ(domain::FindSegment(rfm.segments, {3, 1, 2}), 0);
  EXPECT_EQ(domain::FindSegment(rfm.segments, {3, 2, 2}), 0);
  for (const domain::RfmScores& other :
       {domain::RfmScores{2, 1, 2}, {3, 3, 2}, {3, 1, 1}, {3, 1, 3}}) {
    EXPECT_EQ(domain::FindSegment(rfm.segments, other), 1);
  }
  EXPECT_EQ(rfm.segments[1].name, "rest");
}

TEST(ProgramRfmTest, SaysWhatIsWrong) {
  constexpr char kBest[] = R"(segments { id: "best" r { least: 2 } })";
  constexpr char kAll[] = R"(segments { id: "all" })";
  struct Case {
    std::string said;
    std::string problem;
  };
  const Case cases[] = {
      {"window_days: 732", "rfm.window_days: must be 1 to 731"},
      {"window_days: -1", "rfm.window_days: must be 1 to 731"},
      {"base_currency: \"EUR\"", "rfm.base_currency: is not a declared currency"},
      {"rates { currency: \"GBP\" base_minor: 1 per_minor: 1 }",
       "rfm.rates[0].currency: is the base currency, which needs no rate"},
      {absl::StrCat("scores: 1 ", kAll), "rfm.scores: must be 2 to 10"},
      {"scores: 4", "rfm: needs segments: those that there are without any are for 5 scores"},
      {absl::StrCat("scores: 2 thresholds { r: 1 f: 1 } ", kAll),
       "rfm.thresholds: gives 0 for m; scores from 1 to 2 take 1"},
      {absl::StrCat("scores: 2 thresholds { r: 732 f: 1 m: 1 } ", kAll),
       "rfm.thresholds.r[0]: must be 0 to 731"},
      {absl::StrCat("scores: 3 thresholds { r: 1 r: 2 f: 3 f: 3 m: 0 m: 1 } ", kAll),
       "rfm.thresholds.f[1]: is not more than the one before"},
      {kBest, "rfm: has no segment for R 1, F 1, M 1; let the last one name no scores"},
      {absl::StrCat(kAll, kBest),
       "rfm.segments[1]: can have nobody: all its scores are in segments before it"},
      {absl::StrCat(kBest, kBest, kAll), "rfm.segments[1].id: is declared twice"},
      {absl::StrCat("segments { id: \"x\" m { least: 3 most: 2 } }", kAll),
       "rfm.segments[0].m: must go from 1 or more to 5 or less, and not backwards"},
      {absl::StrCat("segments { id: \"x\" f { most: 6 } }", kAll),
       "rfm.segments[0].f: must go from 1 or more to 5 or less, and not backwards"},
  };
  for (const Case& one : cases) {
    const std::vector<std::string> problems = Problems(absl::StrCat("rfm { ", one.said, " }"));
    ASSERT_FALSE(problems.empty()) << one.said;
    EXPECT_TRUE(absl::StartsWith(problems[0], one.problem)) << problems[0];
  }
}

TEST(ProgramRfmTest, EveryOtherCurrencyNeedsOneRate) {
  constexpr bool kSeveral = true;
  EXPECT_THAT(Problems("rfm {}", kSeveral),
              ElementsAre("rfm.base_currency: is required: the program has several currencies"));
  EXPECT_THAT(Problems("rfm { base_currency: \"GBP\" }", kSeveral),
              ElementsAre("rfm: has no rate for KRW"));
  const std::string rate = "rates { currency: \"KRW\" base_minor: 1 per_minor: 18 } ";
  EXPECT_THAT(Problems(absl::StrCat("rfm { base_currency: \"GBP\" ", rate, "}"), kSeveral),
              IsEmpty());
  EXPECT_THAT(Problems(absl::StrCat("rfm { base_currency: \"GBP\" ", rate, rate, "}"), kSeveral),
              ElementsAre("rfm.rates[1].currency: has a rate already"));
  EXPECT_THAT(Problems("rfm { base_currency: \"GBP\" rates { currency: \"KRW\" } }", kSeveral),
              ElementsAre("rfm.rates[0].base_minor: must be 1 to 1000000000",
                          "rfm.rates[0].per_minor: must be 1 to 1000000000"));
}

// What the guide shows of programs: the indented pieces that begin with rfm.
TEST(ProgramRfmTest, TheGuidesPiecesAreValid) {
  std::ifstream file(DANGOL_RFM_GUIDE);
  std::vector<std::string> pieces;
  bool in_piece = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "    rfm {") pieces.emplace_back();
    in_piece = line == "    rfm {" || (in_piece && absl::StartsWith(line, "    "));
    if (in_piece) absl::StrAppend(&pieces.back(), line, "\n");
  }
  ASSERT_EQ(pieces.size(), 3u);
  const std::string in_won_and_dollars =
      absl::StrReplaceAll(ProgramWith(pieces[0], /*several_currencies=*/true), {{"GBP", "USD"}});
  EXPECT_THAT(CheckProgram(in_won_and_dollars), IsEmpty());
  EXPECT_THAT(Problems(pieces[1]), IsEmpty());
  EXPECT_THAT(Problems(absl::StrCat(pieces[2], "activities { kind: \"visit\" }\n")), IsEmpty());
}

}  // namespace
}  // namespace dangol::rpc
