// What dangold says when it cannot start on a file.

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/e2e/startup.h"

namespace dangol::e2e {
namespace {

class SqliteStartupTest : public StartupTest {
 protected:
  void SetUp() override {
    if (testing::OnMysql()) GTEST_SKIP() << "about the files of SQLite";
  }

  std::string Url() const { return "sqlite:" + File("dangol.db"); }
  std::string Store() const { return "--store=" + Url(); }
};

TEST_F(SqliteStartupTest, BadPaths) {
  for (const std::string store : {"dangol.db", "sqlite:", "", "sqlite::memory:", "sqlite:file:x"}) {
    ExpectRefused(kUsage, {kListen, "--store=" + store}, {"--store"});
  }
  ExpectRefused(kUnavailable, {kListen, "--store=sqlite:" + File("missing/dangol.db")},
                {"missing/dangol.db"});
  ExpectRefused(kUnavailable, {kListen, "--store=sqlite:" + File("")}, {"sqlite:"});
  const std::string text = Write("text", std::string(10'000, 'x'));
  ExpectRefused(kUnavailable, {kListen, "--store=sqlite:" + text}, {text});
}

TEST_F(SqliteStartupTest, StoreOfANewerVersion) {
  ExpectStarts(Url());
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(File("dangol.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "PRAGMA user_version = 999", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  ExpectRefused(kUnavailable, {kListen, Store()}, {"999", "newer"});
}

TEST_F(SqliteStartupTest, DirectoryThatTakesNoFiles) {
  ExpectRefused(kUnavailable, {kListen, "--store=sqlite:/proc/dangol.db"}, {"/proc/dangol.db"});
}

// As root every file can be written, so this runs as nobody.
TEST_F(SqliteStartupTest, ReadOnlyStore) {
  ExpectStarts(Url());
  std::vector<std::string> as_nobody;
  if (geteuid() == 0) {
    as_nobody = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    if (Run("dangold", {"--help"}, as_nobody).code != 0) {
      GTEST_SKIP() << "cannot run dangold as nobody";
    }
  }
  ASSERT_EQ(chmod(File("dangol.db").c_str(), 0444), 0);
  ASSERT_EQ(chmod(File("").c_str(), 0555), 0);
  ExpectRefused(kUnavailable, {kListen, Store()}, {"dangol.db"}, as_nobody);
  ASSERT_EQ(chmod(File("").c_str(), 0755), 0);
}

}  // namespace
}  // namespace dangol::e2e
