#ifndef DANGOL_SERVER_RPC_ACCESS_CALLERS_H_
#define DANGOL_SERVER_RPC_ACCESS_CALLERS_H_

#include <grpcpp/server_context.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/common/clock.h"
#include "server/rpc/access/caller.h"
#include "server/rpc/access/pace.h"
#include "server/rpc/access/policy.h"

namespace dangol::rpc {

// The trailer of a reply that says how many calls are left to the caller at once.
inline constexpr char kCallsLeft[] = "dangol-calls-left";

// Tells who calls. A token that was verified is known until it expires or the policy is replaced.
// Thread-safe.
class Callers {
 public:
  // The policy in force. Without one (`policy` empty) whoever is let in by the connection may do
  // everything. The clock must outlive this.
  using CurrentPolicy = std::function<std::shared_ptr<const Policy>()>;
  Callers(CurrentPolicy policy, const Clock& clock);

  // Who calls, by their token, else by their certificate. UNAUTHENTICATED: NO_CREDENTIALS,
  // TOKEN_REFUSED, TOKEN_EXPIRED, NO_PRINCIPAL, UNKNOWN_PRINCIPAL.
  absl::StatusOr<std::shared_ptr<const Caller>> Identify(
      const grpc::CallbackServerContext& context);

  // Counts one call, or one message of a stream. How many are left, where the caller has a rate;
  // RESOURCE_EXHAUSTED: TOO_FAST.
  absl::StatusOr<std::optional<int64_t>> Charge(const Caller& caller);

 private:
  // Verified tokens, of one policy.
  struct Known {
    std::shared_ptr<const Policy> by;
    absl::flat_hash_map<std::string, std::shared_ptr<const Caller>> tokens;
  };

  absl::StatusOr<std::shared_ptr<const Caller>> ByToken(
      absl::string_view token, const std::shared_ptr<const Policy>& policy);
  std::shared_ptr<const Caller> FindKnown(absl::string_view token, const Policy& policy);
  void Remember(absl::string_view token, std::shared_ptr<const Caller> caller,
                const std::shared_ptr<const Policy>& policy);

  const CurrentPolicy policy_;
  const Clock& clock_;
  const std::shared_ptr<const Caller> anybody_;  // Where there is no policy.
  Pace pace_;

  absl::Mutex mutex_;
  Known known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_CALLERS_H_
