#ifndef DANGOL_TESTS_BENCH_PURCHASE_SQL_H_
#define DANGOL_TESTS_BENCH_PURCHASE_SQL_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/bench/mysql_database.h"
#include "tests/bench/purchase_rows.h"

namespace dangol::bench {

// The rows of purchases as SQL for MySQL, with gaps for what differs from purchase
// to purchase: so the raw loop does little but copy text.

// What is written for a purchase, by table. The rows of the first two are added
// to what is there.
enum SqlTable : size_t {
  kMemberTable,
  kAccountTable,
  kLotTable,
  kEntryTable,
  kCommandTable,
  kPurchaseTable,
  kSqlTables
};

// The statements of a transaction, by table; empty where there is nothing to write.
using SqlByTable = std::array<std::string, kSqlTables>;

// The columns of each table, and what they are.
struct SqlColumns {
  SqlByTable names;
  std::array<std::vector<Role>, kSqlTables> roles;
};
absl::StatusOr<SqlColumns> ReadSqlColumns(MysqlDatabase& store);

// "INSERT INTO ... VALUES", and what follows after the rows.
SqlByTable HeadsOf(const SqlColumns& columns);
absl::string_view TailOf(size_t table);

// What fills the gaps, as SQL or to be added.
struct SqlKeys {
  int partition = 0;
  int64_t position = 0;
  absl::string_view member_id;
  absl::string_view purchase_id;
  int64_t entry_offset = 0;
};

// A row with gaps.
class RowSql {
 public:
  RowSql(const Row& row, absl::Span<const Role> roles);

  void Append(const SqlKeys& keys, std::string& sql) const;

 private:
  struct Gap {
    std::string before;
    Role role;
    int64_t value;
  };

  std::vector<Gap> gaps_;
  std::string end_;
};

// All rows of one purchase.
class PurchaseSql {
 public:
  PurchaseSql(const PurchaseRows& rows, const SqlColumns& columns);

  int64_t entries() const { return entries_; }
  int64_t first_entry_number() const { return first_entry_number_; }

  // Appends the rows to the statements of their tables, which begin with `heads`.
  void Append(const SqlKeys& keys, const SqlByTable& heads, SqlByTable& statements) const;

 private:
  int64_t entries_;
  int64_t first_entry_number_;
  std::array<std::vector<RowSql>, kSqlTables> rows_;
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_PURCHASE_SQL_H_
