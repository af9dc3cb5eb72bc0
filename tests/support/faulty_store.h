#ifndef DANGOL_TESTS_SUPPORT_FAULTY_STORE_H_
#define DANGOL_TESTS_SUPPORT_FAULTY_STORE_H_

#include <deque>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/storage/storage.h"

namespace dangol::testing {

// A store that works on another one and fails where it is told to. Thread-safe.
class FaultyStore final : public storage::Store {
 public:
  enum class Site { kBegin, kLoad, kWrite, kCommit, kAfterCommit };

  explicit FaultyStore(storage::Store& store) : store_(store) {}

  // The next call at `site` fails with `status`; several calls queue up. At
  // kAfterCommit the commit takes effect and its answer is lost.
  void FailNext(Site site, absl::Status status);

  // Every write set for which `is_poison` holds fails with `status`.
  void FailWrites(std::function<bool(const storage::WriteSet&)> is_poison, absl::Status status);

  // Called before each commit, outside of any lock.
  void OnCommit(std::function<void()> hook);

  // How many transactions were committed.
  int commits() const;

  // How many loads were answered from memory.
  int recalls() const;
  // How many loads were answered by the database, and how many members they named.
  int loads() const;
  size_t members_loaded() const;

  absl::StatusOr<std::unique_ptr<storage::Transaction>> Begin() override;
  absl::StatusOr<std::unique_ptr<storage::Reader>> NewReader() override {
    return store_.NewReader();
  }
  absl::Status Check() override { return store_.Check(); }
  int lanes() const override { return store_.lanes(); }

 private:
  class FaultyTransaction;

  absl::Status TakeFault(Site site);

  storage::Store& store_;
  mutable absl::Mutex mutex_;
  std::deque<std::pair<Site, absl::Status>> faults_ ABSL_GUARDED_BY(mutex_);
  std::function<bool(const storage::WriteSet&)> is_poison_ ABSL_GUARDED_BY(mutex_);
  absl::Status poison_status_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_commit_ ABSL_GUARDED_BY(mutex_);
  int commits_ ABSL_GUARDED_BY(mutex_) = 0;
  int recalls_ ABSL_GUARDED_BY(mutex_) = 0;
  int loads_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t members_loaded_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_FAULTY_STORE_H_
