#include "server/rpc/access/key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::rpc {
namespace {

using Json = nlohmann::json;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;

constexpr int kLeastRsaBits = 2048;
constexpr size_t kP256Bytes = 32;

using Number = std::unique_ptr<BIGNUM, FreeBy<BN_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreeBy<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, FreeBy<OSSL_PARAM_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number ToNumber(absl::string_view bytes) {
  return Number(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// A member that is a text; nothing where it is none.
std::optional<std::string> TextOf(const Json& key, const char* name) {
  const auto found = key.find(name);
  if (found == key.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

absl::StatusOr<std::string> BytesOf(const Json& key, const char* name) {
  const std::optional<std::string> text = TextOf(key, name);
  std::string bytes;
  if (!text.has_value() || !DecodeBase64Url(*text, bytes) || bytes.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("its \"", name, "\" is not base64url"));
  }
  return bytes;
}

absl::StatusOr<Key> FromParams(const char* type, const ParamBuilder& builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  const bool made = params != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) == 1;
  Key result(key);
  const KeyContext check(made ? EVP_PKEY_CTX_new(key, nullptr) : nullptr);
  const bool is_sound = made && EVP_PKEY_public_check(check.get()) == 1;
  ERR_clear_error();
  if (!is_sound) return absl::InvalidArgumentError("its numbers make no key");
  return result;
}

absl::StatusOr<Key> ReadRsa(const Json& json) {
  ASSIGN_OR_RETURN(const std::string modulus, BytesOf(json, "n"));
  ASSIGN_OR_RETURN(const std::string exponent, BytesOf(json, "e"));
  const Number n = ToNumber(modulus);
  const Number e = ToNumber(exponent);
  const int bits = BN_num_bits(n.get());
  if (bits < kLeastRsaBits) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", bits, " bits; at least ", kLeastRsaBits, " are needed"));
  }
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return FromParams("RSA", builder);
}

absl::StatusOr<Key> ReadP256(const Json& json) {
  ASSIGN_OR_RETURN(const std::string x, BytesOf(json, "x"));
  ASSIGN_OR_RETURN(const std::string y, BytesOf(json, "y"));
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) {
    return absl::InvalidArgumentError("its \"x\" and \"y\" are not of 32 bytes");
  }
  const std::string point = absl::StrCat("\x04", x, y);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return FromParams("EC", builder);
}

absl::StatusOr<Key> ReadEd25519(const Json& json) {
  ASSIGN_OR_RETURN(const std::string x, BytesOf(json, "x"));
  Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(x), x.size()));
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("its \"x\" is not of 32 bytes");
  return key;
}

// What keys of this kind sign; nothing where that is no use here.
std::optional<Algorithm> AlgorithmOf(const Json& json) {
  for (const char* name : {"kty", "crv", "use", "alg", "kid"}) {
    if (json.contains(name) && !json[name].is_string()) return std::nullopt;
  }
  const std::string type = TextOf(json, "kty").value_or("");
  const std::string curve = TextOf(json, "crv").value_or("");
  const std::string use = TextOf(json, "use").value_or("sig");
  const std::optional<std::string> named = TextOf(json, "alg");
  const auto when = [&](bool is_kind, const char* alg) {
    return is_kind && use == "sig" && named.value_or(alg) == alg;
  };
  if (when(type == "RSA", "RS256")) return Algorithm::kRs256;
  if (when(type == "EC" && curve == "P-256", "ES256")) return Algorithm::kEs256;
  if (when(type == "OKP" && curve == "Ed25519", "EdDSA")) return Algorithm::kEdDsa;
  return std::nullopt;
}

absl::StatusOr<Key> ReadKey(const Json& json, Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kRs256:
      return ReadRsa(json);
    case Algorithm::kEs256:
      return ReadP256(json);
    case Algorithm::kEdDsa:
      return ReadEd25519(json);
  }
  return absl::InternalError("no such algorithm");
}

// Of a token an ECDSA signature is two numbers, of OpenSSL ASN.1.
std::string ToAsn1(absl::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return "";
  const Signature pair(ECDSA_SIG_new());
  Number r = ToNumber(signature.substr(0, kP256Bytes));
  Number s = ToNumber(signature.substr(kP256Bytes));
  if (ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return "";
  (void)r.release();
  (void)s.release();
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &bytes);
  if (size <= 0) return "";
  std::string result(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return result;
}

}  // namespace

bool DecodeBase64Url(absl::string_view text, std::string& bytes) {
  return text.find_first_of("= \t\r\n") == absl::string_view::npos &&
         absl::WebSafeBase64Unescape(text, &bytes);
}

bool TokenKey::Verifies(absl::string_view text, absl::string_view signature) const {
  std::string converted;
  if (algorithm_ == Algorithm::kEs256) {
    converted = ToAsn1(signature);
    signature = converted;
  }
  const Digest digest(EVP_MD_CTX_new());
  const EVP_MD* const hash = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  const bool verifies =
      !signature.empty() &&
      EVP_DigestVerifyInit(digest.get(), nullptr, hash, nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(digest.get(), Bytes(signature), signature.size(), Bytes(text),
                       text.size()) == 1;
  ERR_clear_error();
  return verifies;
}

absl::StatusOr<std::vector<TokenKey>> ParseKeySet(absl::string_view json) {
  const Json set = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto list = set.is_object() ? set.find("keys") : set.end();
  if (!set.is_object() || list == set.end() || !list->is_array()) {
    return absl::InvalidArgumentError(R"(is not a JSON Web Key Set, {"keys": [...]})");
  }
  std::vector<TokenKey> keys;
  std::set<std::pair<std::string, int>> ids;
  for (size_t i = 0; i < list->size(); ++i) {
    const Json& one = (*list)[i];
    const std::string place = absl::StrCat("keys[", i, "]: ");
    if (!one.is_object()) return absl::InvalidArgumentError(absl::StrCat(place, "is no key"));
    if (one.contains("d") || one.contains("k")) {
      return absl::InvalidArgumentError(
          absl::StrCat(place, "is a secret, by which tokens could be made; give public keys only"));
    }
    const std::optional<Algorithm> algorithm = AlgorithmOf(one);
    if (!algorithm.has_value()) continue;
    absl::StatusOr<Key> key = ReadKey(one, *algorithm);
    if (!key.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(place, key.status().message()));
    }
    const std::string id = TextOf(one, "kid").value_or("");
    // Without ids, keys are told apart by what they sign.
    const int kind = id.empty() ? static_cast<int>(*algorithm) : -1;
    if (!ids.emplace(id, kind).second) {
      return absl::InvalidArgumentError(absl::StrCat(place, "has the \"kid\" of another"));
    }
    keys.emplace_back(id, *algorithm, *std::move(key));
  }
  if (keys.empty()) {
    return absl::InvalidArgumentError("has no key for RS256, ES256 or EdDSA (Ed25519)");
  }
  return keys;
}

}  // namespace dangol::rpc
