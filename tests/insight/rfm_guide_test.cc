// What docs/guide/rfm.md says: the table of segments, and who is in which of them.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/insight/rfm.h"

namespace dangol::insight {
namespace {

using domain::RfmCutPoints;
using domain::RfmScores;
using domain::RfmSegment;
using domain::RfmValues;

using Row = std::vector<std::string>;

// The rows of tables with so many cells, without their titles.
std::vector<Row> RowsOf(size_t cells) {
  std::vector<Row> rows;
  std::ifstream file(DANGOL_RFM_GUIDE);
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    Row row = absl::StrSplit(line, '|');
    if (row.size() != cells + 2) {
      in_table = false;
      continue;
    }
    row = {row.begin() + 1, row.end() - 1};
    for (std::string& cell : row) absl::StripAsciiWhitespace(&cell);
    if (in_table) rows.push_back(row);
    in_table = in_table || absl::StartsWith(row[0], "---");
  }
  return rows;
}

// "4-5", "3", or "any".
std::string Shown(const domain::ScoreRange& range) {
  if (range.least == 1 && range.most == 5) return "any";
  return range.least == range.most ? absl::StrCat(range.least)
                                   : absl::StrCat(range.least, "-", range.most);
}

std::string SegmentOf(const RfmScores& scores) {
  const std::vector<RfmSegment> segments = domain::DefaultRfmSegments();
  const int place = domain::FindSegment(segments, scores);
  return place < 0 ? "none" : segments[static_cast<size_t>(place)].name;
}

TEST(RfmGuideTest, TheTableIsThatOfProgramsThatDeclareNone) {
  std::vector<Row> expected;
  for (const RfmSegment& segment : domain::DefaultRfmSegments()) {
    expected.push_back({absl::StrCat(expected.size() + 1), absl::StrCat("`", segment.id, "`"),
                        segment.name, Shown(segment.r), Shown(segment.f), Shown(segment.m)});
  }
  std::vector<Row> told = RowsOf(7);
  for (Row& row : told) row.pop_back();  // What people do about them.
  EXPECT_EQ(told, expected);
}

// The picture: a cell of R and F names one segment, or "A (M 4-5), else B".
TEST(RfmGuideTest, ThePictureSaysWhereEverybodyIs) {
  const std::vector<Row> rows = RowsOf(6);
  ASSERT_EQ(rows.size(), 5u);
  for (int r = 5; r >= 1; --r) {
    const Row& row = rows[static_cast<size_t>(5 - r)];
    EXPECT_EQ(row[0], absl::StrCat("R ", r));
    for (int f = 1; f <= 5; ++f) {
      for (int m = 1; m <= 5; ++m) {
        const std::vector<std::string> names =
            absl::StrSplit(row[static_cast<size_t>(f)], " (M 4-5), else ");
        EXPECT_EQ(SegmentOf({r, f, m}), m >= 4 ? names.front() : names.back())
            << r << " " << f << " " << m;
      }
    }
  }
}

// Ranges overlap where the order decides, and nowhere else.
TEST(RfmGuideTest, WithoutTheOrderOnlyTheBestAreInTwo) {
  const std::vector<RfmSegment> segments = domain::DefaultRfmSegments();
  for (int cell = 0; cell < 125; ++cell) {
    const RfmScores scores = {1 + cell / 25, 1 + cell / 5 % 5, 1 + cell % 5};
    std::vector<std::string> in;
    for (const RfmSegment& segment : segments) {
      if (segment.Contains(scores) && segment.id != "lost") in.push_back(segment.id);
    }
    const bool is_best = in.size() == 2 && (in == std::vector<std::string>{"champions", "loyal"} ||
                                            in == std::vector<std::string>{"cant-lose", "at-risk"});
    EXPECT_TRUE(in.size() <= 1 || is_best) << scores.r << scores.f << scores.m;
    EXPECT_EQ(in.empty(), scores.r == 1 && scores.f <= 2) << scores.r << scores.f << scores.m;
  }
}

// Days, purchases and money of each member, and what follows from those of all.
TEST(RfmGuideTest, TheExampleIsScoredAsItSays) {
  const std::vector<Row> rows = RowsOf(8);
  ASSERT_GE(rows.size(), 6u);
  std::vector<RfmValues> members;
  for (const Row& row : rows) {
    RfmValues& values = members.emplace_back();
    ASSERT_TRUE(absl::SimpleAtoi(row[1], &values.recency_days));
    ASSERT_TRUE(absl::SimpleAtoi(row[2], &values.purchases));
    ASSERT_TRUE(absl::SimpleAtoi(absl::StrReplaceAll(row[3], {{".", ""}}), &values.spent_minor));
  }
  const RfmCutPoints points = CutPointsOf(members, domain::Rfm());
  for (size_t i = 0; i < rows.size(); ++i) {
    const RfmScores scores = ScoresOf(members[i], points, 5);
    const Row told(rows[i].begin() + 4, rows[i].end());
    const Row expected = {absl::StrCat(scores.r), absl::StrCat(scores.f), absl::StrCat(scores.m),
                          SegmentOf(scores)};
    EXPECT_EQ(told, expected) << rows[i][0];
  }
}

}  // namespace
}  // namespace dangol::insight
