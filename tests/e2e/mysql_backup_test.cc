// A database is copied while servers write to it, and brought back as it was at a moment after the
// copy: what docs/operations/backup.md says, done.

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/tills.h"
#include "tests/support/mariadb.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_store.h"

namespace dangol::e2e {
namespace {

class MySqlBackupTest : public ::testing::Test {
 protected:
  static std::unique_ptr<testing::MariaDb> StartDatabase(const std::vector<std::string>& more) {
    auto started = testing::MariaDb::Start({.more = more});
    EXPECT_TRUE(started.ok()) << started.status();
    if (!started.ok()) std::abort();
    EXPECT_TRUE((*started)->CreateDatabase("dangol").ok());
    return *std::move(started);
  }

  std::unique_ptr<testing::ServerProcess> Serve(const testing::MariaDb& database) {
    auto started = testing::ServerProcess::Start(
        {.store = database.Url("dangol"), .directory = directory_.path()});
    EXPECT_TRUE(started.ok()) << started.status();
    return std::make_unique<testing::ServerProcess>(*std::move(started));
  }

  // A line of the shell; $TO is how to reach the database.
  void Shell(const testing::MariaDb& database, const std::string& line) {
    const std::string to =
        absl::StrCat("--host=127.0.0.1 --port=", database.port(), " --user=dangol");
    const std::string whole = absl::StrCat("set -eo pipefail; export MYSQL_PWD=secret TZ=UTC; ",
                                           absl::StrReplaceAll(line, {{"$TO", to}}));
    const Ended ended = RunToEnd({"/bin/bash", "-c", whole}, File("shell.log"));
    ASSERT_EQ(ended.code, 0) << line << "\n" << ended.output;
  }

  std::string File(const std::string& name) const { return directory_.File(name); }

  // Waits for the clock of the database to show another second, which it is then.
  static std::string NextSecond(testing::MariaDb& database) {
    const auto now = [&] { return database.QueryValue("SELECT UTC_TIMESTAMP()").value(); };
    const std::string before = now();
    std::string after = now();
    while (after == before) after = now();
    return after;
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(MySqlBackupTest, ADatabaseIsBroughtBackAsItWasAtAMoment) {
  const auto database = StartDatabase(
      {"--log-bin=" + File("binlog"), "--server-id=1", "--binlog-format=ROW", "--sync-binlog=1"});
  testing::MigrateStore(database->Url("dangol"));
  auto server = Serve(*database);
  for (int i = 0; i < 5; ++i) EnrollCard(PatientClient(server->address()), absl::StrCat(i));
  Journal journal;
  {
    Tills tills({.tills = 2}, [&](int) -> Tills::Send {
      return [&, client = PatientClient(server->address())](const v1::Purchase& sold) mutable {
        journal.Note(sold, client.RecordPurchase(sold));
        return true;
      };
    });
    EXPECT_TRUE(journal.Await(100));
    Shell(*database, "mariadb-dump $TO --single-transaction --master-data=2 --hex-blob dangol > " +
                         File("dangol.sql"));
    EXPECT_TRUE(journal.Await(journal.answered() + 100)) << "after the copy";
  }
  const std::string moment = NextSecond(*database);
  Client client = PatientClient(server->address());
  const auto after = client.RecordPurchase(
      PurchaseBuilder("after", Card("1")).Currency("GBP").Goods("tea", 1, 5'000).Build());
  ASSERT_TRUE(after.ok()) << after.status();
  server.reset();

  const auto restored = StartDatabase({});
  Shell(*restored, "mariadb $TO dangol < " + File("dangol.sql"));
  Shell(*restored,
        absl::StrCat("from=$(sed -nE 's/^-- CHANGE MASTER TO .*MASTER_LOG_POS=([0-9]+);/\\1/p' ",
                     File("dangol.sql"), "); mariadb-binlog --start-position=$from",
                     " --stop-datetime='", moment, "' ", File("binlog.000001"), " | mariadb $TO"));
  auto again = Serve(*restored);
  Client there = PatientClient(again->address());
  journal.ExpectStored(there);
  EXPECT_EQ(there.GetPurchase("after").status().code(), absl::StatusCode::kNotFound);
  ExpectSoundBooks(there);
  // And it goes on from there.
  EXPECT_TRUE(
      there
          .RecordPurchase(
              PurchaseBuilder("after", Card("1")).Currency("GBP").Goods("tea", 1, 5'000).Build())
          .ok());
  ExpectSoundBooks(there);
}

}  // namespace
}  // namespace dangol::e2e
