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

// Begins with the first statement that it sends, so that it costs no round trip.
class MysqlStore::WriteTransaction final : public Transaction {
 public:
  explicit WriteTransaction(Pool::Lease connection) : connection_(std::move(connection)) {}

  ~WriteTransaction() override {
    if (!open_ || connection_->lost()) return;
    if (!connection_->Run("ROLLBACK").ok()) connection_.Drop();
  }

  absl::StatusOr<Loaded> Load(const KeySet& keys) override {
    return Loading(*connection_, keys, &ends_).Run(BeginOnce());
  }

  absl::Status Write(const WriteSet& writes) override {
    RETURN_IF_ERROR(connection_->Run(BeginOnce()));
    return WriteAll(*connection_, writes, ends_);
  }

  absl::Status Commit() override {
    if (!open_) return absl::OkStatus();
    const absl::Status status = connection_->Run("COMMIT");
    if (status.ok()) {
      open_ = false;
      return status;
    }
    if (connection_->rolled_back()) return absl::AbortedError(status.message());
    // Whatever became of it, the session must not be used for anything else.
    open_ = false;
    if (!connection_->lost()) connection_.Drop();
    return absl::UnknownError(status.message());
  }

 private:
  // The statement that begins the transaction, the first time; then one that does
  // nothing.
  std::string BeginOnce() { return std::exchange(open_, true) ? "DO 0" : kBegin; }

  Pool::Lease connection_;
  LogEnds ends_;
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
