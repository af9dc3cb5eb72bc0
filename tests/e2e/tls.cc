#include "tests/e2e/tls.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/reasons.h"

namespace dangol::e2e {

TlsTest::TlsTest() {
  Write("server.pem", first_.certificate);
  Write("server.key", first_.key);
  Write("ca.pem", authority_.certificate());
}

std::vector<std::string> TlsTest::TlsFlags() const {
  return {"--tls-cert=" + File("server.pem"), "--tls-key=" + File("server.key")};
}

std::vector<std::string> TlsTest::MutualTlsFlags() const {
  std::vector<std::string> flags = TlsFlags();
  flags.push_back("--tls-client-ca=" + File("ca.pem"));
  return flags;
}

void TlsTest::Start(const std::vector<std::string>& flags, const std::string& listen) {
  CheckReasonsOfRefusals();
  server_.reset();
  auto server = testing::ServerProcess::Start(
      {.store = store_.url(), .listen = listen, .more = flags, .directory = directory_.path()});
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

Options TlsTest::Trusting() const {
  Options options;
  options.endpoint = address();
  options.deadline = absl::Minutes(1);
  options.max_attempts = 1;
  options.tls.emplace();
  options.tls->ca_file = File("ca.pem");
  return options;
}

Options TlsTest::Showing(const testing::Identity& identity) {
  Options options = Trusting();
  const std::string name = absl::StrCat("client-", ++identities_);
  options.tls->cert_file = Write(name + ".pem", identity.certificate);
  options.tls->key_file = Write(name + ".key", identity.key);
  return options;
}

std::string TlsTest::Write(const std::string& name, const std::string& text) {
  testing::ReplaceFile(File(name), text);
  return File(name);
}

absl::Status Ask(const Options& options) {
  return Client(MakeConnection(options)).GetTotals().status();
}

bool Await(const std::function<bool()>& condition) {
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  while (absl::Now() < deadline) {
    if (condition()) return true;
  }
  return false;
}

}  // namespace dangol::e2e
