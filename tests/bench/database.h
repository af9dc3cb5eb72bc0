#ifndef DANGOL_TESTS_BENCH_DATABASE_H_
#define DANGOL_TESTS_BENCH_DATABASE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/values.h"

namespace dangol::bench {

// Takes rows one by one; they are used up when it returns.
using RowSink = std::function<absl::Status(const Row& row)>;

// Rows of one table, with a value for each of the columns.
struct TableRows {
  std::string table;
  std::vector<std::string> columns;
  // Rows that are there, by the first column, have these changed; none: the rows are new.
  std::vector<std::string> changing;
  std::vector<Row> rows;
};

// The bench looks into stores, and writes the raw loop's, with its own few lines
// over the engine's driver: what it compares the server with must not share the
// server's code. A server may have the store open. Used by one thread.
class Database {
 public:
  virtual ~Database() = default;

  virtual absl::Status Execute(const std::string& sql) = 0;
  virtual absl::StatusOr<std::vector<Row>> Select(const std::string& sql) = 0;
  virtual absl::StatusOr<std::vector<std::string>> Tables() = 0;
  // The columns of a table, in its order.
  virtual absl::StatusOr<std::vector<std::string>> Columns(const std::string& table) = 0;

  // How many bytes the values in each table, or each index too, have together.
  virtual absl::StatusOr<std::map<std::string, int64_t>> Bytes() = 0;

  // Fills an empty table, fast and with no care for crashes. `produce` gives the
  // rows to the sink in the order of the table's key, with a value for each column.
  virtual absl::Status Fill(const std::string& table,
                            const std::function<absl::Status(const RowSink&)>& produce) = 0;

  // Writes all of it in one transaction.
  virtual absl::Status Write(const std::vector<TableRows>& tables) = 0;

  // The integer that a SELECT of one row and column gives.
  absl::StatusOr<int64_t> Integer(const std::string& sql);
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_DATABASE_H_
