#ifndef DANGOL_SERVER_LANE_CLOCK_MOVER_H_
#define DANGOL_SERVER_LANE_CLOCK_MOVER_H_

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/domain/program/calendar.h"
#include "server/lane/date_keeper.h"
#include "server/lane/lanes.h"
#include "server/lane/norms_keeper.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"
#include "server/lane/test_clock.h"

namespace dangol::lane {

// Where the clock stands after it was advanced.
struct ClockMoved {
  absl::Time now;
  bool replayed = false;  // True where it had been advanced by that request before.
};

// A wish to advance the clock: up to a moment, or by a period of the program's calendar.
struct ClockAdvance {
  std::string request_id;
  std::optional<absl::Time> to;
  domain::Period by;
  // Whether nobody waits for it any more: the clock then stays where it has got to.
  std::function<bool()> is_abandoned = [] { return false; };
  // Runs once, on the mover's thread, or the caller's where the advance is refused at once.
  absl::AnyInvocable<void(absl::StatusOr<ClockMoved>)> done;
};

// Advances the clock of a test store, and lets all of it happen that time causes on the way: it
// sets the clock to the next moment at which something is due to any member, norms are due or a
// version of the program begins,
// waits until that is in the store, and goes on to the next one. So everything is recorded at the
// moment at which it took effect, and in the order of time, whoever it concerns.
//
// Each stop is in the store before anything happens there. An advance that is cut off, by a
// crash or because nobody waits for it, leaves the clock where it has got to; the same request
// goes on from there. Thread-safe; one advance at a time.
class ClockMover {
 public:
  ClockMover(TestClock& clock, ReadPool& reads, Lanes& lanes, ProgramLibrary& programs,
             NormsKeeper& norms, DateKeeper& dates);
  ~ClockMover();  // Stops.

  void Submit(ClockAdvance advance);

  // Refuses new advances, cuts off the one that is under way, and ends the thread.
  void Stop();

 private:
  void Loop();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !waiting_.empty() || stopping_;
  }
  bool IsStopping() const;

  absl::StatusOr<ClockMoved> Run(const ClockAdvance& advance);
  // Where an advance leads that was asked for when the clock stood at `from`.
  absl::StatusOr<absl::Time> TargetOf(const ClockAdvance& advance, absl::Time from) const;
  // Takes the clock from stop to stop.
  absl::Status Travel(const ClockAdvance& advance, storage::StoredClock& clock);
  // Lets everything happen that is due where the clock stands.
  absl::Status SettleDue(const ClockAdvance& advance, const storage::StoredClock& clock);

  TestClock& clock_;
  ReadPool& reads_;
  Lanes& lanes_;
  ProgramLibrary& programs_;
  NormsKeeper& norms_;
  DateKeeper& dates_;
  mutable absl::Mutex mutex_;
  std::deque<ClockAdvance> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_CLOCK_MOVER_H_
