#ifndef DANGOL_SERVER_RPC_ACCESS_KEY_SET_H_
#define DANGOL_SERVER_RPC_ACCESS_KEY_SET_H_

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/rpc/free_by.h"

namespace dangol::rpc {

// How a token is signed (RFC 7518, RFC 8037). Each key is for one of them, whatever a token says.
enum class Algorithm { kRs256, kEs256, kEdDsa };

// A public key of an issuer of tokens. Thread-safe.
class TokenKey {
 public:
  TokenKey(std::string id, Algorithm algorithm,
           std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>> key)
      : id_(std::move(id)), algorithm_(algorithm), key_(std::move(key)) {}

  const std::string& id() const { return id_; }  // `kid`; empty without one.
  Algorithm algorithm() const { return algorithm_; }

  // Whether `signature`, in the form of a token's, is that of `text`.
  bool Verifies(absl::string_view text, absl::string_view signature) const;

 private:
  std::string id_;
  Algorithm algorithm_;
  std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>> key_;
};

// Reads a JSON Web Key Set (RFC 7517). Keys that are no use here (for encryption, of another kind)
// are passed over; INVALID_ARGUMENT where none is left, two have one id, one is weak or broken, or
// is a secret that should not be there. Nothing that is told is part of a key.
absl::StatusOr<std::vector<TokenKey>> ParseKeySet(absl::string_view json);

// The bytes of base64url without padding (RFC 7515); false where it is none.
bool DecodeBase64Url(absl::string_view text, std::string& bytes);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_KEY_SET_H_
