// What dangold and dangolctl say of a database that they cannot use. Whatever they
// say, the password is not in it.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/startup.h"
#include "tests/support/mariadb.h"
#include "tests/support/reserved_port.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// With what a URL reserves: it must be written in another way there.
constexpr char kPassword[] = "hush/h@sh:100%?#";
constexpr char kPasswordInUrl[] = "hush%2Fh%40sh%3A100%25%3F%23";

class MysqlStartupTest : public StartupTest {
 protected:
  void SetUp() override {
    if (!testing::OnMysql()) GTEST_SKIP() << "about a database on the network";
    MakeUser("teller", "ALL PRIVILEGES");
    url_ = UrlOf("teller");
  }

  // Not in a message, not in the log, from neither program.
  void TearDown() override {
    for (const auto& output : std::filesystem::directory_iterator(File(""))) {
      std::ifstream file(output.path(), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(file)),
                             std::istreambuf_iterator<char>());
      EXPECT_THAT(text, Not(HasSubstr("hush"))) << output.path().filename();
    }
  }

  // A user with our password and these rights in every database.
  static void MakeUser(const std::string& name, const std::string& rights) {
    const absl::Status made = testing::SharedMariaDb().Execute(absl::StrCat(
        "GRANT ", rights, " ON *.* TO '", name, "'@'%' IDENTIFIED BY '", kPassword, "'"));
    ASSERT_TRUE(made.ok()) << made;
  }

  // The URL of this test's database for a user with our password.
  std::string UrlOf(const std::string& user) const {
    return absl::StrReplaceAll(empty_,
                               {{"dangol:secret@", absl::StrCat(user, ":", kPasswordInUrl, "@")}});
  }

  std::string Database() const { return empty_.substr(empty_.rfind('/') + 1); }

  void ExpectRefusedStore(const std::string& url, const std::vector<std::string>& said,
                          int code = kUnavailable) {
    // At the level that tells most.
    ExpectRefused(code, {kListen, "--store=" + url, "--log-level=debug"}, said);
  }

  Ended RunSchema(const std::string& verb, const std::string& url) {
    return Run("dangolctl", {"schema", verb, "--store=" + url});
  }

  const std::string empty_ = testing::OnMysql() ? testing::NewDatabaseUrl() : "";
  std::string url_;
};

TEST_F(MysqlStartupTest, DatabaseWithoutSchema) {
  for (const char* state : {"empty", "cut off before the first migration"}) {
    SCOPED_TRACE(state);
    ExpectRefusedStore(
        url_, {"teller:***@", "schema version 0", "run: dangolctl schema migrate --store="});
    const absl::Status made = testing::SharedMariaDb().Execute(
        absl::StrCat("CREATE TABLE IF NOT EXISTS ", Database(),
                     ".schema_migration (version INT NOT NULL PRIMARY KEY, name VARCHAR(128) NOT"
                     " NULL, applied_at BIGINT NOT NULL)"));
    ASSERT_TRUE(made.ok()) << made;
  }
  // And that is all there is to do.
  EXPECT_EQ(RunSchema("migrate", url_).code, 0);
  ExpectStarts(url_, {"--log-level=debug"});
}

TEST_F(MysqlStartupTest, SchemaOfANewerVersion) {
  testing::MigrateStore(url_);
  ASSERT_TRUE(testing::SharedMariaDb()
                  .Execute("INSERT INTO " + Database() +
                           ".schema_migration VALUES (999, 'of the future', 0)")
                  .ok());
  ExpectRefusedStore(url_, {"999", "newer"});
  const Ended migrate = RunSchema("migrate", url_);
  EXPECT_NE(migrate.code, 0);
  EXPECT_THAT(migrate.output, HasSubstr("newer"));
  EXPECT_THAT(RunSchema("status", url_).output, HasSubstr("newer"));
}

TEST_F(MysqlStartupTest, WrongPassword) {
  testing::MigrateStore(url_);
  const std::string wrong = absl::StrReplaceAll(url_, {{kPasswordInUrl, "hushhush"}});
  ExpectRefusedStore(wrong, {"teller:***@", "Access denied"});
  for (const char* verb : {"status", "plan", "migrate"}) {
    const Ended ended = RunSchema(verb, wrong);
    EXPECT_NE(ended.code, 0) << verb;
    EXPECT_THAT(ended.output, HasSubstr("Access denied")) << verb;
  }
}

