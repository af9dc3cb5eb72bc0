#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/domain/purchase/purchase.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {
namespace {

TEST(MysqlSqlTextTest, RowsOfValues) {
  SqlText sql;
  sql.Row(int64_t{-7}, std::string("tea"), absl::FromUnixMicros(1'500'000),
          std::optional<absl::Time>(), SqlText::Blob{absl::string_view("\x00\xff", 2)},
          domain::MemberId{1, 2});
  EXPECT_EQ(sql.str(), "(-7,'tea',1500000,NULL,x'00ff',x'00000000000000010000000000000002')");
}

TEST(MysqlSqlTextTest, TheEndsOfTime) {
  SqlText sql;
  sql.Row(absl::InfiniteFuture(), absl::InfinitePast());
  EXPECT_EQ(sql.str(), "(9223372036854775807,-9223372036854775808)");
}

TEST(MysqlSqlTextTest, NothingLeavesItsLiteral) {
  SqlText sql;
  sql.Value(absl::string_view("'; DROP TABLE member;\n-- \\\r\x1a\0 단골", 36));
  EXPECT_EQ(sql.str().substr(0, 40), "'\\'; DROP TABLE member;\\n-- \\\\\\r\\Z\\0 \xEB\x8B\xA8");
  EXPECT_EQ(sql.str().find('\n'), std::string::npos);
}

TEST(MysqlSqlTextTest, Lists) {
  SqlText sql;
  sql.List(std::vector<absl::string_view>{"a", "b'"});
  EXPECT_EQ(sql.str(), "('a','b\\'')");
}

}  // namespace
}  // namespace dangol::storage::mysql
