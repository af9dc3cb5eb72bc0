#include "tests/support/tokens.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dangol::testing {
namespace {

constexpr int kP256Bytes = 32;

// Making keys does not fail where there is memory.
template <typename T>
T* Made(T* made) {
  if (made == nullptr) std::abort();
  return made;
}

EVP_PKEY* MakeKey(const std::string& algorithm, int rsa_bits) {
  if (algorithm == "RS256") return Made(EVP_RSA_gen(static_cast<unsigned>(rsa_bits)));
  if (algorithm == "ES256") return Made(EVP_EC_gen("P-256"));
  return Made(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

std::string NumberOf(const EVP_PKEY* key, const char* name, int bytes = 0) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) std::abort();
  std::string text(static_cast<size_t>(bytes > 0 ? bytes : BN_num_bytes(number)), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(text.data()),
               static_cast<int>(text.size()));
  BN_free(number);
  return text;
}

// The two numbers of an ECDSA signature, as a token has them.
std::string FromAsn1(const std::string& signature) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  ECDSA_SIG* const pair = Made(d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(signature.size())));
  std::string text(static_cast<size_t>(2 * kP256Bytes), '\0');
  auto* out = reinterpret_cast<unsigned char*>(text.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, kP256Bytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + kP256Bytes, kP256Bytes);
  ECDSA_SIG_free(pair);
  return text;
}

std::string SigningInput(const nlohmann::json& header, const nlohmann::json& claims) {
  return absl::StrCat(Base64Url(header.dump()), ".", Base64Url(claims.dump()));
}

}  // namespace

TokenIssuer::TokenIssuer(std::string algorithm, std::string key_id, int rsa_bits)
    : algorithm_(std::move(algorithm)),
      key_id_(std::move(key_id)),
      key_(MakeKey(algorithm_, rsa_bits), EVP_PKEY_free) {}

nlohmann::json TokenIssuer::PublicKey() const {
  nlohmann::json key = {{"kid", key_id_}, {"use", "sig"}, {"alg", algorithm_}};
  if (algorithm_ == "RS256") {
    key["kty"] = "RSA";
    key["n"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_N));
    key["e"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_E));
  } else if (algorithm_ == "ES256") {
    key["kty"] = "EC";
    key["crv"] = "P-256";
    key["x"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kP256Bytes));
    key["y"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kP256Bytes));
  } else {
    std::array<unsigned char, 32> bytes = {};
    size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size);
    key["kty"] = "OKP";
    key["crv"] = "Ed25519";
    key["x"] = Base64Url({reinterpret_cast<const char*>(bytes.data()), size});
  }
  return key;
}

std::string TokenIssuer::Sign(const nlohmann::json& claims) const {
  return Sign({{"alg", algorithm_}, {"kid", key_id_}, {"typ", "JWT"}}, claims);
}

std::string TokenIssuer::Sign(const nlohmann::json& header, const nlohmann::json& claims) const {
  const std::string text = SigningInput(header, claims);
  const EVP_MD* const hash = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
  EVP_MD_CTX* const context = Made(EVP_MD_CTX_new());
  const auto* const input = reinterpret_cast<const unsigned char*>(text.data());
  EVP_DigestSignInit(context, nullptr, hash, nullptr, key_.get());
  size_t size = 0;
  EVP_DigestSign(context, nullptr, &size, input, text.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, input,
                 text.size());
  signature.resize(size);
  EVP_MD_CTX_free(context);
  if (algorithm_ == "ES256") signature = FromAsn1(signature);
  return absl::StrCat(text, ".", Base64Url(signature));
}

std::string TokenIssuer::Pem() const {
  BIO* const bio = Made(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(bio, key_.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string Base64Url(absl::string_view bytes) {
  std::string text;
  absl::WebSafeBase64Escape(bytes, &text);
  return std::string(absl::StripSuffix(absl::StripSuffix(text, "="), "="));
}

std::string KeySet(const std::vector<nlohmann::json>& keys) {
  return nlohmann::json({{"keys", keys}}).dump();
}

std::string TokenOf(const nlohmann::json& header, const nlohmann::json& claims,
                    absl::string_view signature) {
  return absl::StrCat(SigningInput(header, claims), ".", Base64Url(signature));
}

std::string HmacToken(const nlohmann::json& header, const nlohmann::json& claims,
                      const std::string& secret) {
  const std::string text = SigningInput(header, claims);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes = {};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
  return absl::StrCat(text, ".", Base64Url({reinterpret_cast<const char*>(bytes.data()), size}));
}

}  // namespace dangol::testing
