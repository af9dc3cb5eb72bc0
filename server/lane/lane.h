#ifndef DANGOL_SERVER_LANE_LANE_H_
#define DANGOL_SERVER_LANE_LANE_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/common/limits.h"
#include "server/lane/executor.h"
#include "server/lane/request.h"

namespace dangol::lane {

// One thread that takes whatever is waiting and has it committed together; while
// it commits, the next batch gathers. It never waits for more to come: an idle
// lane runs one command at once, a busy one commits hundreds with one fsync.
//
// Sending a reply costs about as much as deciding on a command. So where more
// commands wait already, a second thread completes the batch while the first one
// goes on; where none do, the first one completes it, which is sooner.
// Thread-safe.
class Lane {
 public:
  struct Options {
    size_t max_queued = limits::kMaxQueuedCommands;
    size_t max_queued_bytes = limits::kMaxQueuedBytes;
    size_t max_batch = limits::kMaxCommandsPerCommit;
  };

  Lane(const Options& options, Executor& executor);
  ~Lane();  // Drains.

  // Queues a request. Refused at once, on the caller's thread, with
  // RESOURCE_EXHAUSTED where the queue is full, and with UNAVAILABLE after
  // Drain.
  void Submit(Request request);

  // Queues several, to be committed together where they fit. All of them are
  // queued or none.
  void SubmitAll(std::vector<Request> requests);

  // Refuses new requests, finishes what was queued, and ends the threads.
  void Drain();

 private:
  void Loop();
  void CompleteLoop();
  // Completes a batch here, or leaves it to the other thread.
  void Complete(std::vector<Completion> completions);
  std::vector<Request> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !queue_.empty() || draining_;
  }
  bool HasCompletions() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !completions_.empty() || executed_all_;
  }
  bool HasNoCompletions() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return completions_.empty();
  }
  // Why nothing more can be queued; OK if it can.
  absl::Status Admits(size_t count, size_t bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  Executor& executor_;
  absl::Mutex mutex_;
  std::deque<Request> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  // At most one batch waits to be completed while another one is.
  std::vector<Completion> completions_ ABSL_GUARDED_BY(mutex_);
  bool executed_all_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
  std::thread completing_thread_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_LANE_H_
