#ifndef DANGOL_TESTS_BENCH_PURCHASE_ROWS_H_
#define DANGOL_TESTS_BENCH_PURCHASE_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/sqlite_database.h"

namespace dangol::bench {

// The rows that dangold wrote for one purchase, as far as they are not keys:
// what the raw loop writes is never a guess.
struct PurchaseRows {
  // Values in the order of SqliteDatabase::Columns.
  SqliteRow command_log;
  SqliteRow purchase;
  std::vector<SqliteRow> entries;  // By number.
  std::vector<SqliteRow> lots;
  // Rules that have used a cap: period and rule_id.
  std::vector<SqliteRow> cap_usage;
  // By how much each wallet grew: wallet, pending, available.
  std::vector<SqliteRow> wallets;
  int64_t first_entry_number = 0;
  int64_t occurred_at = 0;
  int64_t advanced_until = 0;
  int64_t next_due_at = 0;
};

// Reads the rows of `purchase_id` from a store that dangold wrote.
absl::StatusOr<PurchaseRows> ReadPurchaseRows(SqliteDatabase& store,
                                              const std::string& purchase_id);

// "a, b, c" of a table's columns.
absl::StatusOr<std::string> ColumnList(SqliteDatabase& store, const std::string& table);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_PURCHASE_ROWS_H_
