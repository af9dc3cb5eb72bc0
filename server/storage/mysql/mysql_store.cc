#include "server/storage/mysql/mysql_store.h"

#include <string>
#include <utility>

#include "schema/migrations.h"
#include "server/common/status_macros.h"
#include "server/storage/mysql/loading.h"
#include "server/storage/mysql/migrating.h"
#include "server/storage/mysql/reader.h"
#include "server/storage/mysql/writing.h"

namespace dangol::storage::mysql {
namespace {

// While one batch is on its way to the disk, another is decided.
constexpr int kLanes = 2;

constexpr char kBegin[] = "START TRANSACTION";

}  // namespace

// It costs two round trips: it begins with the first statement of Load, and what is
// written goes to the server together with COMMIT. The server runs that only where
// every statement before it has succeeded, the check of versions among them.
class MysqlStore::WriteTransaction final : public Transaction {
 public:
  explicit WriteTransaction(Pool::Lease connection) : connection_(std::move(connection)) {}

  ~WriteTransaction() override {
    if (!open_ || connection_->lost()) return;
    if (!connection_->Run("ROLLBACK").ok()) connection_.Drop();
  }

  absl::StatusOr<Loaded> Load(const KeySet& keys) override {
    Script script;
    AddBegin(script);
    return Loading(*connection_, keys, &ends_).Run(std::move(script));
  }

  absl::Status Write(const WriteSet& writes) override {
    Script before;
    AddBegin(before);
    LockLogEnds(writes, ends_, before);
    RETURN_IF_ERROR(connection_->Run(before));
    AddWrites(writes, ends_, written_);
    return absl::OkStatus();
  }

  absl::Status Commit() override {
    if (!open_) return absl::OkStatus();
    written_.Add("COMMIT");
    absl::Status status = connection_->Run(written_);
    if (status.ok()) {
      open_ = false;
      return status;
    }
    const Fault& fault = connection_->fault();
    if (fault.rolled_back) return absl::AbortedError(status.message());
    if (fault.answered && !connection_->failed_at_end()) return status;
    // Whatever became of it, the session must not be used for anything else.
    open_ = false;
    if (!connection_->lost()) connection_.Drop();
    return absl::UnknownError(status.message());
  }

 private:
  void AddBegin(Script& script) {
    if (!std::exchange(open_, true)) script.Add(kBegin);
  }

  Pool::Lease connection_;
  LogEnds ends_;
  Script written_;
  bool open_ = false;
};

MysqlStore::MysqlStore(const Location& location)
    : writers_(location, Purpose::kWrite), readers_(location, Purpose::kRead) {}

absl::StatusOr<std::unique_ptr<Transaction>> MysqlStore::Begin() {
  absl::StatusOr<Pool::Lease> connection = writers_.Take();
  // To a command it is all the same why nobody answers.
  if (!connection.ok()) return absl::UnavailableError(connection.status().message());
  return std::make_unique<WriteTransaction>(*std::move(connection));
}

absl::StatusOr<std::unique_ptr<Reader>> MysqlStore::NewReader() {
  return std::make_unique<MysqlReader>(readers_);
}

absl::Status MysqlStore::Check() {
  // A connection that was idle may turn out to be lost: then a new one tells.
  for (const bool again : {true, false}) {
    ASSIGN_OR_RETURN(const Pool::Lease connection, writers_.Take());
    const absl::StatusOr<int> version = SchemaVersion(*connection);
    if (!version.ok() && connection->lost() && again) continue;
    if (absl::IsAborted(version.status())) {
      return absl::UnavailableError(version.status().message());
    }
    RETURN_IF_ERROR(version.status());
    if (has_schema_) return absl::OkStatus();
    RETURN_IF_ERROR(schema::CheckCurrent(schema::MysqlMigrations(), *version));
    has_schema_ = true;
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

int MysqlStore::lanes() const { return kLanes; }

}  // namespace dangol::storage::mysql
