#include "server/storage/sqlite/migrating.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "schema/migrations.h"
#include "server/common/status_macros.h"

namespace dangol::storage::sqlite {
namespace {

// The version is kept in the file's header, in what SQLite calls user_version.
class SqliteTarget final : public schema::Target {
 public:
  explicit SqliteTarget(Connection& connection) : connection_(connection) {}

  absl::StatusOr<int> Version() override {
    ASSIGN_OR_RETURN(Statement statement, connection_.Prepare("PRAGMA user_version"));
    RETURN_IF_ERROR(statement.Step().status());
    return static_cast<int>(statement.Int(0));
  }

  absl::Status Apply(const schema::Migration& migration) override {
    return connection_.Execute(
        absl::StrCat(migration.sql, ";PRAGMA user_version = ", migration.version, ";"));
  }

 private:
  Connection& connection_;
};

}  // namespace

absl::Status CheckOurs(Connection& connection) {
  ASSIGN_OR_RETURN(const int version, SqliteTarget(connection).Version());
  RETURN_IF_ERROR(schema::CheckVersion(schema::SqliteMigrations(), version));
  ASSIGN_OR_RETURN(Statement tables, connection.Prepare("SELECT count(*) FROM sqlite_schema"));
  RETURN_IF_ERROR(tables.Step().status());
  if (version == 0 && tables.Int(0) > 0) {
    return absl::FailedPreconditionError("the file is the database of another program");
  }
  return absl::OkStatus();
}

absl::Status MigrateToLatest(Connection& connection) {
  // The write lock comes first: it keeps another process out, and tells now
  // whether the file can be written at all.
  RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  SqliteTarget target(connection);
  absl::Status status = schema::Migrate(schema::SqliteMigrations(), target);
  if (status.ok()) status = connection.Execute("COMMIT");
  if (!status.ok()) (void)connection.Execute("ROLLBACK");
  return status;
}

}  // namespace dangol::storage::sqlite
