#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/json.h"
#include "schema/migrations.h"
#include "tests/support/mariadb.h"
#include "tests/support/test_store.h"

namespace dangol::cli {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Outcome {
  ExitCode code;
  std::string out;
  std::string error;
};

Outcome Dangolctl(const std::vector<std::string>& arguments) {
  std::vector<const char*> raw = {"dangolctl"};
  for (const std::string& argument : arguments) raw.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream error;
  const ExitCode code = RunDangolctl(static_cast<int>(raw.size()), raw.data(),
                                     {.out = out, .error = error, .connect = [](const Options&) {
                                        ADD_FAILURE() << "the server was called";
                                        return std::shared_ptr<Connection>();
                                      }});
  return {code, out.str(), error.str()};
}

int64_t Latest() {
  return (dangol::testing::OnMysql() ? schema::MysqlMigrations() : schema::SqliteMigrations())
      .back()
      .version;
}

TEST(SchemaTest, AStoreThatIsUpToDateIsLeftAlone) {
  const dangol::testing::TestStore store;
  (void)store.Open();
  const std::string flag = "--store=" + store.url();
  const Json status = Json::parse(Dangolctl({"schema", "status", flag, "--output=json"}).out);
  EXPECT_EQ(status["version"], Latest());
  EXPECT_EQ(status["latest"], Latest());
  EXPECT_TRUE(status["pending"].empty());
  EXPECT_THAT(Dangolctl({"schema", "plan", flag}).out, HasSubstr("nothing to apply"));
  EXPECT_THAT(Dangolctl({"schema", "migrate", flag}).out, Not(HasSubstr("applied")));
}

TEST(SchemaTest, AnEmptyDatabaseIsMigrated) {
  if (!dangol::testing::OnMysql()) GTEST_SKIP() << "the server migrates an SQLite file";
  const std::string flag = "--store=" + dangol::testing::NewDatabaseUrl();
  const Outcome before = Dangolctl({"schema", "status", flag});
  EXPECT_EQ(before.code, ExitCode::kOk);
  EXPECT_THAT(before.out, AllOf(HasSubstr("schema version  0"), Not(HasSubstr("secret"))));
  EXPECT_THAT(Dangolctl({"schema", "plan", flag}).out, HasSubstr("CREATE TABLE"));
  const Outcome migrated = Dangolctl({"schema", "migrate", flag});
  EXPECT_EQ(migrated.code, ExitCode::kOk) << migrated.error;
  EXPECT_THAT(migrated.out, HasSubstr("applied 1 purchases_and_points"));
  EXPECT_THAT(Dangolctl({"schema", "status", flag}).out, HasSubstr("up to date"));
}

TEST(SchemaTest, SaysWhatIsWrong) {
  EXPECT_EQ(Dangolctl({"schema", "status"}).code, ExitCode::kUsage);
  const Outcome no_url = Dangolctl({"schema", "status", "--store=dangol.db"});
  EXPECT_EQ(no_url.code, ExitCode::kInvalidArgument);
  EXPECT_THAT(no_url.error, HasSubstr("mysql://"));
  EXPECT_EQ(Dangolctl({"schema", "status", "--store=sqlite:/nowhere/dangol.db"}).code,
            ExitCode::kNotFound);
  const Outcome away = Dangolctl({"schema", "status", "--store=mysql://u:secret@127.0.0.1:1/d"});
  EXPECT_EQ(away.code, ExitCode::kUnavailable);
  EXPECT_THAT(away.error, Not(AnyOf(HasSubstr("secret"), HasSubstr("7420"))));
}

}  // namespace
}  // namespace dangol::cli
