#include "server/lane/backlog.h"

#include "server/lane/request.h"

namespace dangol::lane {

absl::Status Backlog::Admit(size_t count, size_t bytes) {
  absl::MutexLock lock(&mutex_);
  if (closed_) return ShuttingDown();
  // Whatever comes when nothing waits is small enough.
  const bool fits = count_ + count <= max_count_ && bytes_ + bytes <= max_bytes_;
  if (count_ > 0 && !fits) return Overloaded();
  count_ += count;
  bytes_ += bytes;
  return absl::OkStatus();
}

void Backlog::Release(size_t count, size_t bytes) {
  absl::MutexLock lock(&mutex_);
  count_ -= count;
  bytes_ -= bytes;
}

size_t Backlog::count() {
  absl::MutexLock lock(&mutex_);
  return count_;
}

void Backlog::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  mutex_.Await(absl::Condition(this, &Backlog::IsEmpty));
}

}  // namespace dangol::lane
