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

}  // namespace

// It begins with the first statement that its session sends. COMMIT has a packet of
// its own: where Galera rolls a transaction back in the middle of a packet, a COMMIT
// in the same packet would commit what came after.
class MysqlStore::WriteTransaction final : public Transaction {
 public:
  explicit WriteTransaction(Pool::Lease connection) : connection_(std::move(connection)) {}

  ~WriteTransaction() override {
    if (!open_ || connection_->lost()) return;
    if (!connection_->Run("ROLLBACK").ok()) connection_.Drop();
  }

  absl::StatusOr<Loaded> Load(const KeySet& keys) override {
    open_ = true;
    return Loading(*connection_, keys, &ends_).Run({});
  }

  absl::Status Write(const WriteSet& writes) override {
    open_ = true;
    return WriteAll(*connection_, writes, ends_);
  }

  absl::Status Commit() override {
    if (!open_) return absl::OkStatus();
    absl::Status status = connection_->Run("COMMIT");
    if (status.ok()) {
      open_ = false;
      return status;
    }
    if (connection_->fault().rolled_back) return absl::AbortedError(status.message());
    // Whatever became of it, the session must not be used for anything else.
    open_ = false;
    if (!connection_->lost()) connection_.Drop();
    return absl::UnknownError(status.message());
  }

 private:
  Pool::Lease connection_;
  LogEnds ends_;
  bool open_ = false;
};

MysqlStore::MysqlStore(const Location& location)
    : writers_(location, Purpose::kWrite),
      readers_(location, Purpose::kRead),
      reports_(location, Purpose::kLongRead) {}

absl::StatusOr<std::unique_ptr<Transaction>> MysqlStore::Begin() {
  absl::StatusOr<Pool::Lease> connection = writers_.Take();
  // To a command it is all the same why nobody answers.
  if (!connection.ok()) return absl::UnavailableError(connection.status().message());
  return std::make_unique<WriteTransaction>(*std::move(connection));
}

absl::StatusOr<std::unique_ptr<Reader>> MysqlStore::NewReader() {
  return std::make_unique<MysqlReader>(readers_, reports_);
}

absl::Status MysqlStore::Check() {
  // A connection that was idle may turn out to be lost: then a new one tells.
  for (const bool again : {true, false}) {
    ASSIGN_OR_RETURN(Pool::Lease connection, writers_.Take());
    absl::Status status = CheckHost(*connection);
    if (status.ok()) return status;
    const bool lost = connection->lost();
    connection.Drop();
    if (lost && again) continue;
    // Whatever else leads to this host is of no use either.
    if (absl::IsUnavailable(status)) {
      for (Pool* pool : {&writers_, &readers_, &reports_}) pool->CloseAll();
    }
    return absl::IsAborted(status) ? absl::UnavailableError(status.message()) : status;
  }
  return absl::OkStatus();
}

absl::Status MysqlStore::CheckHost(Connection& connection) {
  RETURN_IF_ERROR(connection.CheckWritable());
  if (!has_schema_) {
    ASSIGN_OR_RETURN(const int version, SchemaVersion(connection));
    RETURN_IF_ERROR(schema::CheckCurrent(schema::MysqlMigrations(), version));
    has_schema_ = true;
  }
  return connection.Run("ROLLBACK");
}

int MysqlStore::lanes() const { return kLanes; }

}  // namespace dangol::storage::mysql
