#ifndef DANGOL_SERVER_LANE_LOG_BELL_H_
#define DANGOL_SERVER_LANE_LOG_BELL_H_

#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace dangol::lane {

// Tells those who follow the log that it may have grown: soon after a lane of this server has
// committed, and every second, since other servers append to the same log. Ringing costs next to
// nothing, and nobody is told more often than every few milliseconds, however many batches are
// committed. Thread-safe.
class LogBell {
 public:
  using Heard = absl::AnyInvocable<void()>;

  LogBell();
  ~LogBell();  // Nobody waits any more.

  // Whoever follows the log says so first: false where so many do that one more would slow down
  // everybody else. Each who may leaves in the end.
  bool Join();
  void Leave();

  // The log has grown.
  void Ring();

  // How often it has rung. Whoever notes this before they read misses nothing.
  uint64_t rung();

  // Calls `heard` once, on the bell's thread: at once where it has rung since `known`.
  void Await(uint64_t known, Heard heard);

 private:
  struct Waiter {
    uint64_t known;
    Heard heard;
  };

  void Loop();
  std::vector<Heard> TakeReady(bool all) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsWaitedFor() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiters_.empty();
  }
  bool IsHeard() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  uint64_t rung_ ABSL_GUARDED_BY(mutex_) = 0;
  int followers_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_LOG_BELL_H_
