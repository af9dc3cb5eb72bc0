#ifndef DANGOL_SERVER_RPC_ACCESS_POLICY_H_
#define DANGOL_SERVER_RPC_ACCESS_POLICY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "server/rpc/access/caller.h"
#include "server/rpc/access/token.h"

namespace dangol::rpc {

// What those of a role may do at most.
struct RoleLimits {
  int64_t adjust_points = 0;
  int64_t goodwill_points = 0;
  Rate rate;
};

// Who may call and as what, as the file of --access says (v1::AccessPolicy).
struct Policy {
  std::optional<TokenRules> tokens;  // None are taken without.
  // By certificate, with the limits of their roles.
  absl::flat_hash_map<std::string, std::shared_ptr<const Caller>> principals;
  std::map<Role, RoleLimits> roles;
  Rate rate;
  std::string source;  // The texts that it was read from.
};

// Fills in what the roles of a caller allow: of several the most.
void ApplyLimits(const Policy& policy, Caller& caller);

// Reads the file, and the keys of tokens that it names. An error begins with the file, and with the
// line and field where there is one.
absl::StatusOr<Policy> LoadPolicy(const std::string& file);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_POLICY_H_
