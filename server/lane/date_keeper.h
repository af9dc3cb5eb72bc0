#ifndef DANGOL_SERVER_LANE_DATE_KEEPER_H_
#define DANGOL_SERVER_LANE_DATE_KEEPER_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/lane/lanes.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"

namespace dangol::lane {

// Sees to it that members who were there before a version of the program began are due on the
// dates that it brings (birthdays and the like): nobody's row is written when a version begins,
// so it goes through all members, once for each version and server, and advances those who are
// not. Several servers may do so at once. Thread-safe.
class DateKeeper {
 public:
  DateKeeper(ReadPool& reads, Lanes& lanes, ProgramLibrary& programs);

  // Does it where it is due at `now`, and waits until it is committed. Returns when another
  // version begins: InfiniteFuture where none is to. Not for threads of the read pool.
  absl::StatusOr<absl::Time> KeepUp(absl::Time now);

 private:
  absl::Status GoThrough(const domain::ProgramCatalog& catalog, absl::Time now);

  ReadPool& reads_;
  Lanes& lanes_;
  ProgramLibrary& programs_;
  absl::Mutex mutex_;
  int64_t version_ ABSL_GUARDED_BY(mutex_) = 0;  // That was gone through for last.
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_DATE_KEEPER_H_
