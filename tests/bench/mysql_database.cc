#include "tests/bench/mysql_database.h"

#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <mysql_driver.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/status_macros.h"
#include "server/storage/mysql/url.h"

namespace dangol::bench {
namespace {

// As dangold's own sessions have it.
constexpr char kSession[] =
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION';"
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

sql::Driver& Driver() {
  static sql::Driver* const driver = sql::mysql::get_driver_instance();
  return *driver;
}

absl::Status MysqlError(const sql::SQLException& error, absl::string_view what) {
  return absl::InternalError(
      absl::StrCat("MySQL, ", what.substr(0, 100), ": ", error.getErrorCode(), " ", error.what()));
}

sql::ConnectOptionsMap OptionsOf(const storage::mysql::Location& location) {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(location.hosts[0].name);
  options["port"] = location.hosts[0].port;
  options["userName"] = sql::SQLString(location.user);
  options["password"] = sql::SQLString(location.password);
  options["schema"] = sql::SQLString(location.database);
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  options["CLIENT_MULTI_STATEMENTS"] = true;
  options["OPT_LOCAL_INFILE"] = 1;  // For Fill.
  return options;
}

// Which kind of value the columns of a result hold.
enum class Kind { kInteger, kText, kBlob };

Kind KindOf(int type) {
  switch (type) {
    case sql::DataType::TINYINT:
    case sql::DataType::SMALLINT:
    case sql::DataType::INTEGER:
    case sql::DataType::BIGINT:
    case sql::DataType::DECIMAL:  // The sum of integers.
      return Kind::kInteger;
    case sql::DataType::BINARY:
    case sql::DataType::VARBINARY:
    case sql::DataType::LONGVARBINARY:
      return Kind::kBlob;
    default:
      return Kind::kText;
  }
}

Value ValueAt(const sql::ResultSet& result, uint32_t column, Kind kind) {
  if (result.isNull(column)) return std::monostate();
  if (kind == Kind::kInteger) return result.getInt64(column);
  std::string bytes = result.getString(column).asStdString();
  if (kind == Kind::kBlob) return Blob{std::move(bytes)};
  return Text{std::move(bytes)};
}

std::vector<Row> RowsOf(sql::ResultSet& result) {
  sql::ResultSetMetaData* const columns = result.getMetaData();
  std::vector<Kind> kinds;
  for (uint32_t i = 1; i <= columns->getColumnCount(); ++i) {
    kinds.push_back(KindOf(columns->getColumnType(i)));
  }
  std::vector<Row> rows;
  while (result.next()) {
    Row& row = rows.emplace_back();
    for (uint32_t i = 1; i <= kinds.size(); ++i) row.push_back(ValueAt(result, i, kinds[i - 1]));
  }
  return rows;
}

void AppendInsert(const TableRows& rows, storage::mysql::SqlText& sql) {
  sql.Raw(";INSERT INTO ").Raw(rows.table).Raw(" (").Raw(absl::StrJoin(rows.columns, ","));
  absl::string_view before_row = ") VALUES ";
  for (const Row& row : rows.rows) {
    sql.Raw(before_row);
    before_row = ",";
    absl::string_view before = "(";
    for (const Value& value : row) {
      AppendLiteral(value, sql.Raw(before));
      before = ",";
    }
    sql.Raw(")");
  }
  absl::string_view before = " ON DUPLICATE KEY UPDATE ";
  for (const std::string& column : rows.changing) {
    sql.Raw(before).Raw(column).Raw(" = VALUES(").Raw(column).Raw(")");
    before = ",";
  }
}

}  // namespace

void AppendLiteral(const Value& value, storage::mysql::SqlText& sql) {
  if (const int64_t* integer = std::get_if<int64_t>(&value)) {
    sql.Value(*integer);
  } else if (const Blob* blob = std::get_if<Blob>(&value)) {
    sql.Value(storage::mysql::SqlText::Blob{blob->bytes});
  } else if (const Text* text = std::get_if<Text>(&value)) {
    sql.Value(text->bytes);
  } else {
    sql.Raw("NULL");
  }
}

absl::StatusOr<std::unique_ptr<MysqlDatabase>> MysqlDatabase::Open(const std::string& url) {
  ASSIGN_OR_RETURN(const storage::mysql::Location location, storage::mysql::ParseUrl(url));
  std::unique_ptr<MysqlDatabase> database;
  try {
    sql::ConnectOptionsMap options = OptionsOf(location);
    std::unique_ptr<sql::Connection> connection(Driver().connect(options));
    database.reset(new MysqlDatabase(std::move(connection)));
  } catch (const sql::SQLException& error) {
    return MysqlError(error, "connect");
  }
  RETURN_IF_ERROR(database->ExecuteAll(kSession, 2));
  return database;
}

absl::Status MysqlDatabase::ExecuteAll(const std::string& sql, int statements) {
  try {
    statement_->execute(sql);
    for (int i = 1; i < statements; ++i) statement_->getMoreResults();
    return absl::OkStatus();
  } catch (const sql::SQLException& error) {
    return MysqlError(error, sql);
  }
}

absl::StatusOr<std::vector<Row>> MysqlDatabase::Select(const std::string& sql) {
  try {
    const std::unique_ptr<sql::ResultSet> result(statement_->executeQuery(sql));
    return RowsOf(*result);
  } catch (const sql::SQLException& error) {
    return MysqlError(error, sql);
  }
}

absl::StatusOr<std::vector<std::string>> MysqlDatabase::Names(const std::string& sql) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, Select(sql));
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(BytesOf(row[0]));
  return names;
}

absl::StatusOr<std::vector<std::string>> MysqlDatabase::Tables() {
  return Names(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
      " ORDER BY table_name");
}

absl::StatusOr<std::vector<std::string>> MysqlDatabase::Columns(const std::string& table) {
  return Names(
      absl::StrCat("SELECT column_name FROM information_schema.columns"
                   " WHERE table_schema = DATABASE() AND table_name = '",
                   table, "' ORDER BY ordinal_position"));
}

absl::StatusOr<std::map<std::string, int64_t>> MysqlDatabase::Bytes() {
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, Tables());
  std::map<std::string, int64_t> bytes;
  for (const std::string& table : tables) {
    ASSIGN_OR_RETURN(const std::vector<std::string> columns, Columns(table));
    std::string sum = "0";
    for (const std::string& column : columns) {
      absl::StrAppend(&sum, " + COALESCE(LENGTH(", column, "), 0)");
    }
    ASSIGN_OR_RETURN(bytes[table],
                     Integer(absl::StrCat("SELECT COALESCE(SUM(", sum, "), 0) FROM ", table)));
  }
  return bytes;
}

// In one round trip, as the server does.
absl::Status MysqlDatabase::Write(const std::vector<TableRows>& tables) {
  storage::mysql::SqlText sql;
  sql.Raw("START TRANSACTION");
  int statements = 2;
  for (const TableRows& rows : tables) {
    if (rows.rows.empty()) continue;
    AppendInsert(rows, sql);
    ++statements;
  }
  return ExecuteAll(sql.Raw(";COMMIT").Take(), statements);
}

}  // namespace dangol::bench
