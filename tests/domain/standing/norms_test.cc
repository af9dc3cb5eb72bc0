// When norms are computed, which of them are in force on a day, and who is too late.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/domain/standing/record_norms.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using testing::Utc;

DayNumber Day(const std::string& text) {
  absl::CivilDay day;
  EXPECT_TRUE(absl::ParseCivilTime(text, &day)) << text;
  return NumberOf(day);
}
std::string Shown(DayNumber day) { return absl::FormatCivilTime(DayOf(day)); }

Program ScoringProgram(NormsInterval interval = NormsInterval::kMonthly, int scores = 5) {
  Program program = testing::SimpleProgram();
  program.rfm.emplace().recompute = interval;
  program.rfm->scores = scores;
  return program;
}

Norms NormsFrom(const std::string& from, const Program& program, int64_t members = 1'000) {
  Norms norms;
  norms.from = Day(from);
  norms.members = members;
  norms.basis = BasisOf(program);
  return norms;
}

// "2026-01-31T00:00:00Z of 2026-01-30 from 2026-02-01".
std::string Next(const ProgramCatalog& catalog, const std::string& now) {
  const std::optional<NormsDue> due = NextNorms(catalog, Utc(now));
  if (!due.has_value()) return "never";
  return absl::StrCat(
      due->at == Utc(now) ? "now" : absl::FormatTime("%F %T", due->at, absl::UTCTimeZone()), " of ",
      Shown(due->day), " from ", Shown(due->from));
}

TEST(NextNormsTest, AreComputedOnTheDayBeforeAPeriodBegins) {
  struct Case {
    NormsInterval interval;
    const char* latest;  // From when the latest norms are in force; empty: there are none.
    int64_t members;
    const char* now;
    const char* due;
  };
  const Case kCases[] = {
      // Without any: at once, and in force as soon as everybody can know them.
      {NormsInterval::kMonthly, "", 0, "2026-01-15 12:00:00", "now of 2026-01-14 from 2026-01-16"},
      {NormsInterval::kMonthly, "", 0, "2026-01-15 23:50:00", "now of 2026-01-14 from 2026-01-16"},
      {NormsInterval::kMonthly, "", 0, "2026-01-15 23:50:01",
       "2026-01-16 00:00:00 of 2026-01-15 from 2026-01-17"},
      {NormsInterval::kNever, "", 0, "2026-01-15 12:00:00", "never"},
      // By the month.
      {NormsInterval::kMonthly, "2026-01-01", 1'000, "2026-01-15 12:00:00",
       "2026-01-31 00:00:00 of 2026-01-30 from 2026-02-01"},
      {NormsInterval::kMonthly, "2026-01-01", 1'000, "2026-01-30 23:59:59",
       "2026-01-31 00:00:00 of 2026-01-30 from 2026-02-01"},
      {NormsInterval::kMonthly, "2026-01-01", 1'000, "2026-01-31 00:00:00",
       "now of 2026-01-30 from 2026-02-01"},
      {NormsInterval::kMonthly, "2026-02-01", 1'000, "2026-01-31 00:00:01",
       "2026-02-28 00:00:00 of 2026-02-27 from 2026-03-01"},
      // Nobody was there on the last day of the month.
      {NormsInterval::kMonthly, "2026-01-01", 1'000, "2026-02-03 12:00:00",
       "now of 2026-02-02 from 2026-02-04"},
      {NormsInterval::kMonthly, "2026-02-04", 1'000, "2026-02-03 12:00:01",
       "2026-02-28 00:00:00 of 2026-02-27 from 2026-03-01"},
      // By the week: 2026-01-12 is a Monday.
      {NormsInterval::kWeekly, "2026-01-05", 1'000, "2026-01-10 12:00:00",
       "2026-01-11 00:00:00 of 2026-01-10 from 2026-01-12"},
      {NormsInterval::kWeekly, "2026-01-05", 1'000, "2026-01-11 08:00:00",
       "now of 2026-01-10 from 2026-01-12"},
      {NormsInterval::kDaily, "2026-01-12", 1'000, "2026-01-11 08:00:00",
       "2026-01-12 00:00:00 of 2026-01-11 from 2026-01-13"},
      // Of few members every day.
      {NormsInterval::kMonthly, "2026-01-12", 99, "2026-01-11 08:00:00",
       "2026-01-12 00:00:00 of 2026-01-11 from 2026-01-13"},
      {NormsInterval::kMonthly, "2026-01-12", 0, "2026-01-12 08:00:00",
       "now of 2026-01-11 from 2026-01-13"},
  };
  for (const Case& c : kCases) {
    const Program program = ScoringProgram(c.interval);
    ProgramCatalog catalog = testing::CatalogOf(program);
    if (*c.latest != '\0') catalog.Add(NormsFrom(c.latest, program, c.members));
    EXPECT_EQ(Next(catalog, c.now), c.due) << c.latest << " " << c.now;
  }
}

