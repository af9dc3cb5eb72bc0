#ifndef DANGOL_SERVER_LANE_OBSERVER_H_
#define DANGOL_SERVER_LANE_OBSERVER_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// A batch that was committed, and how long its steps took.
struct CommittedBatch {
  const storage::WriteSet& writes;
  bool is_recalled = false;  // It was decided upon what was remembered, and nothing was read.
  absl::Duration load;
  absl::Duration decide;
  absl::Duration write;
  absl::Duration commit;
};

// Is told what the lanes do. It is called on their threads, between two batches: it must be
// thread-safe and quick.
class Observer {
 public:
  virtual ~Observer() = default;

  virtual void OnCommitted(const CommittedBatch& batch) = 0;
  // An attempt to commit failed: `status` as the seam has it. It may be tried again.
  virtual void OnFault(const absl::Status& status) = 0;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_OBSERVER_H_
