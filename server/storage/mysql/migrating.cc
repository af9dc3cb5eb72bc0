#include "server/storage/mysql/migrating.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "server/storage/mysql/pool.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {
namespace {

// Another migration may rebuild a large table meanwhile; longer, and a person
// should look.
constexpr int kLockSeconds = 60;

constexpr int kDuplicateColumn = 1060;  // ER_DUP_FIELDNAME
constexpr int kDuplicateKey = 1061;     // ER_DUP_KEYNAME

constexpr char kCreateHistory[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " version INT NOT NULL,"
    " name VARCHAR(128) NOT NULL,"
    " applied_at BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',"
    " PRIMARY KEY (version)"
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    " COMMENT='Which migrations the schema has; written by dangolctl schema migrate'";

RowHandler IntoNumber(int64_t& value) {
  return [&value](const Row& row) {
    value = row.IsNull(0) ? 0 : row.Int(0);
    return absl::OkStatus();
  };
}

class MysqlTarget final : public schema::Target {
 public:
  MysqlTarget(std::unique_ptr<Connection> connection, const std::string& database)
      : connection_(std::move(connection)) {
    lock_name_.Value(absl::StrCat("dangol.schema.", database).substr(0, 64));
  }

  absl::Span<const schema::Migration> History() const override { return schema::MysqlMigrations(); }

  absl::StatusOr<int> Version() override { return SchemaVersion(*connection_); }

  absl::Status Lock() override {
    int64_t taken = 0;
    RETURN_IF_ERROR(connection_->Run(
        absl::StrCat("SELECT GET_LOCK(", lock_name_.str(), ", ", kLockSeconds, ")"),
        IntoNumber(taken)));
    if (taken == 1) return absl::OkStatus();
    return absl::UnavailableError(
        "somebody else migrates this database right now; try again when they are done");
  }

  absl::Status Unlock() override {
    return connection_->Run(absl::StrCat("SELECT RELEASE_LOCK(", lock_name_.str(), ")"));
  }

  // DDL commits by itself, so a migration may be cut off in the middle; each of
  // its statements can be run again.
  absl::Status Apply(const schema::Migration& migration) override {
    RETURN_IF_ERROR(connection_->Run(kCreateHistory));
    for (const absl::string_view sql :
         absl::StrSplit(migration.sql, ";\n", absl::SkipWhitespace())) {
      const absl::Status status = connection_->Run(std::string(sql));
      // MySQL has no ADD COLUMN IF NOT EXISTS, and none for a key.
      const int code = status.ok() ? 0 : connection_->fault().code;
      const bool is_there = code == kDuplicateColumn || code == kDuplicateKey;
      if (!is_there) RETURN_IF_ERROR(status);
    }
    SqlText sql;
    sql.Raw("INSERT IGNORE INTO schema_migration (version, name, applied_at) VALUES ")
        .Row(int64_t{migration.version}, migration.name, absl::Now());
    return connection_->Run(sql.Take());
  }

 private:
  const std::unique_ptr<Connection> connection_;
  SqlText lock_name_;
};

}  // namespace

absl::StatusOr<int> SchemaVersion(Connection& connection) {
  int64_t tables = 0;
  RETURN_IF_ERROR(
      connection.Run("SELECT COUNT(*) FROM information_schema.tables"
                     " WHERE table_schema = DATABASE() AND table_name = 'schema_migration'",
                     IntoNumber(tables)));
  if (tables == 0) return 0;
  int64_t version = 0;
  RETURN_IF_ERROR(connection.Run("SELECT MAX(version) FROM schema_migration", IntoNumber(version)));
  return static_cast<int>(version);
}

absl::StatusOr<std::unique_ptr<schema::Target>> OpenSchema(const Location& location) {
  absl::Status last;
  for (const Host& host : location.hosts) {
    absl::StatusOr<std::unique_ptr<Connection>> connection =
        Connection::Open(location, host, Purpose::kAdmin);
    if (connection.ok()) {
      return std::make_unique<MysqlTarget>(*std::move(connection), location.database);
    }
    last = connection.status();
  }
  return last;
}

}  // namespace dangol::storage::mysql
