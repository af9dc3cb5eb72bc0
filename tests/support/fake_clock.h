#ifndef DANGOL_TESTS_SUPPORT_FAKE_CLOCK_H_
#define DANGOL_TESTS_SUPPORT_FAKE_CLOCK_H_

#include <atomic>

#include "absl/time/time.h"
#include "server/common/clock.h"

namespace dangol::testing {

// A clock that stands still until it is moved. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) { Set(now); }

  absl::Time Now() const override { return absl::FromUnixMicros(micros_); }
  void Set(absl::Time now) { micros_ = absl::ToUnixMicros(now); }
  void Advance(absl::Duration by) { Set(Now() + by); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_FAKE_CLOCK_H_
