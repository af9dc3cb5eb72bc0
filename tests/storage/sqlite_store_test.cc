#include "server/storage/sqlite/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "schema/migrations.h"
#include "tests/support/programs.h"
#include "tests/support/temporary_directory.h"

namespace dangol::storage::sqlite {
namespace {

using ::testing::HasSubstr;

TEST(SqliteStoreTest, SyncsEveryCommit) {
  dangol::testing::TemporaryDirectory directory;
  const auto connection =
      Connection::Open(directory.File("d.db"), Connection::Mode::kReadWriteCreate);
  ASSERT_TRUE(connection.ok());
  ASSERT_TRUE((*connection)->Execute(kWriterPragmas).ok());
  for (const auto& [pragma, expected] :
       {std::pair("PRAGMA journal_mode", "wal"), std::pair("PRAGMA synchronous", "2")}) {
    absl::StatusOr<Statement> statement = (*connection)->Prepare(pragma);
    ASSERT_TRUE(statement->Step().ok());
    EXPECT_EQ(statement->Text(0), expected) << pragma;
  }
}

TEST(SqliteStoreTest, RefusesAStoreFromANewerVersion) {
  dangol::testing::TemporaryDirectory directory;
  const std::string path = directory.File("d.db");
  ASSERT_TRUE(SqliteStore::Open(path).ok());
  const int newer = schema::SqliteMigrations().back().version + 1;
  auto connection = Connection::Open(path, Connection::Mode::kReadWriteCreate);
  ASSERT_TRUE((*connection)->Execute("PRAGMA user_version = " + std::to_string(newer)).ok());
  const absl::Status status = SqliteStore::Open(path).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("start a newer program"));
}

TEST(SqliteStoreTest, RefusesTheDatabaseOfAnotherProgram) {
  dangol::testing::TemporaryDirectory directory;
  auto connection = Connection::Open(directory.File("d.db"), Connection::Mode::kReadWriteCreate);
  ASSERT_TRUE((*connection)->Execute("CREATE TABLE theirs (a)").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(SqliteStore::Open(directory.File("d.db")).status()));
}

TEST(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  dangol::testing::TemporaryDirectory directory;
  std::ofstream(directory.File("d.db")) << std::string(10'000, 'x');
  EXPECT_TRUE(absl::IsDataLoss(SqliteStore::Open(directory.File("d.db")).status()));
}

TEST(SqliteStoreTest, RefusesADirectoryThatIsNotThere) {
  dangol::testing::TemporaryDirectory directory;
  EXPECT_TRUE(absl::IsUnavailable(SqliteStore::Open(directory.File("none/d.db")).status()));
}

TEST(SqliteStoreTest, PositionsInTheLogHaveNoGaps) {
  dangol::testing::TemporaryDirectory directory;
  const std::string path = directory.File("d.db");
  const auto store = SqliteStore::Open(path);
  int id = 0;
  for (int batch = 0; batch < 10; ++batch) {
    WriteSet writes;
    for (uint64_t member = 0; member < 5; ++member) {
      CommandWrite& write = writes.commands.emplace_back();
      write.record.key = {RequestScope::kRequest, std::to_string(++id)};
      write.record.member_id = dangol::testing::MemberNumber(member);
    }
    auto transaction = (*store)->Begin();
    ASSERT_TRUE((*transaction)->Write(writes).ok());
    if (batch % 3 == 1) continue;  // A rollback leaves no gap.
    ASSERT_TRUE((*transaction)->Commit().ok());
  }
  auto connection = Connection::Open(path, Connection::Mode::kReadOnly);
  auto statement =
      (*connection)->Prepare("SELECT count(*), min(position), max(position) FROM command_log");
  ASSERT_TRUE(*statement->Step());
  EXPECT_EQ(statement->Int(0), 35);
  EXPECT_EQ(statement->Int(1), 1);
  EXPECT_EQ(statement->Int(2), 35);
}

}  // namespace
}  // namespace dangol::storage::sqlite
