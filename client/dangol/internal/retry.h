#pragma once

#include <memory>
#include <optional>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dangol/options.h"

namespace dangol::internal {

// What retrying needs from the outside world; tests bring their own. Thread
// safe.
class RetryEnvironment {
 public:
  virtual ~RetryEnvironment() = default;
  virtual absl::Time Now() = 0;
  // Blocks the calling thread.
  virtual void Sleep(absl::Duration delay) = 0;
  // Runs `action` once after the delay, on another thread.
  virtual void RunAfter(absl::Duration delay, absl::AnyInvocable<void()> action) = 0;
  // A random number, 0 included, 1 excluded.
  virtual double Uniform() = 0;
};

// The real clock, and random numbers seeded by the system.
std::shared_ptr<RetryEnvironment> SystemRetryEnvironment();

// Decides, attempt by attempt, whether and when one call is tried again. Not
// thread safe.
class RetryState {
 public:
  // Both must outlive this.
  RetryState(const Options& options, RetryEnvironment& environment);

  // When the call must be over, all attempts included.
  absl::Time deadline() const { return deadline_; }

  // How long to wait before trying again after an attempt failed; nothing when
  // the error is final.
  std::optional<absl::Duration> AfterFailure(const absl::Status& error);

 private:
  const Options& options_;
  RetryEnvironment& environment_;
  const absl::Time deadline_;
  int failures_ = 0;
  absl::Duration backoff_;
};

}  // namespace dangol::internal
