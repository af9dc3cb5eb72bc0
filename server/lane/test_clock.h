#ifndef DANGOL_SERVER_LANE_TEST_CLOCK_H_
#define DANGOL_SERVER_LANE_TEST_CLOCK_H_

#include <atomic>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/common/clock.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// The clock of a test store. It stands still, and its time is in the store: it is the same
// after a restart, and for every server. What another server has made of it is seen with the
// next Refresh. Thread-safe.
class TestClock final : public Clock {
 public:
  // The clock of `store`, which must outlive it. A new store, which has no program yet, becomes
  // a test store with this time; of one that is there already the clock goes on.
  // FAILED_PRECONDITION where the store is an ordinary one.
  static absl::StatusOr<std::unique_ptr<TestClock>> Open(storage::Store& store, absl::Time start);

  absl::Time Now() const override { return absl::FromUnixMicros(micros_); }
  absl::Time RealNow() const override { return machine_.Now(); }

  // Reads it from the store, and shows the time that it has there.
  absl::StatusOr<storage::StoredClock> Refresh();

  // Writes it to the store, and shows its time only then. ABORTED where somebody else did.
  absl::Status Write(storage::StoredClock& clock);

 private:
  explicit TestClock(storage::Store& store) : store_(store) {}

  // Never earlier than what was shown before.
  void Show(absl::Time time);

  storage::Store& store_;
  const SystemClock machine_;
  std::atomic<int64_t> micros_ = 0;
  absl::Mutex mutex_;
  std::unique_ptr<storage::Reader> reader_ ABSL_GUARDED_BY(mutex_);
};

// FAILED_PRECONDITION where the store is a test store.
absl::Status CheckNoTestStore(storage::Store& store);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_TEST_CLOCK_H_
