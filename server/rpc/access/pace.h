#ifndef DANGOL_SERVER_RPC_ACCESS_PACE_H_
#define DANGOL_SERVER_RPC_ACCESS_PACE_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/access/caller.h"

namespace dangol::rpc {

// A token bucket for each principal: it fills at their rate up to their burst, and each call takes
// one. Knows limits::kMaxPacedCallers at most; past it all begin with a full one again.
// Thread-safe.
class Pace {
 public:
  // Takes one. How many whole ones are left; RESOURCE_EXHAUSTED, reason TOO_FAST, with the time
  // until there is one. The rate must not be empty.
  absl::StatusOr<int64_t> Take(const std::string& principal, const Rate& rate, absl::Time now);

 private:
  struct Bucket {
    double calls = 0;
    absl::Time filled_at;
  };

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_PACE_H_
