#ifndef DANGOL_SERVER_STORAGE_MYSQL_MEMBER_CACHE_H_
#define DANGOL_SERVER_STORAGE_MYSQL_MEMBER_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "server/domain/state.h"

namespace dangol::storage::mysql {

// Members as they were last seen in the database: with their lots or without, and with
// the reservations that are held where there are lots; of their aliases those by which
// they were named; nothing else of theirs. A member's version changes with everything of
// theirs, so whoever finds the same version in the database finds the same state, and
// need not read it.
//
// Bounded in bytes: who was not asked for the longest is forgotten first. Belongs to
// a pool and forgets everything when the pool closes its connections: another host,
// or one that was restored from a backup, may count the same versions again.
// Thread-safe.
class MemberCache {
 public:
  using Entry = std::shared_ptr<const domain::MemberState>;

  explicit MemberCache(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Forgets everything; what is put in with another generation is passed over.
  void Begin(int64_t generation);

  // Null where the member is not here.
  Entry Find(int64_t generation, const domain::MemberId& id);
  // Whose alias it was; nothing where that is not known here.
  std::optional<domain::MemberId> FindOwner(int64_t generation, const domain::Alias& alias);
  void Put(int64_t generation, Entry state);

 private:
  struct Place {
    Entry state;
    size_t bytes;
  };
  using Places = std::list<Place>;

  void Remove(Places::iterator place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetAliases(const domain::MemberState& state) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_bytes_;
  absl::Mutex mutex_;
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  Places places_ ABSL_GUARDED_BY(mutex_);  // Last asked for first.
  absl::flat_hash_map<domain::MemberId, Places::iterator> by_id_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<domain::Alias, domain::MemberId> by_alias_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The cache, as a connection of one generation may use it.
struct CachedMembers {
  MemberCache* cache = nullptr;  // Null: none.
  int64_t generation = 0;

  MemberCache::Entry Find(const domain::MemberId& id) const {
    return cache == nullptr ? nullptr : cache->Find(generation, id);
  }
  std::optional<domain::MemberId> FindOwner(const domain::Alias& alias) const {
    return cache == nullptr ? std::nullopt : cache->FindOwner(generation, alias);
  }
  void Put(MemberCache::Entry state) const {
    if (cache != nullptr) cache->Put(generation, std::move(state));
  }
};

}  // namespace dangol::storage::mysql

#endif  // DANGOL_SERVER_STORAGE_MYSQL_MEMBER_CACHE_H_