TEST_F(MysqlStartupTest, NoSuchDatabase) {
  ExpectRefusedStore(url_ + "_of_nobody", {"Unknown database", Database() + "_of_nobody"});
}

TEST_F(MysqlStartupTest, UserWhoMayOnlyRead) {
  testing::MigrateStore(url_);
  MakeUser("reader", "SELECT");
  ExpectRefusedStore(UrlOf("reader"), {"denied"}, kConfig);
}

TEST_F(MysqlStartupTest, BadUrls) {
  const std::string credentials = absl::StrCat("teller:", kPasswordInUrl, "@");
  for (const std::string url : {
           "mysql:",
           "mysql://",
           "mysql://localhost",
           "mysql://localhost/dangol",
           "mysql://:hush@localhost/dangol",
           "mysql://teller:hush",
           "mysql://teller:hush@",
           "mysql://teller:hush@localhost",
           "mysql://teller:hush@localhost/",
           "mysql://teller:hush@/dangol",
           "mysql://teller:hush@localhost,/dangol",
           "mysql://teller:hush@localhost:0/dangol",
           "mysql://teller:hush@localhost:99999/dangol",
           "mysql://teller:hush@localhost:hush/dangol",
           "mysql://teller:hush@[::1/dangol",
           "mysql://teller:hush%@localhost/dangol",
           "mysql://teller:hush%zz@localhost/dangol",
           "mysql://teller:hush@localhost/dangol?speed=11",
           "mysql://teller:hush@localhost/dangol?tls=perhaps",
           "mysql://teller:hush@localhost/dangol?password_file=/missing",
           "mysql://teller:hush@localhost/dangol?tls_cert=only",
           "mysql:/teller:hush@localhost/dangol",
           "mysql:teller:hush@localhost/dangol",
       }) {
    ExpectRefusedStore(url, {"--store"}, kUsage);
    EXPECT_NE(RunSchema("status", url).code, 0) << url;
  }
}

// Somebody who has it wrong has the right password in it nevertheless.
TEST_F(MysqlStartupTest, UrlsOfOtherSchemes) {
  for (const std::string scheme : {"MYSQL", "mariadb", "jdbc:mysql", "postgres"}) {
    const std::string url = scheme + "://teller:hush@localhost/dangol";
    ExpectRefusedStore(url, {"--store"}, kUsage);
    EXPECT_NE(RunSchema("status", url).code, 0) << url;
  }
}

TEST_F(MysqlStartupTest, PasswordIsNowhereWhenAllGoesWell) {
  const Ended plan = RunSchema("plan", url_);
  EXPECT_EQ(plan.code, 0) << plan.output;
  EXPECT_THAT(plan.output, HasSubstr("CREATE TABLE"));
  for (const char* verb : {"migrate", "migrate", "status", "plan"}) {
    EXPECT_EQ(RunSchema(verb, url_).code, 0) << verb;
    EXPECT_EQ(RunSchema(verb, url_ + "?tls=off").code, 0) << verb;
  }
  ExpectStarts(url_, {"--log-level=debug"});
}

TEST_F(MysqlStartupTest, PasswordFromElsewhere) {
  testing::MigrateStore(url_);
  const std::string without = absl::StrReplaceAll(url_, {{absl::StrCat(":", kPasswordInUrl), ""}});
  const testing::TemporaryDirectory elsewhere;
  std::ofstream(elsewhere.File("password")) << kPassword << "\n";
  ExpectStarts(absl::StrCat(without, "?password_file=", elsewhere.File("password")));
  const Ended status = Run("dangolctl", {"schema", "status", "--store=" + without},
                           {"/usr/bin/env", absl::StrCat("DANGOL_STORE_PASSWORD=", kPassword)});
  EXPECT_EQ(status.code, 0) << status.output;
}

// Nobody answers: that is no reason not to start, and only the log tells.
TEST_F(MysqlStartupTest, DatabaseThatIsAway) {
  const absl::StatusOr<testing::ReservedPort> port = testing::ReservedPort::Make();
  ASSERT_TRUE(port.ok()) << port.status();
  const std::string url =
      absl::StrCat("mysql://teller:", kPasswordInUrl, "@127.0.0.1:", port->number(), "/dangol");
  const std::string log = ExpectStarts(url, {"--log-level=debug"});
  EXPECT_THAT(log, HasSubstr(absl::StrCat("127.0.0.1:", port->number())));
  const Ended status = RunSchema("status", url);
  EXPECT_NE(status.code, 0);
}

}  // namespace
}  // namespace dangol::e2e
