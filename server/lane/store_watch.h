#ifndef DANGOL_SERVER_LANE_STORE_WATCH_H_
#define DANGOL_SERVER_LANE_STORE_WATCH_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dangol::lane {

// Asks every now and then whether the store can be used, and tells when the
// answer has changed. Commands don't wait for it: they find out by themselves.
// Thread-safe.
class StoreWatch {
 public:
  struct Options {
    absl::Duration interval = absl::Seconds(1);
    absl::Duration interval_while_away = absl::Milliseconds(100);
  };
  using Probe = std::function<absl::Status()>;
  using OnChange = std::function<void(const absl::Status& status)>;

  // `initially` is the answer that is known. Both functions are called on the
  // watch's own thread.
  StoreWatch(const Options& options, absl::Status initially, Probe probe, OnChange on_change);
  ~StoreWatch();  // Stops.

  void Stop();

 private:
  void Loop(absl::Status last);

  const Options options_;
  const Probe probe_;
  const OnChange on_change_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_STORE_WATCH_H_
