#include "tests/bench/purchase_sql.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/status_macros.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::bench {
namespace {

using storage::mysql::SqlText;

constexpr const char* kNames[kSqlTables] = {"member",       "account",     "lot",
                                            "ledger_entry", "command_log", "purchase"};
constexpr const char* kTails[kSqlTables] = {
    " ON DUPLICATE KEY UPDATE version = version + 1, entry_count = entry_count + "
    "VALUES(entry_count),"
    " advanced_until = VALUES(advanced_until), next_due_at = VALUES(next_due_at),"
    " last_activity_at = VALUES(last_activity_at), record = VALUES(record)",
    " ON DUPLICATE KEY UPDATE pending = pending + VALUES(pending),"
    " available = available + VALUES(available)",
    "",
    "",
    "",
    ""};

}  // namespace

absl::StatusOr<SqlColumns> ReadSqlColumns(MysqlDatabase& store) {
  SqlColumns columns;
  for (size_t table = 0; table < kSqlTables; ++table) {
    ASSIGN_OR_RETURN(std::vector<std::string> names, store.Columns(kNames[table]));
    // What no purchase writes.
    std::erase_if(names, [&](const std::string& name) {
      return table == kMemberTable &&
             (name == "advocate" || name == "referrer_id" || name == "merged_into" ||
              name == "merge_json" || name == "purse_json");
    });
    columns.names[table] = absl::StrJoin(names, ",");
    for (const std::string& name : names) columns.roles[table].push_back(RoleOf(name));
  }
  return columns;
}

SqlByTable HeadsOf(const SqlColumns& columns) {
  SqlByTable heads;
  for (size_t table = 0; table < kSqlTables; ++table) {
    heads[table] =
        absl::StrCat("INSERT INTO ", kNames[table], " (", columns.names[table], ") VALUES ");
  }
  return heads;
}

absl::string_view TailOf(size_t table) { return kTails[table]; }

RowSql::RowSql(const Row& row, absl::Span<const Role> roles) {
  SqlText sql;
  for (size_t i = 0; i < row.size(); ++i) {
    sql.Raw(i == 0 ? "(" : ",");
    if (roles[i] == Role::kValue) {
      AppendLiteral(row[i], sql);
    } else {
      gaps_.push_back({sql.Take(), roles[i], IntegerOf(row[i])});
    }
  }
  end_ = sql.Raw(")").Take();
}

void RowSql::Append(const SqlKeys& keys, std::string& sql) const {
  for (const Gap& gap : gaps_) {
    sql.append(gap.before);
    switch (gap.role) {
      case Role::kPartition:
        absl::StrAppend(&sql, keys.partition);
        break;
      case Role::kPosition:
        absl::StrAppend(&sql, keys.position);
        break;
      case Role::kEntryNumber:
        absl::StrAppend(&sql, gap.value + keys.entry_offset);
        break;
      case Role::kPurchase:
        absl::StrAppend(&sql, "'", keys.purchase_id, "'");
        break;
      case Role::kMember:
      case Role::kValue:
        absl::StrAppend(&sql, keys.member_id);
        break;
    }
  }
  sql.append(end_);
}

PurchaseSql::PurchaseSql(const PurchaseRows& rows, const SqlColumns& columns)
    : entries_(static_cast<int64_t>(rows.entries.size())),
      first_entry_number_(rows.first_entry_number) {
  const auto add = [&](SqlTable table, const Row& row) {
    rows_[table].emplace_back(row, columns.roles[table]);
  };
  const Value member;
  // What is NOT NULL has a value, though the row is there already.
  add(kMemberTable, {member, int64_t{1}, int64_t{1}, int64_t{0}, Text{"{}"}, entries_,
                     rows.advanced_until, rows.next_due_at, rows.occurred_at, rows.record});
  for (const WalletGrowth& growth : rows.wallets) {
    add(kAccountTable,
        {member, growth.wallet, growth.pending, growth.available, int64_t{0}, int64_t{0}});
  }
  for (const Row& lot : rows.lots) add(kLotTable, lot);
  for (const Row& entry : rows.entries) add(kEntryTable, entry);
  add(kCommandTable, rows.command_log);
  add(kPurchaseTable, rows.purchase);
}

void PurchaseSql::Append(const SqlKeys& keys, const SqlByTable& heads,
                         SqlByTable& statements) const {
  for (size_t table = 0; table < kSqlTables; ++table) {
    std::string& sql = statements[table];
    for (const RowSql& row : rows_[table]) {
      sql.append(sql.empty() ? heads[table] : ",");
      row.Append(keys, sql);
    }
  }
}

}  // namespace dangol::bench
