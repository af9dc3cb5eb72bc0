#ifndef DANGOL_SERVER_RPC_ACCESS_TOKEN_H_
#define DANGOL_SERVER_RPC_ACCESS_TOKEN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/rpc/access/caller.h"
#include "server/rpc/access/key_set.h"

namespace dangol::rpc {

// Which tokens are believed.
struct TokenRules {
  std::string issuer;
  std::string audience;
  absl::Duration skew;
  std::vector<TokenKey> keys;
};

// Whom a JSON Web Token (RFC 7519) names, with what its claims say; without the limits of their
// roles. UNAUTHENTICATED: TOKEN_EXPIRED, and TOKEN_REFUSED for everything else that is wrong with
// it. By RFC 8725: which algorithm holds is said by the key and never by the token.
absl::StatusOr<Caller> VerifyToken(absl::string_view token, const TokenRules& rules,
                                   absl::Time now);

// UNAUTHENTICATED, reason TOKEN_EXPIRED.
absl::Status TokenExpired();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_TOKEN_H_
