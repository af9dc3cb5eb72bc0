#include "tests/bench/database.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/engine_fixture.h"
#include "tests/bench/values.h"

namespace dangol::bench {
namespace {

class DatabaseTest : public EngineTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EngineTest::SetUp());
    database_ = *engine_->Open(*engine_->NewStore());
  }

  std::unique_ptr<Database> database_;
};

std::string AllBytes() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  return bytes;
}

TEST_P(DatabaseTest, KnowsTablesAndTheirColumns) {
  const std::vector<std::string> tables = *database_->Tables();
  for (const char* table : {"member", "command_log", "purchase"}) {
    EXPECT_EQ(std::count(tables.begin(), tables.end(), table), 1) << table;
  }
  EXPECT_EQ(*database_->Columns("alias"), (std::vector<std::string>{"kind", "value", "member_id"}));
}

TEST_P(DatabaseTest, FillKeepsEveryKindOfValue) {
  const std::vector<Row> rows = {
      {Blob{std::string(16, '\0')}, int64_t{1}, int64_t{1}, int64_t{-5}, Text{"tab\tand\nline\\n"},
       int64_t{0}, int64_t{0}, INT64_MAX, std::monostate(), Blob{AllBytes()}, int64_t{1},
       Blob{AllBytes().substr(32, 16)}, Blob{AllBytes().substr(16, 16)}, Text{"{}"}, Text{"[]"}},
      {Blob{AllBytes().substr(0, 16)}, int64_t{1}, int64_t{1}, int64_t{0}, Text{"단골 '\""},
       int64_t{0}, int64_t{0}, INT64_MIN, int64_t{9}, Blob{""}, std::monostate(), std::monostate(),
       std::monostate(), std::monostate(), Text{""}}};
  const auto filled = database_->Fill("member", [&](const RowSink& sink) {
    for (const Row& row : rows) EXPECT_TRUE(sink(row).ok());
    return absl::OkStatus();
  });
  ASSERT_TRUE(filled.ok()) << filled;
  EXPECT_EQ(*database_->Select("SELECT * FROM member ORDER BY member_id"), rows);
  EXPECT_GT((*database_->Bytes())["member"], 0);
}

TEST_P(DatabaseTest, FillKeepsBytesOfAnyLength) {
  const bool is_mysql = GetParam() == "mysql";
  for (const size_t copies : {0u, 1u, 10'000u}) {
    std::string bytes;
    for (size_t i = 0; i < copies; ++i) bytes += AllBytes();
    Row row = {int64_t{1},       int64_t{2}, Text{"id"}, int64_t{4},  Blob{"member-of-16-by"},
               std::monostate(), Text{"p"},  int64_t{0}, Blob{bytes}, Blob{""},
               Blob{bytes}};
    std::get<Blob>(row[4]).bytes.push_back('t');
    std::get<Blob>(row[8]).bytes.resize(std::min<size_t>(bytes.size(), 32));
    if (is_mysql) {
      row.insert(row.begin(), int64_t{63});
      row.push_back(int64_t{3});
      row.push_back(std::monostate());
    } else {
      row.push_back(int64_t{3});
      row.push_back(Text{""});
    }
    row.push_back(Blob{bytes});
    const auto filled =
        database_->Fill("command_log", [&](const RowSink& sink) { return sink(row); });
    ASSERT_TRUE(filled.ok()) << filled;
    EXPECT_EQ(*database_->Select("SELECT * FROM command_log"), (std::vector<Row>{row}));
    ASSERT_TRUE(database_->Execute("DELETE FROM command_log").ok());
  }
}

TEST_P(DatabaseTest, FillSaysWhatWentWrong) {
  const Row row = {Text{"card"}, Text{"1"}, Blob{std::string(16, 'x')}};
  const auto twice = database_->Fill("alias", [&](const RowSink& sink) {
    absl::Status status = sink(row);
    status.Update(sink(row));
    return status;
  });
  EXPECT_FALSE(twice.ok());
  const auto none =
      database_->Fill("no_such_table", [](const RowSink&) { return absl::OkStatus(); });
  EXPECT_FALSE(none.ok());
}

TEST_P(DatabaseTest, ErrorsNameTheStatement) {
  const absl::Status status = database_->Execute("SELECT nothing FROM nowhere");
  EXPECT_NE(status.message().find("nowhere"), std::string::npos) << status;
}

TEST(ValueTest, LiteralsAreSql) {
  EXPECT_EQ(Literal(int64_t{-7}), "-7");
  EXPECT_EQ(Literal(Text{"it's"}), "'it''s'");
  EXPECT_EQ(Literal(Blob{std::string("\0\xff", 2)}), "x'00ff'");
  EXPECT_EQ(Literal(std::monostate()), "NULL");
}

DANGOL_TEST_ON_EACH_ENGINE(DatabaseTest);

}  // namespace
}  // namespace dangol::bench
