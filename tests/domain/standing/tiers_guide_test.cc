// What docs/guide/tiers.md says: its example, line by line, and every row of its calendar.

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/domain/program/calendar.h"
#include "server/domain/standing/tally.h"
#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

// The cells of the rows that have so many, and of which cell `command` is in backticks.
std::vector<std::vector<std::string>> RowsOf(size_t cells, size_t command) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(DANGOL_TIERS_GUIDE);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> row = absl::StrSplit(line, '|');
    if (row.size() != cells + 2) continue;
    row = {row.begin() + 1, row.end() - 1};
    for (std::string& cell : row) absl::StripAsciiWhitespace(&cell);
    if (!absl::StartsWith(row[command], "`")) continue;
    row[command] = absl::StrReplaceAll(row[command], {{"`", ""}});
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(TiersGuideTest, TheExampleIsWhatHappens) {
  Ladder ladder = MetalLadder();
  ladder.tiers[0].name = "Bronze";
  ladder.tiers[1].name = "Silver";
  Climber member(ProgramWith(ladder));
  const auto rows = RowsOf(4, 1);
  ASSERT_GE(rows.size(), 8);
  std::map<std::string, std::string> ids;
  for (const auto& row : rows) {
    const std::vector<std::string> words = absl::StrSplit(row[1], ' ');
    const std::string at = absl::StrCat(row[0], " 12:00:00");
    if (words[0] == "buy") {
      int64_t minor = 0;
      ASSERT_TRUE(absl::SimpleAtoi(absl::StrReplaceAll(words[2], {{".", ""}}), &minor));
      ids[words[1]] = member.Spend(minor, at).purchase_id;
    } else if (words[0] == "return") {
      ASSERT_TRUE(member.GiveBack(ids[words[1]], 4'000, at).ok());
    }
    const TierStatus status = member.Status(at);
    EXPECT_EQ(status.tier.name, row[2]) << row[0];
    const DayNumber until = status.span.valid_until;
    EXPECT_EQ(until == 0 ? "" : absl::FormatCivilTime(DayOf(until)), row[3]) << row[0];
  }
}

absl::CivilDay Day(const std::string& text) {
  absl::CivilDay day;
  EXPECT_TRUE(absl::ParseCivilTime(text, &day)) << text;
  return day;
}

// "12 months", "90 days".
void SetPeriod(const std::vector<std::string>& words, size_t at, int& months, int& days) {
  int number = 0;
  ASSERT_TRUE(absl::SimpleAtoi(words[at], &number));
  (absl::StartsWith(words[at + 1], "month") ? months : days) = number;
}

std::string ValidOf(const std::vector<std::string>& words, DayNumber enrolled, DayNumber day) {
  Validity validity;
  if (words[1] == "after") {
    validity.policy = Validity::Policy::kAfter;
    SetPeriod(words, 2, validity.months, validity.days);
    validity.to_month_end = words.back() == "end";
  } else {
    validity.policy = words[2] == "calendar" ? Validity::Policy::kCalendarYear
                                             : Validity::Policy::kMembershipYear;
    validity.years = words[1] == "next" ? 1 : 0;
  }
  return absl::FormatCivilTime(DayOf(ValidUntil(validity, enrolled, day)));
}

std::string WindowTold(const std::vector<std::string>& words, DayNumber enrolled, DayNumber day) {
  Qualification qualification;
  if (words[1] == "calendar") {
    qualification.window = Qualification::Window::kCalendarYear;
  } else if (words[1] == "membership") {
    qualification.window = Qualification::Window::kMembershipYear;
  } else {
    SetPeriod(words, 1, qualification.months, qualification.days);
  }
  const Days days = WindowOf(qualification, enrolled, 0, day);
  return absl::StrCat(absl::FormatCivilTime(DayOf(days.from)), " to ",
                      absl::FormatCivilTime(DayOf(days.until - 1)));
}

TEST(TiersGuideTest, EveryRowOfTheCalendarIsSo) {
  const auto rows = RowsOf(3, 0);
  ASSERT_GE(rows.size(), 22);
  for (const auto& row : rows) {
    const std::vector<std::string> words = absl::StrSplit(row[0], ' ');
    const DayNumber day = NumberOf(Day(row[1]));
    const DayNumber enrolled = absl::StrContains(row[0], " of ") ? NumberOf(Day(words.back()))
                                                                 : NumberOf(Day("2020-01-01"));
    std::string is;
    if (words[0] == "valid") is = ValidOf(words, enrolled, day);
    if (words[0] == "window") is = WindowTold(words, enrolled, day);
    if (words[0] == "begins") {
      absl::TimeZone zone;
      ASSERT_TRUE(absl::LoadTimeZone(words[2], &zone));
      is = absl::StrCat(
          absl::FormatTime("%Y-%m-%d %H:%M:%S", StartOfDay(DayOf(day), zone), absl::UTCTimeZone()),
          " UTC");
    }
    EXPECT_EQ(is, row[2]) << row[0] << " on " << row[1];
  }
}

}  // namespace
}  // namespace dangol::domain
