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
constexpr absl::Duration kLongestRest = absl::Seconds(2);

}  // namespace

Pool::Pool(const Location& location, Purpose purpose) : location_(location), purpose_(purpose) {
  absl::MutexLock lock(&mutex_);
  for (const Host& host : location.hosts) candidates_.push_back({host});
}

absl::StatusOr<Pool::Lease> Pool::Take() {
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      Lease lease(this, std::move(idle_.back()));
      idle_.pop_back();
      return lease;
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connect());
  return Lease(this, std::move(connection));
}

void Pool::Return(std::unique_ptr<Connection> connection) {
  std::vector<std::unique_ptr<Connection>> closed;
  absl::MutexLock lock(&mutex_);
  if (!connection->lost()) {
    idle_.push_back(std::move(connection));
    return;
  }
  // The others lead to the same host.
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
    Note(candidate, connection.ok());
    if (connection.ok()) return connection;
    spdlog::warn("cannot use the database at {}:{}: {}", host.name, host.port,
                 connection.status().ToString());
    absl::MutexLock lock(&mutex_);
    last_failure_ = connection.status();
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

void Pool::Note(size_t candidate, bool reached) {
  absl::MutexLock lock(&mutex_);
  Candidate& noted = candidates_[candidate];
  if (reached) {
    noted.failures = 0;
    preferred_ = candidate;
    return;
  }
  const absl::Duration rest = kFirstRest * (1 << std::min(noted.failures, 10));
  noted.rests_until = absl::Now() + std::min(rest, kLongestRest);
  ++noted.failures;
}

}  // namespace dangol::storage::mysql
