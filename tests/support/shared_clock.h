#ifndef DANGOL_TESTS_SUPPORT_SHARED_CLOCK_H_
#define DANGOL_TESTS_SUPPORT_SHARED_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/common/clock.h"

namespace dangol::testing {

// A clock that stands still until it is set, in a file that several processes map: a
// server of a test reads what the test sets. Thread-safe.
class SharedClock final : public Clock {
 public:
  // Opens the file, or makes it; a new one says 1970. UNAVAILABLE where that fails.
  static absl::StatusOr<std::unique_ptr<SharedClock>> Open(const std::string& path);
  ~SharedClock() override;

  absl::Time Now() const override { return absl::FromUnixMicros(micros_->load()); }
  void Set(absl::Time time) { micros_->store(absl::ToUnixMicros(time)); }

 private:
  using Micros = std::atomic<int64_t>;
  static_assert(Micros::is_always_lock_free);

  explicit SharedClock(Micros* micros) : micros_(micros) {}

  Micros* const micros_;
};

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_SHARED_CLOCK_H_
