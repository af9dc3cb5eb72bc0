// What dangold says to flags and files of TLS, and where it listens with which.

#include <gmock/gmock.h>
#include <signal.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/startup.h"
#include "tests/support/certificates.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;
using testing::Identity;
using testing::LocalServer;
using ::testing::Not;
using testing::Subject;

class TlsStartupTest : public StartupTest {
 protected:
  std::string Store() const { return "--store=" + store_.url(); }

  // The flags with these files.
  std::vector<std::string> Flags(const std::string& certificate, const std::string& key) const {
    return {kListen, Store(), "--tls-cert=" + certificate, "--tls-key=" + key};
  }

  // One line, with the flag and the file.
  void ExpectBadFile(const std::vector<std::string>& flags, const std::string& flag,
                     const std::string& file, const std::string& what) {
    ExpectRefused(kConfig, flags, {absl::StrCat(flag, "=", file, ": "), what});
  }

  testing::TestStore store_;
  const testing::Authority authority_{"authority"};
  const Identity identity_ = authority_.Issue(LocalServer());
  const std::string certificate_ = Write("server.pem", identity_.certificate);
  const std::string key_ = Write("server.key", identity_.key);
  const std::string ca_ = Write("ca.pem", authority_.certificate());
};

TEST_F(TlsStartupTest, FlagsThatNeedOthers) {
  ExpectRefused(kUsage, {kListen, Store(), "--tls-cert=" + certificate_},
                {"--tls-cert needs --tls-key"});
  ExpectRefused(kUsage, {kListen, Store(), "--tls-key=" + key_}, {"--tls-key needs --tls-cert"});
  ExpectRefused(kUsage, {kListen, Store(), "--tls-client-ca=" + ca_},
                {"--tls-client-ca needs --tls-cert and --tls-key"});
}

TEST_F(TlsStartupTest, FilesThatAreNotThere) {
  const std::string missing = File("missing");
  const std::string why = "cannot be read: No such file or directory";
  ExpectBadFile(Flags(missing, key_), "--tls-cert", missing, why);
  ExpectBadFile(Flags(certificate_, missing), "--tls-key", missing, why);
  std::vector<std::string> flags = Flags(certificate_, key_);
  flags.push_back("--tls-client-ca=" + missing);
  ExpectBadFile(flags, "--tls-client-ca", missing, why);
  ExpectBadFile(Flags(File(""), key_), "--tls-cert", File(""), "Is a directory");
}

TEST_F(TlsStartupTest, FilesThatAreSomethingElse) {
  ExpectBadFile(Flags(key_, key_), "--tls-cert", key_, "has no certificate");
  ExpectBadFile(Flags(certificate_, certificate_), "--tls-key", certificate_, "has no private key");
  const std::string empty = Write("empty", "");
  ExpectBadFile(Flags(empty, key_), "--tls-cert", empty, "has no certificate");
  const std::string cut =
      Write("cut", identity_.certificate + "-----BEGIN CERTIFICATE-----\nMIIB\n");
  ExpectBadFile(Flags(cut, key_), "--tls-cert", cut, "certificate 2 of the file cannot be read");
  const std::string large = Write("large", std::string(2 << 20, 'x'));
  ExpectBadFile(Flags(large, key_), "--tls-cert", large, "more than");
  std::vector<std::string> flags = Flags(certificate_, key_);
  flags.push_back("--tls-client-ca=" + key_);
  ExpectBadFile(flags, "--tls-client-ca", key_, "has no certificate");
}

TEST_F(TlsStartupTest, KeysThatAreOfNoUse) {
  const Identity other = authority_.Issue(LocalServer());
  const std::string other_key = Write("other.key", other.key);
  ExpectBadFile(Flags(certificate_, other_key), "--tls-key", other_key,
                "not that of the first certificate in --tls-cert=" + certificate_);
  const std::string secret = Write("secret.key", testing::Encrypted(identity_.key, "open sesame"));
  ExpectBadFile(Flags(certificate_, secret), "--tls-key", secret, "has a passphrase");
}

TEST_F(TlsStartupTest, NothingOfAKeyIsTold) {
  const std::string inside = identity_.key.substr(40, 40);
  const std::string broken = Write(
      "broken.key", "-----BEGIN PRIVATE KEY-----\n" + inside + "\n-----END PRIVATE KEY-----\n");
  const std::string said =
      ExpectRefused(kConfig, Flags(certificate_, broken), {"--tls-key=" + broken});
  EXPECT_THAT(said, Not(HasSubstr(inside)));
}

TEST_F(TlsStartupTest, BothInOneFile) {
  const std::string both = Write("both.pem", identity_.certificate + identity_.key);
  ExpectStarts(store_.url(), {"--tls-cert=" + both, "--tls-key=" + both});
}

TEST_F(TlsStartupTest, WarnsOfACertificateThatDoesNotHold) {
  Subject subject = LocalServer();
  subject.until = absl::Now() - absl::Minutes(1);
  const Identity expired = authority_.Issue(subject);
  const std::vector<std::string> flags = {"--tls-cert=" + Write("expired.pem", expired.certificate),
                                          "--tls-key=" + Write("expired.key", expired.key)};
  // The log goes on in the same file.
  EXPECT_THAT(ExpectStarts(store_.url(), {"--tls-cert=" + certificate_, "--tls-key=" + key_}),
              Not(HasSubstr("[warning]")));
  EXPECT_THAT(ExpectStarts(store_.url(), flags),
              HasSubstr("[warning] " + flags[0] + ": the certificate expired at "));
}

// Encryption alone keeps nobody out.
TEST_F(TlsStartupTest, ListensBeyondLoopbackOnlyForWhoIsKnown) {
  struct Case {
    std::string what;
    std::vector<std::string> flags;
    std::vector<std::string> refused;  // What is said; empty where it starts.
  };
  const std::vector<std::string> tls = {"--tls-cert=" + certificate_, "--tls-key=" + key_};
  const std::string mutual = "--tls-client-ca=" + ca_;
  const std::string access =
      "--access=" + Write("access.txtpb", "principals { name: \"till\" roles: ROLE_ADMIN }");
  const std::vector<Case> cases = {
      {"nothing",
       {},
       {"not encrypted, and nothing says who may do what",
        "add --tls-cert and --tls-key and --access", "--insecure"}},
      {"TLS", tls, {": nothing says who may do what; add --access,", "--insecure"}},
      {"mutual TLS", {tls[0], tls[1], mutual}, {"add --access,"}},
      {"access", {access}, {": calls are not encrypted; add --tls-cert and --tls-key,"}},
      {"access and TLS", {tls[0], tls[1], access}, {}},
      {"access and mutual TLS", {tls[0], tls[1], mutual, access}, {}},
      {"insecure", {"--insecure"}, {}},
      {"insecure access", {access, "--insecure"}, {}},
      {"insecure TLS", {tls[0], tls[1], "--insecure"}, {}},
      {"mutual TLS and insecure", {tls[0], tls[1], mutual, "--insecure"}, {}},
  };
  for (const Case& given : cases) {
    SCOPED_TRACE(given.what);
    if (!given.refused.empty()) {
      std::vector<std::string> flags = {"--listen=0.0.0.0:0", Store()};
      flags.insert(flags.end(), given.flags.begin(), given.flags.end());
      ExpectRefused(kUsage, flags, given.refused);
      continue;
    }
    const auto server = testing::ServerProcess::Start(
        {.store = store_.url(), .listen = "0.0.0.0:0", .more = given.flags, .directory = File("")});
    EXPECT_TRUE(server.ok()) << server.status();
  }
}

}  // namespace
}  // namespace dangol::e2e
