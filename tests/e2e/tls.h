#ifndef DANGOL_TESTS_E2E_TLS_H_
#define DANGOL_TESTS_E2E_TLS_H_

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dangol/client.h"
#include "tests/support/certificates.h"
#include "tests/support/server_process.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_store.h"

namespace dangol::e2e {

// A test with a dangold that speaks TLS, on an empty store. Its files are server.pem, server.key
// and ca.pem, which is also who may vouch for callers.
class TlsTest : public ::testing::Test {
 protected:
  TlsTest();

  // The flags with these files.
  std::vector<std::string> TlsFlags() const;
  // The same, and callers have to show a certificate.
  std::vector<std::string> MutualTlsFlags() const;

  // Starts dangold; fatal failure if it does not listen. Again after another was started: that
  // one is killed.
  void Start(const std::vector<std::string>& flags, const std::string& listen = "127.0.0.1:0");

  // Of a client that trusts the authority, and tries once.
  Options Trusting() const;
  // And shows a certificate to the server.
  Options Showing(const testing::Identity& identity);

  std::string File(const std::string& name) const { return directory_.File(name); }
  std::string Write(const std::string& name, const std::string& text);

  const std::string& address() const { return server_->address(); }
  testing::Process& process() { return server_->process(); }

  const testing::Authority authority_{"authority"};
  const testing::Authority stranger_{"somebody else"};
  const testing::Identity first_ = authority_.Issue(testing::LocalServer("first"));

 private:
  testing::TemporaryDirectory directory_;
  testing::TestStore store_;
  std::optional<testing::ServerProcess> server_;
  int identities_ = 0;
};

// What the server answers to a read.
absl::Status Ask(const Options& options);

// Whether it became true; false after a minute.
bool Await(const std::function<bool()>& condition);

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_TLS_H_
