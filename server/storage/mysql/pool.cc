#include "server/storage/mysql/pool.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"

namespace dangol::storage::mysql {
namespace {

// How long a host that failed is left alone: twice as long each time.
constexpr absl::Duration kFirstRest = absl::Milliseconds(50);
// A database that stays away is logged once a minute.
constexpr absl::Duration kLogAgain = absl::Minutes(1);
constexpr absl::Duration kLongestRest = absl::Seconds(2);

// Some tens of thousands of members.
constexpr size_t kCachedBytes = 48 << 20;

}  // namespace

Pool::Pool(const Location& location, Purpose purpose, absl::Duration max_idle)
    : location_(location), purpose_(purpose), max_idle_(max_idle), members_(kCachedBytes) {
  absl::MutexLock lock(&mutex_);
  for (const Host& host : location.hosts) candidates_.push_back({host});
}

absl::StatusOr<Pool::Lease> Pool::Take() {
  int64_t generation = 0;
  std::vector<Idle> stale;  // Closed after the lock is released.
  {
    absl::MutexLock lock(&mutex_);
    generation = generation_;
    const absl::Time fresh_since = absl::Now() - max_idle_;
    while (!idle_.empty()) {
      Idle idle = std::move(idle_.back());
      idle_.pop_back();
      if (idle.since > fresh_since) return Lease(this, std::move(idle.connection), generation);
      stale.push_back(std::move(idle));
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connect());
  return Lease(this, std::move(connection), generation);
}

void Pool::Return(std::unique_ptr<Connection> connection, int64_t generation) {
  // The others lead to the same host.
  if (connection->lost()) return CloseAll();
  absl::MutexLock lock(&mutex_);
  if (generation == generation_) idle_.push_back({std::move(connection), absl::Now()});
}

void Pool::CloseAll() {
  std::vector<Idle> closed;  // After the lock is released.
  absl::MutexLock lock(&mutex_);
  members_.Begin(++generation_);
  log_ends_.Begin(generation_);
  closed.swap(idle_);
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::Connect() {
  for (const size_t candidate : Order()) {
    Host host;
    {
      absl::MutexLock lock(&mutex_);
      host = candidates_[candidate].host;
    }
    absl::StatusOr<std::unique_ptr<Connection>> connection =
        Connection::Open(location_, host, purpose_);
    Note(candidate, connection.status());
    if (connection.ok()) return connection;
  }
  absl::MutexLock lock(&mutex_);
  return last_failure_;
}

std::vector<size_t> Pool::Order() const {
  const absl::Time now = absl::Now();
  std::vector<size_t> order;
  absl::MutexLock lock(&mutex_);
  for (size_t i = 0; i < candidates_.size(); ++i) {
    const size_t candidate = (preferred_ + i) % candidates_.size();
    if (candidates_[candidate].rests_until <= now) order.push_back(candidate);
  }
  return order;
}

void Pool::Note(size_t candidate, const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  Candidate& noted = candidates_[candidate];
  const Host& host = noted.host;
  if (status.ok()) {
    if (noted.failures > 0) {
      spdlog::info("the database at {}:{} can be used again", host.name, host.port);
    }
    noted.failures = 0;
    noted.rests_until = absl::InfinitePast();
    preferred_ = candidate;
    return;
  }
  last_failure_ = status;
  if (noted.failures == 0 || absl::Now() - noted.logged_at >= kLogAgain) {
    spdlog::warn("cannot use the database at {}:{}: {}", host.name, host.port, status.ToString());
    noted.logged_at = absl::Now();
  }
  const absl::Duration rest = kFirstRest * (1 << std::min(noted.failures, 10));
  noted.rests_until = absl::Now() + std::min(rest, kLongestRest);
  ++noted.failures;
}

}  // namespace dangol::storage::mysql
