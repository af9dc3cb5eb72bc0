#ifndef DANGOL_SERVER_STORAGE_MYSQL_POOL_H_
#define DANGOL_SERVER_STORAGE_MYSQL_POOL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/storage/mysql/connection.h"
#include "server/storage/mysql/log_end_cache.h"
#include "server/storage/mysql/member_cache.h"
#include "server/storage/mysql/url.h"

namespace dangol::storage::mysql {

// Connections of one purpose, kept for the next who needs one; there are as many
// as were ever needed at once, which is as many as there are threads that use
// them. Connects to the host that served last, else to the next of the list; a
// host that failed is left alone for a while, longer each time. Remembers the members
// that were seen over its connections, and where the log ended. Thread-safe.
class Pool {
 public:
  // Half of what a writer's session may be idle is surely not too long.
  static constexpr absl::Duration kMaxWriterIdle = absl::Seconds(kWriterIdleSeconds / 2);

  // A connection that was idle for longer than `max_idle` is not used again: its session
  // may have ended, and who sends COMMIT first would not know whether it took effect.
  Pool(const Location& location, Purpose purpose,
       absl::Duration max_idle = absl::InfiniteDuration());

  // A connection that goes back to its pool at the end, unless it was lost.
  class Lease {
   public:
    Lease() = default;
    Lease(Pool* pool, std::unique_ptr<Connection> connection, int64_t generation)
        : pool_(pool), connection_(std::move(connection)), generation_(generation) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_ != nullptr) pool_->Return(std::move(connection_), generation_);
    }

    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }

    CachedMembers members() const { return {&pool_->members_, generation_}; }
    CachedLogEnds log_ends() const { return {&pool_->log_ends_, generation_}; }

    // Closes the connection: its session is in a state that nobody should inherit.
    void Drop() { connection_.reset(); }

   private:
    Pool* pool_ = nullptr;
    std::unique_ptr<Connection> connection_;
    int64_t generation_ = 0;
  };

  // A connection that is idle, else a new one. UNAVAILABLE while no host can be
  // reached; FAILED_PRECONDITION where every host that can refuses us.
  absl::StatusOr<Lease> Take();

  // Closes what is idle now, and what is in use once it comes back.
  void CloseAll();

 private:
  struct Candidate {
    Host host;
    int failures = 0;  // In a row.
    absl::Time rests_until = absl::InfinitePast();
    absl::Time logged_at = absl::InfinitePast();  // That it can't be used.
  };

  struct Idle {
    std::unique_ptr<Connection> connection;
    absl::Time since;
  };

  void Return(std::unique_ptr<Connection> connection, int64_t generation);
  absl::StatusOr<std::unique_ptr<Connection>> Connect();
  // The hosts in the order in which to try them now.
  std::vector<size_t> Order() const;
  // Logs when a host can't be used any more, then once a minute, and when it can again.
  void Note(size_t candidate, const absl::Status& status);

  const Location location_;
  const Purpose purpose_;
  const absl::Duration max_idle_;
  MemberCache members_;
  LogEndCache log_ends_;
  mutable absl::Mutex mutex_;
  std::vector<Idle> idle_ ABSL_GUARDED_BY(mutex_);
  // Of the connections that may come back; a later one after CloseAll.
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Candidate> candidates_ ABSL_GUARDED_BY(mutex_);
  size_t preferred_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status last_failure_ ABSL_GUARDED_BY(mutex_) = absl::UnavailableError("no host was tried");
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_POOL_H_
