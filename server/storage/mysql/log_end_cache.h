#ifndef DANGOL_SERVER_STORAGE_MYSQL_LOG_END_CACHE_H_
#define DANGOL_SERVER_STORAGE_MYSQL_LOG_END_CACHE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "server/storage/storage.h"

namespace dangol::storage::mysql {

// The last position of some partitions of the log.
using LogEnds = absl::flat_hash_map<int, int64_t>;

// Where the partitions of the log ended when somebody last looked, or appended. As long
// as no other server appends to a partition, its end is still there.
//
// Belongs to a pool, like MemberCache, and forgets everything when that does.
// Thread-safe.
class LogEndCache {
 public:
  LogEndCache() { last_positions_.fill(kUnknown); }

  // Forgets everything; what is put in with another generation is passed over.
  void Begin(int64_t generation);

  // Adds the ends of these partitions to `ends`. False where not all are known.
  bool Find(int64_t generation, const std::vector<int>& partitions, LogEnds& ends);
  void Put(int64_t generation, const LogEnds& ends);

 private:
  static constexpr int64_t kUnknown = -1;

  absl::Mutex mutex_;
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::array<int64_t, kPartitions> last_positions_ ABSL_GUARDED_BY(mutex_);
};

// The cache, as a connection of one generation may use it.
struct CachedLogEnds {
  LogEndCache* cache = nullptr;
  int64_t generation = 0;

  bool Find(const std::vector<int>& partitions, LogEnds& ends) const {
    return cache->Find(generation, partitions, ends);
  }
  void Put(const LogEnds& ends) const { cache->Put(generation, ends); }
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_LOG_END_CACHE_H_
