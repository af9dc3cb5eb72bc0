#pragma once

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dangol::demo {

// One line that tells how far a long job is: a moving bar on a terminal, a
// single line at the end elsewhere. Goes to standard error. Thread-safe.
class Progress {
 public:
  Progress(std::string what, int64_t total, bool terminal);

  void Add(int64_t count) ABSL_LOCKS_EXCLUDED(mutex_);
  // Says how long it took.
  void Finish() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Draw() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string what_;
  const int64_t total_;
  const bool terminal_;
  const absl::Time start_;
  absl::Mutex mutex_;
  int64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time drawn_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace dangol::demo
