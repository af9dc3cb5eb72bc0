#ifndef DANGOL_SERVER_LANE_BACKLOG_H_
#define DANGOL_SERVER_LANE_BACKLOG_H_

#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace dangol::lane {

// Counts what waits in the queues of all lanes, and bounds it. Thread-safe.
class Backlog {
 public:
  Backlog(size_t max_count, size_t max_bytes) : max_count_(max_count), max_bytes_(max_bytes) {}

  // Makes room for requests, for all of them or none: RESOURCE_EXHAUSTED where
  // there is too little, UNAVAILABLE after Close.
  absl::Status Admit(size_t count, size_t bytes);

  // Gives room back.
  void Release(size_t count, size_t bytes);

  size_t count();

  // Admits nothing more, and returns when all room has been given back.
  void Close();

 private:
  bool IsEmpty() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return count_ == 0; }

  const size_t max_count_;
  const size_t max_bytes_;
  absl::Mutex mutex_;
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_BACKLOG_H_
