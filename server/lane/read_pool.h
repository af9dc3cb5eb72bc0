#ifndef DANGOL_SERVER_LANE_READ_POOL_H_
#define DANGOL_SERVER_LANE_READ_POOL_H_

#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/common/clock.h"
#include "server/common/limits.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"
#include "server/lane/program_library.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// What a read of a member is answered with. The state is as it is stored: let
// time have its effect (domain::Advance) before you show it.
struct MemberView {
  const domain::MemberState* member = nullptr;  // Null if there is no such member.
  // Who of their household was named, where the member is its head; else null.
  const domain::MemberState* person = nullptr;
  const domain::AliasOwners* aliases = nullptr;
  const domain::SharedCounters* counters = nullptr;
  const domain::ProgramCatalog* catalog = nullptr;
  absl::Time now;
};

// A few threads with a connection each that answer reads. Reads of single
// members coalesce: a thread takes all that wait and loads them at once. One
// thread does nothing else, so that a long query keeps no member's reader waiting.
// Thread-safe.
class ReadPool {
 public:
  using MemberDone = absl::AnyInvocable<void(absl::StatusOr<MemberView>)>;
  // What to read, by the program and at the time that the view will have. Called again
  // where the store turns out to have a newer version of the program.
  using MakeReads =
      absl::AnyInvocable<domain::Reads(const domain::ProgramCatalog& catalog, absl::Time now)>;
  // OK: here is a reader; otherwise why there is none.
  using Query = absl::AnyInvocable<void(absl::StatusOr<storage::Reader*>)>;

  struct Options {
    int threads = 2;
    size_t max_queued = limits::kMaxQueuedReads;
  };

  ReadPool(const Options& options, storage::Store& store, ProgramLibrary& programs,
           const Clock& clock);
  ~ReadPool();  // Drains.

  // Reads what `reads` asks for. `done` runs once, on a thread of the pool or,
  // when the read is refused, of the caller; what it is given is valid only
  // within the call.
  void ReadMember(domain::Reads reads, MemberDone done);
  // The same where it depends on the program what to read. `make_reads` runs on a thread of
  // the pool.
  void ReadMember(MakeReads make_reads, MemberDone done);

  // Runs `query` with a reader.
  void Run(Query query);
  // The same, and waits until it is done: not for threads of the pool.
  absl::Status RunAndWait(absl::FunctionRef<absl::Status(storage::Reader& reader)> query);

  // How many reads wait.
  size_t queued();

  // Refuses new reads, answers those that wait, and ends the threads.
  void Drain();

 private:
  struct MemberRead {
    MakeReads make_reads;
    MemberDone done;
    domain::Reads reads;  // What was read.
  };

  // What was read of the members, and by which program and at what time.
  struct Found {
    storage::Loaded loaded;
    std::shared_ptr<const domain::ProgramCatalog> catalog;
    absl::Time now;
  };

  void Loop(bool takes_queries);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !member_reads_.empty() || !queries_.empty() || draining_;
  }
  bool HasMemberReads() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !member_reads_.empty() || draining_;
  }
  std::vector<MemberRead> TakeMemberReads() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Admits() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Answer(storage::Reader& reader, std::vector<MemberRead> batch);
  absl::StatusOr<Found> Load(storage::Reader& reader, std::vector<MemberRead>& batch);

  const Options options_;
  storage::Store& store_;
  ProgramLibrary& programs_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::deque<MemberRead> member_reads_ ABSL_GUARDED_BY(mutex_);
  std::deque<Query> queries_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_READ_POOL_H_
