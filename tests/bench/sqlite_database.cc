#include "tests/bench/sqlite_database.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::bench {
namespace {

constexpr int kBusyMs = 10'000;

absl::Status SqliteError(sqlite3* database, absl::string_view what) {
  return absl::InternalError(absl::StrCat("SQLite, ", what, ": ", sqlite3_errmsg(database)));
}

}  // namespace

SqliteStatement& SqliteStatement::Bind(int parameter, int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int parameter, const sqlite3_value* value) {
  sqlite3_bind_value(statement_.get(), parameter, value);
  return *this;
}

SqliteStatement& SqliteStatement::BindText(int parameter, absl::string_view value) {
  sqlite3_bind_text(statement_.get(), parameter, value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::BindBlob(int parameter, absl::string_view value) {
  sqlite3_bind_blob(statement_.get(), parameter, value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

absl::Status SqliteStatement::Run() {
  const int result = sqlite3_step(statement_.get());
  sqlite3_reset(statement_.get());
  if (result == SQLITE_DONE) return absl::OkStatus();
  return SqliteError(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
}

absl::StatusOr<std::vector<SqliteRow>> SqliteStatement::Rows() {
  std::vector<SqliteRow> rows;
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement_.get())) == SQLITE_ROW) {
    SqliteRow& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
      row.emplace_back(sqlite3_value_dup(sqlite3_column_value(statement_.get(), i)));
    }
  }
  sqlite3_reset(statement_.get());
  if (result == SQLITE_DONE) return rows;
  return SqliteError(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
}

absl::StatusOr<SqliteDatabase> SqliteDatabase::Open(const std::string& path, int flags) {
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  SqliteDatabase opened;
  opened.database_.reset(database);
  if (result != SQLITE_OK) return SqliteError(database, absl::StrCat("open ", path));
  sqlite3_busy_timeout(database, kBusyMs);
  return opened;
}

absl::StatusOr<SqliteDatabase> SqliteDatabase::OpenReadOnly(const std::string& path) {
  return Open(path, SQLITE_OPEN_READONLY);
}

absl::StatusOr<SqliteDatabase> SqliteDatabase::OpenForWriting(const std::string& path) {
  return Open(path, SQLITE_OPEN_READWRITE);
}

absl::Status SqliteDatabase::Execute(const std::string& sql) {
  const int result = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? absl::OkStatus() : SqliteError(database_.get(), sql);
}

absl::StatusOr<SqliteStatement> SqliteDatabase::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
  if (result != SQLITE_OK) return SqliteError(database_.get(), sql);
  return SqliteStatement(statement);
}

absl::StatusOr<int64_t> SqliteDatabase::Integer(const std::string& sql) {
  ASSIGN_OR_RETURN(SqliteStatement statement, Prepare(sql));
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> rows, statement.Rows());
  if (rows.size() != 1) return absl::NotFoundError(absl::StrCat("not one row: ", sql));
  return IntegerOf(rows[0][0]);
}

absl::StatusOr<std::vector<std::string>> SqliteDatabase::Columns(const std::string& table) {
  ASSIGN_OR_RETURN(SqliteStatement statement,
                   Prepare(absl::StrCat("SELECT name FROM pragma_table_info('", table, "')")));
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> rows, statement.Rows());
  std::vector<std::string> names;
  for (const SqliteRow& row : rows) names.emplace_back(BytesOf(row[0]));
  return names;
}

absl::string_view BytesOf(const SqliteValue& value) {
  const void* bytes = sqlite3_value_blob(value.get());
  return {static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_value_bytes(value.get()))};
}

int64_t IntegerOf(const SqliteValue& value) { return sqlite3_value_int64(value.get()); }

}  // namespace dangol::bench
