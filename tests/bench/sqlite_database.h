#ifndef DANGOL_TESTS_BENCH_SQLITE_DATABASE_H_
#define DANGOL_TESTS_BENCH_SQLITE_DATABASE_H_

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/bench/database.h"

namespace dangol::bench {

class SqliteStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  // Parameters are numbered from 1. Bound bytes must outlive Run().
  SqliteStatement& Bind(int parameter, int64_t value);
  SqliteStatement& Bind(int parameter, const Value& value);
  SqliteStatement& BindText(int parameter, absl::string_view value);
  SqliteStatement& BindBlob(int parameter, absl::string_view value);

  // Executes a statement that has no result.
  absl::Status Run();
  // All that it selects.
  absl::StatusOr<std::vector<Row>> Rows();

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class SqliteDatabase final : public Database {
 public:
  // An existing database, to read or to write.
  static absl::StatusOr<std::unique_ptr<SqliteDatabase>> Open(const std::string& path);

  absl::StatusOr<SqliteStatement> Prepare(const std::string& sql);
  // Inserts a row with a value for each of these columns.
  absl::StatusOr<SqliteStatement> PrepareInsert(const std::string& table,
                                                const std::vector<std::string>& columns);

  absl::Status Execute(const std::string& sql) override;
  absl::StatusOr<std::vector<Row>> Select(const std::string& sql) override;
  absl::StatusOr<std::vector<std::string>> Tables() override;
  absl::StatusOr<std::vector<std::string>> Columns(const std::string& table) override;
  absl::StatusOr<std::map<std::string, int64_t>> Bytes() override;
  absl::Status Fill(const std::string& table,
                    const std::function<absl::Status(const RowSink&)>& produce) override;
  absl::Status Write(const std::vector<TableRows>& tables) override;

 private:
  struct Closer {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };

  absl::StatusOr<std::vector<std::string>> Names(const std::string& sql);
  absl::Status WriteTable(const TableRows& rows);

  std::unique_ptr<sqlite3, Closer> database_;
  std::map<std::string, SqliteStatement> writing_;  // By table.
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_SQLITE_DATABASE_H_
