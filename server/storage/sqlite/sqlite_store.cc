#include "server/storage/sqlite/sqlite_store.h"

#include <utility>

#include "server/common/status_macros.h"
#include "server/storage/sqlite/migrating.h"
#include "server/storage/sqlite/reader.h"

namespace dangol::storage::sqlite {

// Holds the writer from Begin to the end of the transaction.
class SqliteStore::WriteTransaction final : public Transaction {
 public:
  explicit WriteTransaction(SqliteStore& store) ABSL_EXCLUSIVE_LOCK_FUNCTION(store.writer_mutex_)
      : store_(store), lock_(&store.writer_mutex_) {}

  ~WriteTransaction() override {
    if (open_) (void)store_.rollback_.Run();
  }

  absl::Status Begin() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    // A rollback that failed leaves the last transaction open.
    if (store_.connection_->InTransaction()) RETURN_IF_ERROR(store_.rollback_.Run());
    RETURN_IF_ERROR(store_.begin_.Run());
    open_ = true;
    return absl::OkStatus();
  }

  absl::StatusOr<Loaded> Load(const KeySet& keys) override ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return store_.loader_->Load(keys);
  }

  absl::Status Write(const WriteSet& writes) override ABSL_NO_THREAD_SAFETY_ANALYSIS {
    erases_ = erases_ || !writes.erasures.empty();
    return store_.writer_->Write(writes);
  }

  absl::Status Commit() override ABSL_NO_THREAD_SAFETY_ANALYSIS {
    const absl::Status status = store_.commit_.Run();
    // After an fsync that failed the commit may be in the file or not.
    if (absl::IsUnavailable(status)) return absl::UnknownError(status.message());
    RETURN_IF_ERROR(status);
    open_ = false;
    // What was erased is in the WAL still, as it was before. Where a reader is in the way, the next
    // checkpoint does it.
    if (erases_) (void)store_.connection_->Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return absl::OkStatus();
  }

 private:
  SqliteStore& store_;
  absl::MutexLock lock_;
  bool open_ = false;
  bool erases_ = false;
};

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& path) {
  std::unique_ptr<SqliteStore> store(new SqliteStore(path));
  absl::MutexLock lock(&store->writer_mutex_);
  ASSIGN_OR_RETURN(store->connection_, Connection::Open(path, Connection::Mode::kReadWriteCreate));
  RETURN_IF_ERROR(CheckOurs(*store->connection_));
  RETURN_IF_ERROR(store->connection_->Execute(kWriterPragmas));
  RETURN_IF_ERROR(MigrateToLatest(*store->connection_));
  ASSIGN_OR_RETURN(store->begin_, store->connection_->Prepare("BEGIN IMMEDIATE"));
  ASSIGN_OR_RETURN(store->commit_, store->connection_->Prepare("COMMIT"));
  ASSIGN_OR_RETURN(store->rollback_, store->connection_->Prepare("ROLLBACK"));
  ASSIGN_OR_RETURN(store->loader_, Loader::Make(*store->connection_));
  ASSIGN_OR_RETURN(store->writer_, BatchWriter::Make(*store->connection_));
  return store;
}

absl::StatusOr<std::unique_ptr<Transaction>> SqliteStore::Begin() {
  auto transaction = std::make_unique<WriteTransaction>(*this);
  RETURN_IF_ERROR(transaction->Begin());
  return transaction;
}

absl::StatusOr<std::unique_ptr<Reader>> SqliteStore::NewReader() {
  return SqliteReader::Make(path_);
}

}  // namespace dangol::storage::sqlite
