#include "server/lane/log_bell.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/common/limits.h"

namespace dangol::lane {

LogBell::LogBell() : thread_([this] { Loop(); }) {}

LogBell::~LogBell() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

bool LogBell::Join() {
  absl::MutexLock lock(&mutex_);
  if (followers_ == limits::kMaxLogFollowers) return false;
  ++followers_;
  return true;
}

void LogBell::Leave() {
  absl::MutexLock lock(&mutex_);
  --followers_;
}

void LogBell::Ring() {
  absl::MutexLock lock(&mutex_);
  ++rung_;
}

uint64_t LogBell::rung() {
  absl::MutexLock lock(&mutex_);
  return rung_;
}

void LogBell::Await(uint64_t known, Heard heard) {
  absl::MutexLock lock(&mutex_);
  waiters_.push_back({known, std::move(heard)});
}

bool LogBell::IsHeard() const {
  const uint64_t rung = rung_;
  return stopping_ || std::any_of(waiters_.begin(), waiters_.end(),
                                  [rung](const Waiter& waiter) { return waiter.known != rung; });
}

std::vector<LogBell::Heard> LogBell::TakeReady(bool all) {
  const uint64_t rung = rung_;
  const auto ready = std::stable_partition(
      waiters_.begin(), waiters_.end(),
      [all, rung](const Waiter& waiter) { return !all && waiter.known == rung; });
  std::vector<Heard> taken;
  for (auto waiter = ready; waiter != waiters_.end(); ++waiter) {
    taken.push_back(std::move(waiter->heard));
  }
  waiters_.erase(ready, waiters_.end());
  return taken;
}

void LogBell::Loop() {
  while (true) {
    std::vector<Heard> ready;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &LogBell::IsWaitedFor));
      // Past the time others may have appended.
      const bool is_heard = mutex_.AwaitWithTimeout(absl::Condition(this, &LogBell::IsHeard),
                                                    limits::kLogPollInterval);
      if (stopping_) return;
      ready = TakeReady(/*all=*/!is_heard);
    }
    for (Heard& heard : ready) heard();
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), limits::kLogPause);
  }
}

}  // namespace dangol::lane
