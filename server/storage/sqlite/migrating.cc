#include "server/storage/sqlite/migrating.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::storage::sqlite {
namespace {

// The version is kept in the file's header, in what SQLite calls user_version.
class SqliteTarget final : public schema::Target {
 public:
  explicit SqliteTarget(Connection& connection) : connection_(connection) {}
  explicit SqliteTarget(std::unique_ptr<Connection> connection)
      : owned_(std::move(connection)), connection_(*owned_) {}
  ~SqliteTarget() override {
    if (connection_.InTransaction()) (void)connection_.Execute("ROLLBACK");
  }

  absl::Span<const schema::Migration> History() const override {
    return schema::SqliteMigrations();
  }

  absl::StatusOr<int> Version() override {
    ASSIGN_OR_RETURN(Statement statement, connection_.Prepare("PRAGMA user_version"));
    RETURN_IF_ERROR(statement.Step().status());
    return static_cast<int>(statement.Int(0));
  }

  // The write lock keeps another process out, and tells now whether the file can
  // be written at all.
  absl::Status Lock() override { return connection_.Execute("BEGIN IMMEDIATE"); }
  absl::Status Unlock() override { return connection_.Execute("COMMIT"); }

  absl::Status Apply(const schema::Migration& migration) override {
    return connection_.Execute(
        absl::StrCat(migration.sql, ";PRAGMA user_version = ", migration.version, ";"));
  }

 private:
  const std::unique_ptr<Connection> owned_;
  Connection& connection_;
};

}  // namespace

absl::Status CheckOurs(Connection& connection) {
  ASSIGN_OR_RETURN(const int version, SqliteTarget(connection).Version());
  RETURN_IF_ERROR(schema::CheckNotNewer(schema::SqliteMigrations(), version));
  ASSIGN_OR_RETURN(Statement tables, connection.Prepare("SELECT count(*) FROM sqlite_schema"));
  RETURN_IF_ERROR(tables.Step().status());
  if (version == 0 && tables.Int(0) > 0) {
    return absl::FailedPreconditionError("the file is the database of another program");
  }
  return absl::OkStatus();
}

absl::Status MigrateToLatest(Connection& connection) {
  SqliteTarget target(connection);
  return schema::Migrate(target);
}

absl::StatusOr<std::unique_ptr<schema::Target>> OpenSchema(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return absl::NotFoundError(
        absl::StrCat("there is no file ", path, "; dangold makes it when it starts"));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                   Connection::Open(path, Connection::Mode::kReadWriteCreate));
  RETURN_IF_ERROR(CheckOurs(*connection));
  return std::make_unique<SqliteTarget>(std::move(connection));
}

}  // namespace dangol::storage::sqlite
