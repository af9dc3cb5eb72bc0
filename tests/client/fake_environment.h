#pragma once

#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "dangol/internal/retry.h"

namespace dangol::internal {

// Time that passes only when somebody waits, and randomness that is told.
class FakeEnvironment : public RetryEnvironment {
 public:
  absl::Time Now() override {
    const absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Sleep(absl::Duration delay) override {
    const absl::MutexLock lock(&mutex_);
    now_ += delay;
    delays_.push_back(delay);
  }
  void RunAfter(absl::Duration delay, absl::AnyInvocable<void()> action) override {
    Sleep(delay);
    action();
  }
  double Uniform() override { return uniform_; }

  void set_uniform(double uniform) { uniform_ = uniform; }
  // Every wait so far.
  std::vector<absl::Duration> delays() const {
    const absl::MutexLock lock(&mutex_);
    return delays_;
  }

 private:
  mutable absl::Mutex mutex_;
  // The real time to begin with: gRPC takes deadlines literally.
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::Now();
  std::vector<absl::Duration> delays_ ABSL_GUARDED_BY(mutex_);
  double uniform_ = 0.5;
};

}  // namespace dangol::internal