// VVIPs are judged by every day: also by one that somebody asked for just before it was over.
TEST(NextNormsTest, AdvocatesAreJudgedByEveryDay) {
  Program program = ScoringProgram();
  program.vvip.emplace();
  ProgramCatalog catalog = testing::CatalogOf(program);
  EXPECT_EQ(Next(catalog, "2026-01-15 23:55:00"),
            "2026-01-16 00:00:00 of 2026-01-15 from 2026-01-17");
  Norms asked = NormsFrom("2026-01-17", program);
  asked.day = Day("2026-01-14");
  asked.advocates.emplace();
  catalog.Add(asked);
  EXPECT_EQ(Next(catalog, "2026-01-16 00:00:00"), "now of 2026-01-15 from 2026-01-17");
  Norms kept = NormsFrom("2026-01-17", program);
  kept.day = Day("2026-01-15");
  kept.only_advocates = true;
  kept.advocates.emplace();
  catalog.Add(kept);
  const std::optional<NormsDue> due = NextNorms(catalog, Utc("2026-01-16 00:00:00"));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(Shown(due->from), "2026-01-18");
  EXPECT_TRUE(due->advocates);
  EXPECT_FALSE(due->scores);
}

TEST(NextNormsTest, AreNotForProgramsThatHaveNoUseForThem) {
  EXPECT_EQ(Next({}, "2026-01-15 12:00:00"), "never");
  EXPECT_EQ(Next(testing::CatalogOf(testing::SimpleProgram()), "2026-01-15 12:00:00"), "never");
  Program fixed = ScoringProgram();
  fixed.rfm->thresholds.emplace();
  EXPECT_EQ(Next(testing::CatalogOf(fixed), "2026-01-15 12:00:00"), "never");
  EXPECT_EQ(
      DetailsOf(NormsNow(testing::CatalogOf(fixed), Utc("2026-01-15 12:00:00")).status()).reason,
      "RFM_HAS_THRESHOLDS");
}

// The program that begins at midnight is the one that needs them.
TEST(NextNormsTest, AreThereWhenAProgramOfAnotherKindBegins) {
  ProgramCatalog catalog = testing::CatalogOf(ScoringProgram());
  catalog.Add(NormsFrom("2026-01-01", ScoringProgram()));
  const Program next = ScoringProgram(NormsInterval::kMonthly, 4);
  catalog.Add({2, Utc("2026-01-20 00:00:00"), Utc("2026-01-10 00:00:00"), "",
               std::make_shared<const Program>(next)});
  EXPECT_EQ(Next(catalog, "2026-01-18 23:00:00"),
            "2026-01-31 00:00:00 of 2026-01-30 from 2026-02-01");
  EXPECT_EQ(Next(catalog, "2026-01-19 00:00:00"), "now of 2026-01-18 from 2026-01-20");
}

TEST(NormsTest, ThoseOfADayFitItsProgramAndHaveScoredSomebody) {
  const Program five = ScoringProgram();
  const Program four = ScoringProgram(NormsInterval::kMonthly, 4);
  ProgramCatalog catalog = testing::CatalogOf(five);
  catalog.Add(NormsFrom("2026-01-01", five));       // 2
  catalog.Add(NormsFrom("2026-02-01", four));       // 3
  catalog.Add(NormsFrom("2026-03-01", five, 0));    // 4
  catalog.Add(NormsFrom("2026-03-01", five, 100));  // 5
  const auto number_on = [&](const std::string& day, const Program& program) {
    const Norms* const norms = catalog.NormsOn(Day(day), program);
    return norms == nullptr ? 0 : norms->number;
  };
  EXPECT_EQ(number_on("2025-12-31", five), 0);
  EXPECT_EQ(number_on("2026-01-01", five), 2);
  EXPECT_EQ(number_on("2026-02-28", five), 2);
  EXPECT_EQ(number_on("2026-02-28", four), 3);
  EXPECT_EQ(number_on("2026-03-01", five), 5);
}

// What an audit knows at each command.
TEST(NormsTest, RulesHaveTheirNumbersFromOneList) {
  ProgramCatalog all = testing::CatalogOf(ScoringProgram());
  all.Add(NormsFrom("2026-01-01", ScoringProgram()));
  all.Add({2, Utc("2026-02-01 00:00:00"), absl::UnixEpoch(), "",
           std::make_shared<const Program>(ScoringProgram())});
  all.Add(NormsFrom("2026-03-01", ScoringProgram()));
  ProgramCatalog some;
  std::string shown;
  while (some.rules() < all.rules()) {
    some.AddNextOf(all);
    absl::StrAppend(&shown, some.versions().size(), "+", some.norms().size(), " ");
  }
  EXPECT_EQ(shown, "1+0 1+1 2+1 2+2 ");
}

TEST(RecordNormsTest, IsRefusedWhereMidnightHasComeTooClose) {
  const ProgramCatalog catalog = testing::CatalogOf(ScoringProgram());
  const RecordNorms record{"n", NormsFrom("2026-01-16", ScoringProgram())};
  const auto late = DecideRecordNorms(record, catalog, Utc("2026-01-15 23:50:01"));
  EXPECT_EQ(DetailsOf(late.status()).reason, "NORMS_TOO_LATE");
  const auto decided = DecideRecordNorms(record, catalog, Utc("2026-01-15 23:50:00"));
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->effects.norms->number, 2);
  EXPECT_EQ(decided->effects.norms->effective_from, Utc("2026-01-16 00:00:00"));
  EXPECT_EQ(decided->effects.norms->recorded_at, Utc("2026-01-15 23:50:00"));
}

}  // namespace
}  // namespace dangol::domain
