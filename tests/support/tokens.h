#ifndef DANGOL_TESTS_SUPPORT_TOKENS_H_
#define DANGOL_TESTS_SUPPORT_TOKENS_H_

#include <openssl/evp.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dangol::testing {

// Who issues tokens: a key pair, made anew for each. It signs whatever it is told to.
class TokenIssuer {
 public:
  // "RS256" (`rsa_bits` long), "ES256" or "EdDSA".
  TokenIssuer(std::string algorithm, std::string key_id, int rsa_bits = 2048);

  const std::string& algorithm() const { return algorithm_; }

  // Its public key, as a key of a key set.
  nlohmann::json PublicKey() const;

  // A token of these claims, with a header that says how and by which key it is signed.
  std::string Sign(const nlohmann::json& claims) const;
  // With any header.
  std::string Sign(const nlohmann::json& header, const nlohmann::json& claims) const;

  // The public key in PEM, which a server that lets a token choose takes for a secret.
  std::string Pem() const;

 private:
  std::string algorithm_;
  std::string key_id_;
  std::shared_ptr<EVP_PKEY> key_;
};

std::string Base64Url(absl::string_view bytes);

// The text of a key set.
std::string KeySet(const std::vector<nlohmann::json>& keys);

// Header and payload as a token has them, with any signature.
std::string TokenOf(const nlohmann::json& header, const nlohmann::json& claims,
                    absl::string_view signature);

// With HMAC-SHA256 of a secret: no server of ours may take it.
std::string HmacToken(const nlohmann::json& header, const nlohmann::json& claims,
                      const std::string& secret);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_TOKENS_H_
