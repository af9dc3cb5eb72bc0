#ifndef DANGOL_TESTS_E2E_ACCESS_H_
#define DANGOL_TESTS_E2E_ACCESS_H_

#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"
#include "tests/support/tokens.h"

namespace dangol::e2e {

// A test with a dangold that takes bearer tokens of an issuer, on loopback in plain text.
class AccessTest : public DangoldTest {
 protected:
  // Starts dangold with this policy beside the tokens.
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(StartWith("")); }
  void StartWith(const std::string& policy);

  // The claims of a caller with this role, who may do what the role can: a pos of "gangnam", an
  // app that acts for members.
  static nlohmann::json ClaimsOf(const std::string& role);
  static nlohmann::json ClaimsOfMember(const std::string& member_id);

  std::string TokenOf(const std::string& role) const { return issuer_.Sign(ClaimsOf(role)); }

  // The SDK, with this token in a file.
  Options Carrying(const std::string& token);
  Client ClientWith(const std::string& token) { return Client(MakeConnection(Carrying(token))); }
  Client Admin() { return ClientWith(TokenOf("admin")); }

  void Write(const std::string& name, const std::string& text) const;

  const testing::TokenIssuer issuer_{"ES256", "first"};

 private:
  int files_ = 0;
};

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_ACCESS_H_
