#include "server/lane/scheduler.h"

#include <spdlog/spdlog.h>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/lane/due_members.h"

namespace dangol::lane {

Scheduler::Scheduler(const Options& options, ReadPool& reads, Lanes& lanes, NormsKeeper& norms,
                     DateKeeper& dates, const Clock& clock)
    : options_(options),
      reads_(reads),
      lanes_(lanes),
      norms_(norms),
      dates_(dates),
      clock_(clock),
      thread_([this] { Loop(); }) {}

Scheduler::~Scheduler() { Stop(); }

void Scheduler::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Scheduler::Loop() {
  while (true) {
    const absl::StatusOr<size_t> advanced = RunOnce();
    if (absl::IsCancelled(advanced.status())) return;
    if (!advanced.ok()) {
      spdlog::warn("could not advance the members that are due: {}", advanced.status().ToString());
    }
    const absl::Status norms = norms_.KeepUp(clock_.Now()).status();
    if (!norms.ok()) spdlog::warn("could not compute norms: {}", norms.ToString());
    const absl::Status dates = dates_.KeepUp(clock_.Now()).status();
    if (!dates.ok()) spdlog::warn("could not keep up with dates: {}", dates.ToString());
    // More may be due at once after a full round.
    const bool more = advanced.ok() && *advanced >= limits::kMaxDueMembersPerRound;
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_),
                            more ? absl::ZeroDuration() : options_.interval);
    if (stopping_) return;
  }
}

absl::StatusOr<size_t> Scheduler::RunOnce() {
  return AdvanceDueMembers(reads_, lanes_, clock_.Now(), limits::kMaxDueMembersPerRound,
                           [this] { return IsStopping(); });
}

bool Scheduler::IsStopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

}  // namespace dangol::lane
