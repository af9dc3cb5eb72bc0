// Certificates are replaced while the server runs, and nobody notices.

#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/tls.h"

namespace dangol::e2e {
namespace {

using testing::Identity;
using testing::LocalServer;
using testing::Subject;

class TlsReloadTest : public TlsTest {
 protected:
  // One file after the other, as tools do.
  void Replace(const Identity& identity) {
    Write("server.pem", identity.certificate);
    Write("server.key", identity.key);
  }

  // The server's certificate has become this one.
  bool AwaitShown(const Identity& identity) {
    return Await([&] {
      const auto shown = testing::ShownCertificate(address());
      EXPECT_TRUE(shown.ok()) << shown.status();
      return shown.ok() && *shown == identity.certificate;
    });
  }

  // The lines of the log that have the text.
  int CountInLog(const std::string& text) {
    int count = 0;
    for (const absl::string_view line : absl::StrSplit(process().Output(), '\n')) {
      if (absl::StrContains(line, text)) ++count;
    }
    return count;
  }
};

constexpr char kStays[] = "the certificates that were in force stay";

// Tills that connect anew for every call while somebody replaces the certificate.
TEST_F(TlsReloadTest, NoCallFailsUnderLoad) {
  constexpr int kTills = 2;
  constexpr int kReplacements = 3;
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  std::atomic<bool> done = false;
  std::atomic<int> calls = 0;
  std::vector<std::thread> tills;
  for (int till = 0; till < kTills; ++till) {
    tills.emplace_back([&, options = Trusting()] {
      while (!done) {
        const absl::Status status = Ask(options);
        EXPECT_TRUE(status.ok()) << status;
        ++calls;
      }
    });
  }
  for (int i = 0; i < kReplacements; ++i) {
    const int before = calls;
    const Identity next = authority_.Issue(LocalServer(absl::StrCat("next-", i)));
    Replace(next);
    EXPECT_TRUE(AwaitShown(next)) << process().Output();
    EXPECT_TRUE(Await([&] { return calls > before + kTills; }));
  }
  done = true;
  for (std::thread& till : tills) till.join();
  EXPECT_EQ(CountInLog(kStays), 0) << process().Output();
}

TEST_F(TlsReloadTest, WhatIsUselessChangesNothingAndIsLoggedOnce) {
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  const Identity other = authority_.Issue(LocalServer("other"));
  Write("server.pem", other.certificate);
  EXPECT_TRUE(Await([&] { return CountInLog(kStays) > 0; }));
  EXPECT_EQ(testing::ShownCertificate(address()).value(), first_.certificate);
  EXPECT_TRUE(Ask(Trusting()).ok());
  EXPECT_EQ(CountInLog(absl::StrCat("--tls-key=", File("server.key"),
                                    ": the key is not that of the first certificate in "
                                    "--tls-cert=",
                                    File("server.pem"))),
            1)
      << process().Output();
  // Another mistake is told again.
  Write("server.key", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
  EXPECT_TRUE(Await([&] { return CountInLog(kStays) > 1; }));
  EXPECT_EQ(testing::ShownCertificate(address()).value(), first_.certificate);
  Replace(other);
  EXPECT_TRUE(AwaitShown(other));
  EXPECT_EQ(CountInLog(kStays), 2) << process().Output();
  EXPECT_EQ(CountInLog("c2VjcmV0"), 0) << process().Output();
}

TEST_F(TlsReloadTest, AnotherAuthorityOfCallersIsAskedFor) {
  ASSERT_NO_FATAL_FAILURE(Start(MutualTlsFlags()));
  Subject till;
  till.common_name = "till-7";
  Options old_till = Showing(authority_.Issue(till));
  Options new_till = Showing(stranger_.Issue(till));
  // Both go on trusting the authority of the server.
  old_till.tls->ca_file = new_till.tls->ca_file = Write("trusted.pem", authority_.certificate());
  EXPECT_TRUE(Ask(old_till).ok());
  EXPECT_FALSE(Ask(new_till).ok());
  Write("ca.pem", stranger_.certificate());
  EXPECT_TRUE(Await([&] { return Ask(new_till).ok(); }));
  EXPECT_FALSE(Ask(old_till).ok());
}

// A connection that stands is not cut.
TEST_F(TlsReloadTest, AConnectionOutlivesItsCertificate) {
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  Client client(MakeConnection(Trusting()));
  EXPECT_TRUE(client.GetTotals().ok());
  // It is no longer one that the client would trust anew.
  const Identity next = stranger_.Issue(LocalServer("next"));
  Replace(next);
  EXPECT_TRUE(AwaitShown(next));
  EXPECT_TRUE(client.GetTotals().ok());
  EXPECT_FALSE(Ask(Trusting()).ok());
}

// The SDK looks at its files again, too.
TEST_F(TlsReloadTest, AClientFollowsItsFiles) {
  ASSERT_NO_FATAL_FAILURE(Start(TlsFlags()));
  const std::string trusted = Write("trusted.pem", stranger_.certificate());
  Options options = Trusting();
  options.tls->ca_file = trusted;
  EXPECT_FALSE(Ask(options).ok());
  options.max_attempts = 1'000;
  Client client(MakeConnection(options));
  std::thread waiting([&] {
    const absl::Status status = client.GetTotals().status();
    EXPECT_TRUE(status.ok()) << status;
  });
  Write("trusted.pem", authority_.certificate());
  waiting.join();
}

}  // namespace
}  // namespace dangol::e2e
