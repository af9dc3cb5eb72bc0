#ifndef DANGOL_TESTS_BENCH_SQLITE_DATABASE_H_
#define DANGOL_TESTS_BENCH_SQLITE_DATABASE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dangol::bench {

// The bench looks into databases, and writes the raw loop's, with its own few
// lines over SQLite's C API: what it compares the server with must not share
// the server's code.

// A value of a row, kept beyond the statement that read it.
struct SqliteValueDeleter {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using SqliteValue = std::unique_ptr<sqlite3_value, SqliteValueDeleter>;
using SqliteRow = std::vector<SqliteValue>;

class SqliteStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  // Parameters are numbered from 1. Bound bytes must outlive Run().
  SqliteStatement& Bind(int parameter, int64_t value);
  SqliteStatement& Bind(int parameter, const sqlite3_value* value);
  SqliteStatement& BindText(int parameter, absl::string_view value);
  SqliteStatement& BindBlob(int parameter, absl::string_view value);

  // Executes a statement that has no result.
  absl::Status Run();
  // All that it selects.
  absl::StatusOr<std::vector<SqliteRow>> Rows();

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class SqliteDatabase {
 public:
  static absl::StatusOr<SqliteDatabase> OpenReadOnly(const std::string& path);
  static absl::StatusOr<SqliteDatabase> OpenForWriting(const std::string& path);

  absl::Status Execute(const std::string& sql);
  absl::StatusOr<SqliteStatement> Prepare(const std::string& sql);
  // The integer that a SELECT of one row and column gives.
  absl::StatusOr<int64_t> Integer(const std::string& sql);
  // The columns of a table that can be written.
  absl::StatusOr<std::vector<std::string>> Columns(const std::string& table);

 private:
  struct Closer {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };

  static absl::StatusOr<SqliteDatabase> Open(const std::string& path, int flags);

  std::unique_ptr<sqlite3, Closer> database_;
};

// The text or the bytes of a value.
absl::string_view BytesOf(const SqliteValue& value);
int64_t IntegerOf(const SqliteValue& value);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_SQLITE_DATABASE_H_
