#include "cli/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_split.h"

namespace dangol::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0);
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("é"), 1);
  EXPECT_EQ(DisplayWidth("단골"), 4);
  EXPECT_EQ(DisplayWidth("日本a"), 5);
  EXPECT_EQ(DisplayWidth("😀"), 2);
  // Broken UTF-8 must not run past the end.
  EXPECT_EQ(DisplayWidth("\xf0"), 1);
}

TEST(Table, AlignsColumns) {
  Table table({{.title = "NAME"}, {.title = "POINTS", .align = kRight}});
  table.Add({"Kim", "1,000"});
  table.Add({"단골", "7"});
  EXPECT_EQ(table.Render(),
            "NAME  POINTS\n"
            "Kim    1,000\n"
            "단골       7\n");
}

TEST(Table, ShortensTheWidestTextToFit80Columns) {
  Table table({{.title = "ID", .whole = true}, {.title = "LONG"}, {.title = "SHORT"}});
  table.Add({std::string(36, 'i'), std::string(100, 'x'), std::string(20, 'y')});
  const std::vector<std::string> lines = absl::StrSplit(table.Render(), '\n');
  // 36 and 20 stay, 2 gaps of 2: 20 are left for the long one.
  EXPECT_EQ(lines[1],
            std::string(36, 'i') + "  " + std::string(19, 'x') + "…  " + std::string(20, 'y'));
  for (const std::string& line : lines) EXPECT_LE(DisplayWidth(line), kTableWidth);
}

TEST(Table, ShortensWideLettersWithoutCuttingThem) {
  Table table({{.title = "T"}});
  std::string korean;
  for (int i = 0; i < 60; ++i) korean += "가";
  table.Add({korean});
  const std::vector<std::string> lines = absl::StrSplit(table.Render(), '\n');
  EXPECT_LE(DisplayWidth(lines[1]), kTableWidth);
  EXPECT_GE(DisplayWidth(lines[1]), kTableWidth - 1);
  EXPECT_THAT(lines[1], testing::EndsWith("가…"));
}

TEST(Table, KeepsControlCharactersFromTheTerminal) {
  Table table({{.title = "T"}});
  table.Add({"a\x1b[31m\nb"});
  EXPECT_EQ(table.Render(), "T\na [31m b\n");
}

TEST(Facts, AreLinedUpAndFit) {
  EXPECT_EQ(RenderFacts({{"a", "1"}, {"long name", "2"}}), "a          1\nlong name  2\n");
  const std::string text = RenderFacts({{"name", std::string(200, 'x')}});
  EXPECT_EQ(DisplayWidth(text.substr(0, text.size() - 1)), kTableWidth);
}

}  // namespace
}  // namespace dangol::cli
