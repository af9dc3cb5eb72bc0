#ifndef DANGOL_SERVER_COMMON_CLOCK_H_
#define DANGOL_SERVER_COMMON_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dangol {

// Where the time comes from. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // The current time, in whole microseconds: what the stores keep.
  virtual absl::Time Now() const = 0;

  // What the machine's clock says: for how long somebody waits. Other than the time only where
  // that is moved by hand.
  virtual absl::Time RealNow() const { return Now(); }
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override {
    return absl::FromUnixMicros(absl::GetCurrentTimeNanos() / 1000);
  }
};

}  // namespace dangol

#endif  // DANGOL_SERVER_COMMON_CLOCK_H_
