#include "tests/support/mariadb.h"

#include <cppconn/connection.h>
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mysql_driver.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/temporary_directory.h"

namespace dangol::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

bool IsAlive(pid_t pid) { return kill(pid, 0) == 0 || errno != ESRCH; }

TEST(MariaDb, KeepsItsRowsAndItsPortThroughAKill) {
  auto started = MariaDb::Start({});
  ASSERT_TRUE(started.ok()) << started.status();
  MariaDb& mariadb = **started;
  const int port = mariadb.port();
  ASSERT_TRUE(mariadb.CreateDatabase("shop").ok());
  ASSERT_TRUE(mariadb.Execute("CREATE TABLE shop.sales (id INT PRIMARY KEY)").ok());
  ASSERT_TRUE(mariadb.Execute("INSERT INTO shop.sales VALUES (1), (2), (3)").ok());

  mariadb.Kill();
  EXPECT_FALSE(mariadb.Execute("SELECT 1").ok());
  const absl::Status restarted = mariadb.Restart();
  ASSERT_TRUE(restarted.ok()) << restarted;

  EXPECT_EQ(*mariadb.QueryValue("SELECT COUNT(*) FROM shop.sales"), "3");
  EXPECT_EQ(mariadb.port(), port);
  EXPECT_EQ(*mariadb.QueryValue("SELECT @@port"), absl::StrCat(port));
}

TEST(MariaDb, LeavesNothingBehind) {
  auto mariadb = MariaDb::Start({});
  ASSERT_TRUE(mariadb.ok()) << mariadb.status();
  const pid_t pid = (*mariadb)->process().pid();
  const std::string data = *(*mariadb)->QueryValue("SELECT @@datadir");
  EXPECT_TRUE(IsAlive(pid));
  EXPECT_TRUE(std::filesystem::exists(data));

  mariadb->reset();

  EXPECT_FALSE(IsAlive(pid));
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(data).parent_path().parent_path()));
}

TEST(MariaDb, IsUsedAgainInItsDirectory) {
  const TemporaryDirectory directory;
  // Too long for the path of a socket.
  const std::string deep = directory.File(std::string(100, 'd'));
  {
    auto mariadb = MariaDb::Start({.directory = deep});
    ASSERT_TRUE(mariadb.ok()) << mariadb.status();
    ASSERT_TRUE((*mariadb)->CreateDatabase("shop").ok());
    EXPECT_EQ((*mariadb)->Stop(), 0);
  }
  auto mariadb = MariaDb::Start({.directory = deep});
  ASSERT_TRUE(mariadb.ok()) << mariadb.status();
  EXPECT_EQ(*(*mariadb)->QueryValue("SELECT default_collation_name FROM information_schema.schemata"
                                    " WHERE schema_name = 'shop'"),
            "utf8mb4_bin");
}

TEST(MariaDb, TellsWhyItDoesNotStart) {
  const auto mariadb = MariaDb::Start({.more = {"--no-such-option"}});
  EXPECT_THAT(mariadb.status().ToString(),
              AllOf(HasSubstr("MariaDB ended with"), HasSubstr("unknown option")));
}

TEST(MariaDb, TellsWhatIsWrongWithAStatement) {
  EXPECT_THAT(SharedMariaDb().Execute("SELECT * FROM nowhere.nothing").ToString(),
              HasSubstr("MariaDB error 1146"));
  EXPECT_EQ(SharedMariaDb().QueryValue("SELECT 1 FROM DUAL WHERE FALSE").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(*SharedMariaDb().QueryValue("SELECT NULL"), "NULL");
}

TEST(MariaDb, LetsTheUserOfItsUrlInFromOutside) {
  const std::string url = NewDatabaseUrl();
  const std::string name = url.substr(url.rfind('/') + 1);
  const int port = SharedMariaDb().port();
  EXPECT_EQ(url, absl::StrCat("mysql://dangol:secret@127.0.0.1:", port, "/", name));
  const std::unique_ptr<sql::Connection> connection(sql::mysql::get_driver_instance()->connect(
      absl::StrCat("tcp://127.0.0.1:", port), "dangol", "secret"));
  connection->setSchema(name);
  EXPECT_EQ(connection->getSchema(), name);
}

TEST(MariaDb, MakesANewDatabaseForEachUrl) { EXPECT_NE(NewDatabaseUrl(), NewDatabaseUrl()); }

TEST(MariaDbProgram, RunsUntilItIsToldToEnd) {
  const TemporaryDirectory directory;
  std::string line;
  auto program = Process::StartAndReadLine({ProgramPath("dangol_mariadb"), "--database=shop",
                                            "--directory=" + directory.File("database")},
                                           directory.File("output"), line);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_THAT(line, AllOf(StartsWith("mariadb listening at mysql://dangol:secret@127.0.0.1:"),
                          EndsWith("/shop")))
      << program->Output();
  program->Signal(SIGTERM);
  EXPECT_EQ(program->Wait(), 0) << program->Output();
  EXPECT_TRUE(std::filesystem::exists(directory.File("database/data/shop")));
}

}  // namespace
}  // namespace dangol::testing
