#include "server/storage/mysql/log_end_cache.h"

#include <algorithm>

namespace dangol::storage::mysql {

void LogEndCache::Begin(int64_t generation) {
  absl::MutexLock lock(&mutex_);
  generation_ = generation;
  last_positions_.fill(kUnknown);
}

bool LogEndCache::Find(int64_t generation, const std::vector<int>& partitions, LogEnds& ends) {
  absl::MutexLock lock(&mutex_);
  if (generation != generation_) return false;
  for (const int partition : partitions) {
    const int64_t last_position = last_positions_.at(partition);
    if (last_position == kUnknown) return false;
    ends[partition] = last_position;
  }
  return true;
}

// Two lanes may put the same partition in, in another order than they appended to it.
void LogEndCache::Put(int64_t generation, const LogEnds& ends) {
  absl::MutexLock lock(&mutex_);
  if (generation != generation_) return;
  for (const auto& [partition, last_position] : ends) {
    int64_t& known = last_positions_.at(partition);
    known = std::max(known, last_position);
  }
}

}  // namespace dangol::storage::mysql
