#include "server/lane/store_watch.h"

#include <utility>

namespace dangol::lane {

StoreWatch::StoreWatch(const Options& options, absl::Status initially, Probe probe,
                       OnChange on_change)
    : options_(options),
      probe_(std::move(probe)),
      on_change_(std::move(on_change)),
      thread_([this, initially = std::move(initially)] { Loop(initially); }) {}

StoreWatch::~StoreWatch() { Stop(); }

void StoreWatch::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void StoreWatch::Loop(absl::Status last) {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_),
                              last.ok() ? options_.interval : options_.interval_while_away);
      if (stopping_) return;
    }
    absl::Status now = probe_();
    if (now.code() != last.code()) on_change_(now);
    last = std::move(now);
  }
}

}  // namespace dangol::lane
