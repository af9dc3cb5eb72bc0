#ifndef DANGOL_SERVER_LANE_SCHEDULER_H_
#define DANGOL_SERVER_LANE_SCHEDULER_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/common/clock.h"
#include "server/lane/date_keeper.h"
#include "server/lane/lanes.h"
#include "server/lane/norms_keeper.h"
#include "server/lane/read_pool.h"

namespace dangol::lane {

// Lets time have its effect on members that nothing else happens to: looks for
// those that are due, and submits an AdvanceMember for each. No answer depends
// on it (every command and read advances the member first); it keeps the
// stored ledger up to date. Several servers may do so at once: whoever comes second
// finds nothing due. It also sees to it that there are norms, and that members are
// due on the dates that a version brings. Thread-safe.
class Scheduler {
 public:
  struct Options {
    // How long it rests when nothing is due.
    absl::Duration interval = absl::Seconds(10);
  };

  Scheduler(const Options& options, ReadPool& reads, Lanes& lanes, NormsKeeper& norms,
            DateKeeper& dates, const Clock& clock);
  ~Scheduler();  // Stops.

  void Stop();

 private:
  void Loop();
  // Advances some members that are due and waits until that is committed;
  // returns how many there were.
  absl::StatusOr<size_t> RunOnce();
  bool IsStopping() const;

  const Options options_;
  ReadPool& reads_;
  Lanes& lanes_;
  NormsKeeper& norms_;
  DateKeeper& dates_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_SCHEDULER_H_
