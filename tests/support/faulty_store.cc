#include "tests/support/faulty_store.h"

#include <algorithm>
#include <utility>

#include "server/common/status_macros.h"

namespace dangol::testing {

class FaultyStore::FaultyTransaction final : public storage::Transaction {
 public:
  FaultyTransaction(FaultyStore& store, std::unique_ptr<storage::Transaction> transaction)
      : store_(store), transaction_(std::move(transaction)) {}

  absl::StatusOr<storage::Loaded> Load(const storage::KeySet& keys) override {
    RETURN_IF_ERROR(store_.TakeFault(Site::kLoad));
    ASSIGN_OR_RETURN(storage::Loaded loaded, transaction_->Load(keys));
    absl::MutexLock lock(&store_.mutex_);
    if (loaded.is_current) {
      ++store_.loads_;
      store_.members_loaded_ += keys.members.size();
    } else {
      ++store_.recalls_;
    }
    return loaded;
  }

  absl::Status Write(const storage::WriteSet& writes) override {
    RETURN_IF_ERROR(store_.TakeFault(Site::kWrite));
    {
      absl::MutexLock lock(&store_.mutex_);
      if (store_.is_poison_ != nullptr && store_.is_poison_(writes)) return store_.poison_status_;
    }
    return transaction_->Write(writes);
  }

  absl::Status Commit() override {
    RETURN_IF_ERROR(store_.TakeFault(Site::kCommit));
    std::function<void()> hook;
    {
      absl::MutexLock lock(&store_.mutex_);
      hook = store_.on_commit_;
    }
    if (hook != nullptr) hook();
    RETURN_IF_ERROR(transaction_->Commit());
    {
      absl::MutexLock lock(&store_.mutex_);
      ++store_.commits_;
    }
    return store_.TakeFault(Site::kAfterCommit);
  }

 private:
  FaultyStore& store_;
  std::unique_ptr<storage::Transaction> transaction_;
};

void FaultyStore::FailNext(Site site, absl::Status status) {
  absl::MutexLock lock(&mutex_);
  faults_.emplace_back(site, std::move(status));
}

void FaultyStore::FailWrites(std::function<bool(const storage::WriteSet&)> is_poison,
                             absl::Status status) {
  absl::MutexLock lock(&mutex_);
  is_poison_ = std::move(is_poison);
  poison_status_ = std::move(status);
}

void FaultyStore::OnCommit(std::function<void()> hook) {
  absl::MutexLock lock(&mutex_);
  on_commit_ = std::move(hook);
}

int FaultyStore::commits() const {
  absl::MutexLock lock(&mutex_);
  return commits_;
}

int FaultyStore::recalls() const {
  absl::MutexLock lock(&mutex_);
  return recalls_;
}

int FaultyStore::loads() const {
  absl::MutexLock lock(&mutex_);
  return loads_;
}

size_t FaultyStore::members_loaded() const {
  absl::MutexLock lock(&mutex_);
  return members_loaded_;
}

absl::StatusOr<std::unique_ptr<storage::Transaction>> FaultyStore::Begin() {
  RETURN_IF_ERROR(TakeFault(Site::kBegin));
  ASSIGN_OR_RETURN(std::unique_ptr<storage::Transaction> transaction, store_.Begin());
  return std::make_unique<FaultyTransaction>(*this, std::move(transaction));
}

absl::Status FaultyStore::TakeFault(Site site) {
  absl::MutexLock lock(&mutex_);
  const auto fault = std::find_if(faults_.begin(), faults_.end(),
                                  [&](const auto& known) { return known.first == site; });
  if (fault == faults_.end()) return absl::OkStatus();
  absl::Status status = fault->second;
  faults_.erase(fault);
  return status;
}

}  // namespace dangol::testing
