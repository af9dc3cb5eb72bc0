#include "tests/bench/sqlite_database.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/status_macros.h"
#include "tests/bench/interrupt.h"

namespace dangol::bench {
namespace {

constexpr int kBusyMs = 10'000;

// For Fill: nothing is synced, nothing can be undone, and the pages of an index
// that is filled out of order stay in memory.
constexpr char kFillPragmas[] =
    "PRAGMA journal_mode = OFF;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA cache_size = -2000000;"
    "BEGIN IMMEDIATE";
constexpr int64_t kRowsBetweenChecks = 10'000;

absl::Status SqliteError(sqlite3* database, absl::string_view what) {
  return absl::InternalError(absl::StrCat("SQLite, ", what, ": ", sqlite3_errmsg(database)));
}

std::string BytesAt(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_blob(statement, column);
  const auto length = static_cast<size_t>(sqlite3_column_bytes(statement, column));
  return std::string(static_cast<const char*>(bytes), length);
}

Value ValueAt(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, column);
    case SQLITE_TEXT:
      return Text{BytesAt(statement, column)};
    case SQLITE_BLOB:
      return Blob{BytesAt(statement, column)};
    default:
      return std::monostate();
  }
}

// The parameters have the numbers of the columns.
std::string UpdateSql(const TableRows& rows) {
  std::string sql = absl::StrCat("UPDATE ", rows.table, " SET ");
  absl::string_view before;
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    if (!absl::c_linear_search(rows.changing, rows.columns[i])) continue;
    absl::StrAppend(&sql, before, rows.columns[i], " = ?", i + 1);
    before = ", ";
  }
  return absl::StrCat(sql, " WHERE ", rows.columns.front(), " = ?1");
}

}  // namespace

SqliteStatement& SqliteStatement::Bind(int parameter, int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int parameter, const Value& value) {
  if (const int64_t* integer = std::get_if<int64_t>(&value)) return Bind(parameter, *integer);
  if (const Text* text = std::get_if<Text>(&value)) return BindText(parameter, text->bytes);
  if (const Blob* blob = std::get_if<Blob>(&value)) return BindBlob(parameter, blob->bytes);
  sqlite3_bind_null(statement_.get(), parameter);
  return *this;
}

SqliteStatement& SqliteStatement::BindText(int parameter, absl::string_view value) {
  sqlite3_bind_text(statement_.get(), parameter, value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::BindBlob(int parameter, absl::string_view value) {
  // Without an address it would be NULL.
  const char* data = value.empty() ? "" : value.data();
  sqlite3_bind_blob(statement_.get(), parameter, data, static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

absl::Status SqliteStatement::Run() {
  const int result = sqlite3_step(statement_.get());
  sqlite3_reset(statement_.get());
  if (result == SQLITE_DONE) return absl::OkStatus();
  return SqliteError(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
}

absl::StatusOr<std::vector<Row>> SqliteStatement::Rows() {
  std::vector<Row> rows;
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement_.get())) == SQLITE_ROW) {
    Row& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
      row.push_back(ValueAt(statement_.get(), i));
    }
  }
  sqlite3_reset(statement_.get());
  if (result == SQLITE_DONE) return rows;
  return SqliteError(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> SqliteDatabase::Open(const std::string& path) {
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &database,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  auto opened = std::make_unique<SqliteDatabase>();
  opened->database_.reset(database);
  if (result != SQLITE_OK) return SqliteError(database, absl::StrCat("open ", path));
  sqlite3_busy_timeout(database, kBusyMs);
  return opened;
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

absl::StatusOr<SqliteStatement> SqliteDatabase::PrepareInsert(
    const std::string& table, const std::vector<std::string>& columns) {
  const std::vector<std::string> marks(columns.size(), "?");
  return Prepare(absl::StrCat("INSERT INTO ", table, " (", absl::StrJoin(columns, ", "),
                              ") VALUES (", absl::StrJoin(marks, ", "), ")"));
}

absl::StatusOr<std::vector<Row>> SqliteDatabase::Select(const std::string& sql) {
  ASSIGN_OR_RETURN(SqliteStatement statement, Prepare(sql));
  return statement.Rows();
}

absl::StatusOr<std::vector<std::string>> SqliteDatabase::Names(const std::string& sql) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, Select(sql));
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(BytesOf(row[0]));
  return names;
}

absl::StatusOr<std::vector<std::string>> SqliteDatabase::Tables() {
  return Names("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
}

absl::StatusOr<std::vector<std::string>> SqliteDatabase::Columns(const std::string& table) {
  return Names(absl::StrCat("SELECT name FROM pragma_table_info('", table, "') ORDER BY cid"));
}

absl::StatusOr<std::map<std::string, int64_t>> SqliteDatabase::Bytes() {
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   Select("SELECT name, sum(payload) FROM dbstat GROUP BY name"));
  std::map<std::string, int64_t> bytes;
  for (const Row& row : rows) bytes[std::string(BytesOf(row[0]))] = IntegerOf(row[1]);
  return bytes;
}

absl::Status SqliteDatabase::Fill(const std::string& table,
                                  const std::function<absl::Status(const RowSink&)>& produce) {
  RETURN_IF_ERROR(Execute(kFillPragmas));
  ASSIGN_OR_RETURN(const std::vector<std::string> columns, Columns(table));
  ASSIGN_OR_RETURN(SqliteStatement insert, PrepareInsert(table, columns));
  int64_t inserted = 0;
  const RowSink sink = [&](const Row& row) -> absl::Status {
    for (size_t i = 0; i < row.size(); ++i) insert.Bind(static_cast<int>(i) + 1, row[i]);
    if (++inserted % kRowsBetweenChecks == 0) RETURN_IF_ERROR(CheckInterrupt());
    return insert.Run();
  };
  RETURN_IF_ERROR(produce(sink));
  return Execute("COMMIT");
}

absl::Status SqliteDatabase::Write(const std::vector<TableRows>& tables) {
  RETURN_IF_ERROR(Execute("BEGIN IMMEDIATE"));
  for (const TableRows& rows : tables) RETURN_IF_ERROR(WriteTable(rows));
  return Execute("COMMIT");
}

absl::Status SqliteDatabase::WriteTable(const TableRows& rows) {
  auto known = writing_.find(rows.table);
  if (known == writing_.end()) {
    absl::StatusOr<SqliteStatement> statement =
        rows.changing.empty() ? PrepareInsert(rows.table, rows.columns) : Prepare(UpdateSql(rows));
    RETURN_IF_ERROR(statement.status());
    known = writing_.emplace(rows.table, *std::move(statement)).first;
  }
  for (const Row& row : rows.rows) {
    for (size_t i = 0; i < row.size(); ++i) known->second.Bind(static_cast<int>(i) + 1, row[i]);
    RETURN_IF_ERROR(known->second.Run());
  }
  return absl::OkStatus();
}

}  // namespace dangol::bench
