#ifndef DANGOL_SERVER_LANE_LANE_H_
#define DANGOL_SERVER_LANE_LANE_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/lane/backlog.h"
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
  // Commits at most `max_batch` commands together, and gives the room of what it
  // has taken back to `backlog`.
  // `executed` is called after each batch that may have been committed; it must not block.
  Lane(size_t max_batch, Backlog& backlog, const Executor& executor,
       std::function<void()> executed = nullptr);
  ~Lane();  // Drains.

  // Queues requests that the backlog has admitted, to be committed together where
  // they fit.
  void Submit(std::vector<Request> requests);

  // Finishes what was queued and ends the threads. Nothing is to be submitted
  // any more.
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

  const size_t max_batch_;
  Backlog& backlog_;
  Executor executor_;  // Used by thread_ only.
  const std::function<void()> executed_;
  absl::Mutex mutex_;
  std::deque<Request> queue_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  // At most one batch waits to be completed while another one is.
  std::vector<Completion> completions_ ABSL_GUARDED_BY(mutex_);
  bool executed_all_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
  std::thread completing_thread_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_LANE_H_
