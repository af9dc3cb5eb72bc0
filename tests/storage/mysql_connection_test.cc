#include <gtest/gtest.h>

#include <random>
#include <string>

#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/pool.h"
#include "server/storage/mysql/sql_text.h"
#include "tests/support/mariadb.h"

namespace dangol::storage::mysql {
namespace {

class MysqlConnectionTest : public ::testing::Test {
 protected:
  MysqlConnectionTest() {
    const Location location = *ParseUrl(testing::NewDatabaseUrl());
    connection_ = *Connection::Open(location, location.hosts[0], Purpose::kWrite);
  }

  // What a literal comes back as.
  template <typename Value>
  std::string Echo(const Value& value) {
    std::string echo = "nothing";
    SqlText sql;
    sql.Raw("SELECT ").Value(value);
    const absl::Status status = connection_->Run(sql.Take(), [&](const Row& row) {
      echo = row.Text(0);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return echo;
  }

  std::unique_ptr<Connection> connection_;
};

TEST_F(MysqlConnectionTest, EveryCharacterComesBack) {
  std::string all;
  for (int c = 0; c < 0x80; ++c) all.push_back(static_cast<char>(c));
  all += "단골 \xF0\x9F\x8D\xB5";
  EXPECT_EQ(Echo(absl::string_view(all)), all);
}

TEST_F(MysqlConnectionTest, RandomTextsAndBytesComeBack) {
  std::mt19937 random(20'261'122);
  const std::string pieces[] = {
      "'",  "\\",  "\n", std::string(1, '\0'), "\x1a", "\"", "%", ";", "--", "x", "é",
      "단", "\\'", "/*"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    std::string bytes;
    for (size_t i = random() % 20; i > 0; --i) text += pieces[random() % std::size(pieces)];
    for (size_t i = random() % 40; i > 0; --i) bytes.push_back(static_cast<char>(random()));
    ASSERT_EQ(Echo(absl::string_view(text)), text);
    ASSERT_EQ(Echo(SqlText::Blob{bytes}), bytes);
  }
}

TEST_F(MysqlConnectionTest, ASettingOfTheServerDoesNotChangeThem) {
  // A session sets its own sql_mode, so a backslash is always an escape.
  ASSERT_TRUE(
      testing::SharedMariaDb().Execute("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI'").ok());
  const Location location = *ParseUrl(testing::NewDatabaseUrl());
  connection_ = *Connection::Open(location, location.hosts[0], Purpose::kWrite);
  EXPECT_EQ(Echo(absl::string_view("\\' OR 1=1 -- ")), "\\' OR 1=1 -- ");
  ASSERT_TRUE(testing::SharedMariaDb().Execute("SET GLOBAL sql_mode = DEFAULT").ok());
}

TEST_F(MysqlConnectionTest, AScriptLargerThanAPacketRunsInOrder) {
  ASSERT_TRUE(connection_->Run("CREATE TABLE t (n INT PRIMARY KEY, b MEDIUMBLOB)").ok());
  Script script;
  for (int n = 0; n < 12; ++n) {
    SqlText sql;
    sql.Raw("INSERT INTO t VALUES ").Row(int64_t{n}, SqlText::Blob{std::string(600'000, 'b')});
    script.Add(sql.Take());
  }
  int64_t bytes = 0;
  script.Add("SELECT SUM(LENGTH(b)) FROM t", [&](const Row& row) {
    bytes = row.Int(0);
    return absl::OkStatus();
  });
  ASSERT_TRUE(connection_->Run(script).ok());
  EXPECT_EQ(bytes, 12 * 600'000);
}

TEST_F(MysqlConnectionTest, NothingRunsAfterAStatementThatFailed) {
  ASSERT_TRUE(connection_->Run("CREATE TABLE t (n INT PRIMARY KEY)").ok());
  Script script;
  script.Add("INSERT INTO t VALUES (1)");
  script.Add("INSERT INTO t VALUES (1)");
  script.Add("INSERT INTO t VALUES (2)");
  EXPECT_TRUE(absl::IsAborted(connection_->Run(script)));
  EXPECT_FALSE(connection_->lost());
  EXPECT_FALSE(connection_->last_may_have_run());
  int64_t rows = 0;
  ASSERT_TRUE(connection_
                  ->Run("SELECT COUNT(*) FROM t",
                        [&](const Row& row) {
                          rows = row.Int(0);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_EQ(rows, 1);
}

// An import that came again after a pause found the sessions of the writers ended by the
// database. The first batch was recalled and sent with its COMMIT over one of them, so
// nobody knew whether it had taken effect, and what it repeated was not told as replayed.
TEST(MysqlPoolTest, AConnectionThatWasIdleForTooLongIsNotUsedAgain) {
  const Location location = *ParseUrl(testing::NewDatabaseUrl());
  const auto session_of = [](Pool& pool) {
    const Pool::Lease lease = *pool.Take();
    std::string id;
    EXPECT_TRUE(lease
                    ->Run("SELECT CONNECTION_ID()",
                          [&](const Row& row) {
                            id = row.Text(0);
                            return absl::OkStatus();
                          })
                    .ok());
    return id;
  };
  Pool lasting(location, Purpose::kWrite);
  const std::string first = session_of(lasting);
  EXPECT_EQ(session_of(lasting), first);
  Pool forgetful(location, Purpose::kWrite, absl::ZeroDuration());
  const std::string second = session_of(forgetful);
  EXPECT_NE(session_of(forgetful), second);
  EXPECT_LT(Pool::kMaxWriterIdle, absl::Seconds(kWriterIdleSeconds));
}

}  // namespace
}  // namespace dangol::storage::mysql
