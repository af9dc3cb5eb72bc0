#include "client/demo/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace dangol::demo {
namespace {

using ::testing::ElementsAre;

TEST(GroupedTest, SeparatesThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(-123456), "-123,456");
  EXPECT_EQ(Grouped(1234567890), "1,234,567,890");
  EXPECT_EQ(Grouped(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(BarTest, FillsItsShareOfTheColumns) {
  EXPECT_EQ(Bar(0, 4), "    ");
  EXPECT_EQ(Bar(1, 4), "████");
  EXPECT_EQ(Bar(0.625, 4), "██▌ ");
  EXPECT_EQ(Bar(7, 4), "████");
}

TEST(ColumnsTest, CountsCharactersNotBytes) { EXPECT_EQ(Columns("₩1.0 █"), 6); }

TEST(TableTest, AlignsColumns) {
  Table table({{"name"}, {"won", Align::kRight}});
  table.AddRow({"Kim", "₩5"});
  table.AddRow({"Hwang", "₩1,000"});
  EXPECT_THAT(table.Lines(), ElementsAre("name      won", "Kim        ₩5", "Hwang  ₩1,000"));
}

TEST(TableTest, LeavesOutTitlesThatAreAllEmpty) {
  Table table({{""}, {""}});
  table.AddRow({"a", "b"});
  EXPECT_THAT(table.Lines(), ElementsAre("a  b"));
}

}  // namespace
}  // namespace dangol::demo
