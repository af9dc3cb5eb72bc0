#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/storage/mysql/migrating.h"
#include "server/storage/open_store.h"
#include "tests/support/mariadb.h"
#include "tests/support/mysql_proxy.h"

namespace dangol::storage::mysql {
namespace {

using testing::Fault;
using ::testing::HasSubstr;
using testing::MySqlProxy;

int LatestVersion() { return schema::MysqlMigrations().back().version; }

absl::Status MigrateAt(const std::string& url) {
  const auto target = OpenSchema(*ParseUrl(url));
  return target.ok() ? schema::Migrate(**target) : target.status();
}

int VersionAt(const std::string& url) { return (*OpenSchema(*ParseUrl(url)))->Version().value(); }

absl::Status CheckAt(const std::string& url) { return (*OpenStore(url))->Check(); }

TEST(MysqlMigratingTest, MakesAnEmptyDatabaseUsable) {
  const std::string url = testing::NewDatabaseUrl();
  EXPECT_EQ(VersionAt(url), 0);
  const absl::Status empty = CheckAt(url);
  EXPECT_TRUE(absl::IsFailedPrecondition(empty));
  EXPECT_THAT(empty.message(), HasSubstr("dangolctl schema migrate"));
  ASSERT_TRUE(MigrateAt(url).ok());
  EXPECT_EQ(VersionAt(url), LatestVersion());
  EXPECT_TRUE(CheckAt(url).ok());
  EXPECT_TRUE(MigrateAt(url).ok());  // Nothing is left to do.
}

TEST(MysqlMigratingTest, LeavesANewerDatabaseAlone) {
  const std::string url = testing::NewDatabaseUrl();
  ASSERT_TRUE(MigrateAt(url).ok());
  const std::string database = ParseUrl(url)->database;
  ASSERT_TRUE(testing::SharedMariaDb()
                  .Execute(absl::StrCat("INSERT INTO ", database,
                                        ".schema_migration VALUES (999, 'later', 0)"))
                  .ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(MigrateAt(url)));
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckAt(url)));
}

TEST(MysqlMigratingTest, ANewerSchemaThatComesLaterDoesNotStopAServer) {
  const std::string url = testing::NewDatabaseUrl();
  ASSERT_TRUE(MigrateAt(url).ok());
  const auto store = *OpenStore(url);
  ASSERT_TRUE(store->Check().ok());
  ASSERT_TRUE(testing::SharedMariaDb()
                  .Execute(absl::StrCat("INSERT INTO ", ParseUrl(url)->database,
                                        ".schema_migration VALUES (999, 'later', 0)"))
                  .ok());
  EXPECT_TRUE(store->Check().ok());
}

TEST(MysqlMigratingTest, SeveralAtOnceDoTheWorkOnce) {
  const std::string url = testing::NewDatabaseUrl();
  std::vector<absl::Status> statuses(4);
  std::vector<std::thread> threads;
  for (absl::Status& status : statuses) {
    threads.emplace_back([&status, &url] { status = MigrateAt(url); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(VersionAt(url), LatestVersion());
}

// What was cut off right before its version was written down is applied once more.
TEST(MysqlMigratingTest, EachMigrationCanBeAppliedAgain) {
  const std::string url = testing::NewDatabaseUrl();
  const auto target = *OpenSchema(*ParseUrl(url));
  for (const schema::Migration& migration : schema::MysqlMigrations()) {
    for (int time = 1; time <= 2; ++time) {
      const absl::Status status = target->Apply(migration);
      EXPECT_TRUE(status.ok()) << migration.name << ", time " << time << ": " << status;
    }
  }
  EXPECT_TRUE(CheckAt(url).ok());
}

TEST(MysqlMigratingTest, OnlyAColumnThatIsThereIsTakenAsDone) {
  const auto target = *OpenSchema(*ParseUrl(testing::NewDatabaseUrl()));
  EXPECT_TRUE(target->Apply({1, "one", "CREATE TABLE t (a INT);\n"}).ok());
  EXPECT_TRUE(target->Apply({2, "two", "ALTER TABLE t ADD COLUMN a INT;\n"}).ok());
  EXPECT_FALSE(target->Apply({3, "three", "ALTER TABLE t ADD KEY (b);\n"}).ok());
  EXPECT_EQ(*target->Version(), 2);
}

TEST(MysqlMigratingTest, GoesOnWhereItWasCutOff) {
  const int port = testing::SharedMariaDb().port();
  const auto proxy = *MySqlProxy::Start(port);
  for (int64_t statement = 1;; ++statement) {
    const std::string url = testing::NewDatabaseUrl();
    bool cut = false;
    proxy->OnStatement([&](const MySqlProxy::Statement& sent) {
      if (sent.number != statement) return Fault::None();
      cut = true;
      return statement % 2 == 0 ? Fault::CutBefore() : Fault::CutAfter();
    });
    const absl::Status first = MigrateAt(
        absl::StrReplaceAll(url, {{absl::StrCat(":", port), absl::StrCat(":", proxy->port())}}));
    EXPECT_EQ(first.ok(), !cut) << "statement " << statement << ": " << first;
    EXPECT_TRUE(MigrateAt(url).ok()) << "after a cut at statement " << statement;
    EXPECT_TRUE(CheckAt(url).ok()) << "after a cut at statement " << statement;
    if (!cut) {
      EXPECT_GT(statement, 15);
      return;
    }
  }
}

}  // namespace
}  // namespace dangol::storage::mysql
