#ifndef DANGOL_SERVER_LANE_NORMS_KEEPER_H_
#define DANGOL_SERVER_LANE_NORMS_KEEPER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/program/norms.h"
#include "server/lane/lanes.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"

namespace dangol::lane {

// Computes norms from the population when the program wants new ones, and records them. Several
// servers may do so at once: one of them records, and the others learn of it. Thread-safe.
class NormsKeeper {
 public:
  NormsKeeper(ReadPool& reads, Lanes& lanes, ProgramLibrary& programs);

  // Does it where it is due at `now`, and waits until it is committed. Returns when it is due
  // next: InfiniteFuture where it never is by itself. Not for threads of the read pool.
  absl::StatusOr<absl::Time> KeepUp(absl::Time now);

 private:
  absl::Status Record(domain::Norms norms, int64_t known_rules);

  ReadPool& reads_;
  Lanes& lanes_;
  ProgramLibrary& programs_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_NORMS_KEEPER_H_
