// Who gets a connection to a server that speaks TLS, and who does not.

#include "tests/e2e/tls.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/dangold.h"
#include "tests/support/reserved_port.h"

namespace dangol::e2e {
namespace {

using testing::Identity;
using testing::LocalServer;
using testing::Subject;

Options InPlainText(Options options) {
  options.tls.reset();
  return options;
}

TEST_F(TlsTest, OnlyWhoSpeaksTlsAndTrustsTheAuthorityIsServed) {
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  EXPECT_TRUE(Ask(Trusting()).ok()) << Ask(Trusting());
  EXPECT_TRUE(absl::IsUnavailable(Ask(InPlainText(Trusting()))));
  Options distrusting = Trusting();
  distrusting.tls->ca_file = Write("stranger.pem", stranger_.certificate());
  EXPECT_TRUE(absl::IsUnavailable(Ask(distrusting)));
  Options trusting_the_system = Trusting();
  trusting_the_system.tls->ca_file.clear();
  EXPECT_TRUE(absl::IsUnavailable(Ask(trusting_the_system)));
  EXPECT_TRUE(Ask(Trusting()).ok()) << "the others did harm";
}

TEST_F(TlsTest, TheServerHasToBeWhoItIsCalled) {
  Subject elsewhere;
  elsewhere.common_name = "elsewhere";
  elsewhere.names = {"DNS:dangol.example"};
  const Identity identity = authority_.Issue(elsewhere);
  Write("server.pem", identity.certificate);
  Write("server.key", identity.key);
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  EXPECT_TRUE(absl::IsUnavailable(Ask(Trusting())));
  Options by_name = Trusting();
  by_name.tls->server_name = "dangol.example";
  EXPECT_TRUE(Ask(by_name).ok()) << Ask(by_name);
  by_name.tls->server_name = "other.example";
  EXPECT_TRUE(absl::IsUnavailable(Ask(by_name)));
}

TEST_F(TlsTest, AClientOfAnExpiredServerIsRefused) {
  Subject expired = LocalServer();
  expired.until = absl::Now() - absl::Minutes(1);
  const Identity identity = authority_.Issue(expired);
  Write("server.pem", identity.certificate);
  Write("server.key", identity.key);
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  EXPECT_TRUE(absl::IsUnavailable(Ask(Trusting())));
}

TEST_F(TlsTest, OldVersionsAreRefused) {
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  EXPECT_EQ(testing::ShownCertificate(address(), TLS1_3_VERSION).value(), first_.certificate);
  EXPECT_EQ(testing::ShownCertificate(address(), TLS1_2_VERSION).value(), first_.certificate);
  const auto old = testing::ShownCertificate(address(), TLS1_1_VERSION);
  EXPECT_FALSE(old.ok());
}

// gRPC goes on with a handshake only while somebody polls: a client that sleeps between its
// attempts must do so, too.
TEST_F(TlsTest, AServerThatRestartsIsFoundAgain) {
  const auto port = testing::ReservedPort::Make();
  ASSERT_TRUE(port.ok()) << port.status();
  const std::string listen = absl::StrCat("127.0.0.1:", port->number());
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags(), listen));
  Options options = Trusting();
  options.max_attempts = 1'000;
  Client client(MakeConnection(options));
  EXPECT_TRUE(client.GetTotals().ok());
  process().Signal(SIGKILL);
  process().Wait();
  std::thread waiting([&] {
    const absl::Status status = client.GetTotals().status();
    EXPECT_TRUE(status.ok()) << status;
  });
  Options impatient = Trusting();
  EXPECT_TRUE(Await([&] { return absl::IsUnavailable(Ask(impatient)); }));
  Start(TlsFlags(), listen);
  waiting.join();
}

TEST_F(TlsTest, OnlyWhoHasACertificateOfTheAuthorityIsServed) {
  ASSERT_NO_FATAL_FAILURE(Start(MutualTlsFlags()));
  Subject till;
  till.common_name = "till-7";
  const Options with_certificate = Showing(authority_.Issue(till));
  EXPECT_TRUE(Ask(with_certificate).ok()) << Ask(with_certificate);
  EXPECT_TRUE(absl::IsUnavailable(Ask(Trusting())));
  EXPECT_TRUE(absl::IsUnavailable(Ask(Showing(stranger_.Issue(till)))));
  EXPECT_TRUE(absl::IsUnavailable(Ask(InPlainText(Trusting()))));
  till.until = absl::Now() - absl::Minutes(1);
  EXPECT_TRUE(absl::IsUnavailable(Ask(Showing(authority_.Issue(till)))));
  EXPECT_TRUE(Ask(with_certificate).ok()) << "the others did harm";
}

TEST_F(TlsTest, DangolctlSpeaksTls) {
  ASSERT_NO_FATAL_FAILURE(Start(MutualTlsFlags()));
  Subject till;
  till.common_name = "till-7";
  const Options options = Showing(authority_.Issue(till));
  const auto dangolctl = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> argv = {testing::ProgramPath("dangolctl"), "stats",
                                     "--server=" + address()};
    argv.insert(argv.end(), flags.begin(), flags.end());
    return RunToEnd(argv, File("dangolctl.log"));
  };
  const std::string ca = "--tls-ca=" + options.tls->ca_file;
  const Ended served =
      dangolctl({ca, "--tls-cert=" + options.tls->cert_file, "--tls-key=" + options.tls->key_file});
  EXPECT_EQ(served.code, 0) << served.output;
  constexpr int kUnavailable = 6;
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{}, {ca}, {"--tls"}}) {
    testing::ReplaceFile(File("dangolctl.log"), "");
    const Ended refused = dangolctl(flags);
    EXPECT_EQ(refused.code, kUnavailable) << refused.output;
    EXPECT_THAT(refused.output, ::testing::HasSubstr("--tls"));
  }
}

}  // namespace
}  // namespace dangol::e2e
