#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/url.h"
#include "tests/support/mariadb.h"
#include "tests/support/server_process.h"
#include "tests/support/temporary_directory.h"

namespace dangol::storage::mysql {
namespace {

// A database that speaks TLS, with a certificate for 127.0.0.1 of an authority of
// the test's own.
class MysqlTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    OpenSsl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=authority", "-days",
             "2", "-keyout", File("ca.key"), "-out", File("ca.pem")});
    OpenSsl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=somebody else", "-days",
             "2", "-keyout", File("other.key"), "-out", File("other.pem")});
    std::ofstream(File("names")) << "subjectAltName=IP:127.0.0.1\n";
    OpenSsl({"req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=database", "-keyout",
             File("server.key"), "-out", File("server.csr")});
    OpenSsl({"x509", "-req", "-days", "2", "-in", File("server.csr"), "-CA", File("ca.pem"),
             "-CAkey", File("ca.key"), "-CAcreateserial", "-extfile", File("names"), "-out",
             File("server.pem")});
    testing::MariaDb::Options options;
    options.more = {"--ssl-cert=" + File("server.pem"), "--ssl-key=" + File("server.key"),
                    "--ssl-ca=" + File("ca.pem")};
    auto database = testing::MariaDb::Start(options);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    ASSERT_TRUE(database_->CreateDatabase("dangol").ok());
  }

  std::string File(const std::string& name) const { return directory_.File(name); }

  void OpenSsl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/openssl");
    auto process = testing::Process::Start(arguments, File("openssl.log"));
    ASSERT_TRUE(process.ok()) << process.status();
    ASSERT_EQ(process->Wait(), 0) << process->Output();
  }

  // The cipher of a session with these parameters; empty without encryption.
  absl::StatusOr<std::string> CipherWith(const std::string& parameters) {
    const Location location = *ParseUrl(absl::StrCat(database_->Url("dangol"), "?", parameters));
    auto connection = Connection::Open(location, location.hosts[0], Purpose::kWrite);
    if (!connection.ok()) return connection.status();
    std::string cipher;
    const absl::Status status =
        (*connection)->Run("SHOW STATUS LIKE 'Ssl_cipher'", [&](const Row& row) {
          cipher = row.Text(1);
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return cipher;
  }

  const testing::TemporaryDirectory directory_;
  std::unique_ptr<testing::MariaDb> database_;
};

TEST_F(MysqlTlsTest, EncryptsAndChecksWhoIsThere) {
  EXPECT_EQ(CipherWith("tls=off").value(), "");
  EXPECT_NE(CipherWith("tls=required").value(), "");
  EXPECT_NE(CipherWith("tls=verify&tls_ca=" + File("ca.pem")).value(), "");
  for (const std::string& parameters :
       {std::string("tls=verify"), "tls=verify&tls_ca=" + File("other.pem"),
        "tls=verify&tls_ca=" + File("missing.pem")}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(CipherWith(parameters).status())) << parameters;
  }
}

TEST_F(MysqlTlsTest, AServerWithoutTlsIsRefusedWhereItIsRequired) {
  database_->Stop();
  ASSERT_TRUE(database_->Restart({"--skip-ssl"}).ok());
  EXPECT_TRUE(CipherWith("tls=off").ok());
  EXPECT_FALSE(CipherWith("tls=required").ok());
}

}  // namespace
}  // namespace dangol::storage::mysql
