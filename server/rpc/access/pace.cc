#include "server/rpc/access/pace.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

absl::Status TooFast(const std::string& principal, const Rate& rate, absl::Duration wait) {
  ErrorDetails details;
  details.reason = "TOO_FAST";
  // Whoever asks again a moment too early waits twice.
  details.retry_delay = std::max(wait, absl::Milliseconds(1));
  return MakeError(absl::StatusCode::kResourceExhausted,
                   absl::StrCat(principal, " may call ", rate.calls_per_second,
                                " times a second; nothing was done"),
                   details);
}

}  // namespace

absl::StatusOr<int64_t> Pace::Take(const std::string& principal, const Rate& rate, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (buckets_.size() >= limits::kMaxPacedCallers && !buckets_.contains(principal)) {
    buckets_.clear();
  }
  Bucket& bucket = buckets_.try_emplace(principal, Bucket{rate.burst, now}).first->second;
  // A clock that was set back fills nothing.
  const double seconds = std::max(absl::ToDoubleSeconds(now - bucket.filled_at), 0.0);
  bucket.calls = std::min(bucket.calls + seconds * rate.calls_per_second, rate.burst);
  bucket.filled_at = now;
  if (bucket.calls < 1) {
    return TooFast(principal, rate, absl::Seconds((1 - bucket.calls) / rate.calls_per_second));
  }
  bucket.calls -= 1;
  return static_cast<int64_t>(std::floor(bucket.calls));
}

}  // namespace dangol::rpc
