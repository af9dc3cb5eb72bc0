#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "server/storage/mysql/url.h"
#include "server/storage/open_store.h"
#include "tests/support/temporary_directory.h"

namespace dangol::storage::mysql {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(MysqlUrlTest, HasEverythingThatIsNeeded) {
  const auto location = ParseUrl("mysql://till:se%40cret@db1.example:3307,db2.example/loyalty");
  ASSERT_TRUE(location.ok()) << location.status();
  EXPECT_THAT(location->hosts, ElementsAre(Host{"db1.example", 3307}, Host{"db2.example", 3306}));
  EXPECT_EQ(location->user, "till");
  EXPECT_EQ(location->password, "se@cret");
  EXPECT_EQ(location->database, "loyalty");
}

TEST(MysqlUrlTest, TheNetworkIsEncryptedUnlessItIsLoopback) {
  EXPECT_EQ(ParseUrl("mysql://u@db.example/d")->tls, Tls::kVerify);
  EXPECT_EQ(ParseUrl("mysql://u@127.0.0.1,db.example/d")->tls, Tls::kVerify);
  EXPECT_EQ(ParseUrl("mysql://u@127.0.0.1,[::1]:33,localhost/d")->tls, Tls::kOff);
  EXPECT_EQ(ParseUrl("mysql://u@db.example/d?tls=off")->tls, Tls::kOff);
  EXPECT_EQ(ParseUrl("mysql://u@127.0.0.1/d?tls=required")->tls, Tls::kRequired);
}

TEST(MysqlUrlTest, Parameters) {
  const auto location =
      ParseUrl("mysql://u@h/d?tls_ca=%2Fetc%2Fca.pem&tls_cert=c&tls_key=k&socket=/run/s");
  ASSERT_TRUE(location.ok()) << location.status();
  EXPECT_EQ(location->tls_ca, "/etc/ca.pem");
  EXPECT_EQ(location->tls_cert, "c");
  EXPECT_EQ(location->tls_key, "k");
  EXPECT_EQ(location->socket, "/run/s");
}

TEST(MysqlUrlTest, TheTimeForAnAnswerHasBounds) {
  EXPECT_EQ(ParseUrl("mysql://u@h/d")->answer_seconds, 15);
  EXPECT_EQ(ParseUrl("mysql://u@h/d?answer_seconds=2")->answer_seconds, 2);
  for (const std::string wrong : {"1", "3601", "-5", "", "soon", "2s"}) {
    const absl::Status status = ParseUrl("mysql://u@h/d?answer_seconds=" + wrong).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << wrong;
    EXPECT_THAT(status.message(), HasSubstr("from 2 to 3600"));
  }
}

TEST(MysqlUrlTest, ThePasswordMayComeFromAFileOrTheEnvironment) {
  const dangol::testing::TemporaryDirectory directory;
  const std::string path = directory.File("password");
  std::ofstream(path) << "from file\n";
  EXPECT_EQ(ParseUrl("mysql://u@h/d?password_file=" + path)->password, "from file");
  EXPECT_THAT(ParseUrl("mysql://u@h/d?password_file=/nowhere").status().message(),
              HasSubstr("password_file=/nowhere"));

  setenv("DANGOL_STORE_PASSWORD", "from environment", 1);
  EXPECT_EQ(ParseUrl("mysql://u@h/d")->password, "from environment");
  EXPECT_EQ(ParseUrl("mysql://u:own@h/d")->password, "own");
  unsetenv("DANGOL_STORE_PASSWORD");
}

TEST(MysqlUrlTest, SaysWhatIsWrong) {
  const struct {
    const char* url;
    const char* problem;
  } kCases[] = {
      {"mysql:h/d", "mysql://"},
      {"mysql://h/d", "no user"},
      {"mysql://:p@h/d", "no user"},
      {"mysql://u:secret@h", "no database"},
      {"mysql://u:secret@h/", "no database"},
      {"mysql://u:secret@/d", "no name"},
      {"mysql://u:secret@h,/d", "no name"},
      {"mysql://u:secret@h:0/d", "port"},
      {"mysql://u:secret@h:65536/d", "port"},
      {"mysql://u:secret@h:x/d", "port"},
      {"mysql://u:secret@[::1/d", "]"},
      {"mysql://u:secret%4@h/d", "%"},
      {"mysql://u:secret@h/d?tls=maybe", "tls=maybe"},
      {"mysql://u:secret@h/d?tsl=off", "tsl"},
      {"mysql://u:secret@h/d?tls_cert=c", "tls_key"},
  };
  for (const auto& test : kCases) {
    const absl::Status status = ParseUrl(test.url).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << test.url;
    EXPECT_THAT(status.message(), HasSubstr(test.problem)) << test.url;
    EXPECT_THAT(status.message(), Not(HasSubstr("secret"))) << test.url;
  }
}

TEST(MysqlUrlTest, IsShownWithoutItsPassword) {
  EXPECT_EQ(WithoutPassword("mysql://u:secret@h:1,g/d?tls=off"), "mysql://u:***@h:1,g/d?tls=off");
  EXPECT_EQ(WithoutPassword("mysql://u:sec@ret@h/d"), "mysql://u:***@h/d");
  EXPECT_EQ(WithoutPassword("mysql://u@h/d"), "mysql://u@h/d");
  EXPECT_EQ(WithoutPassword("mysql://u:secret@h"), "mysql://***");
}

TEST(OpenStoreTest, AUrlOfAnotherKindIsNotShownWhole) {
  const absl::Status status = OpenStore("mariadb://u:secret@h/d").status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(status.message(), AllOf(HasSubstr("mariadb:"), Not(HasSubstr("secret"))));
}

}  // namespace
}  // namespace dangol::storage::mysql
