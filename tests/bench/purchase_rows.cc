#include "tests/bench/purchase_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/status_macros.h"

namespace dangol::bench {
namespace {

// Of the member_id that is a parameter.
constexpr char kCapUsageSql[] = "SELECT period, rule_id FROM cap_usage WHERE member_id = ?1";
constexpr char kMemberSql[] =
    "SELECT advanced_until, next_due_at, last_purchase_at FROM member WHERE member_id = ?1";
// Of the purchase as well.
constexpr char kWalletsSql[] =
    "SELECT wallet, sum(iif(credit = 1, points, 0)), sum(iif(credit = 2, points, 0))"
    " FROM ledger_entry WHERE member_id = ?1 AND purchase_id = ?2 GROUP BY wallet";
constexpr char kFirstEntrySql[] =
    "SELECT min(number) FROM ledger_entry WHERE member_id = ?1 AND purchase_id = ?2";

absl::StatusOr<std::vector<SqliteRow>> Select(SqliteDatabase& store, const std::string& sql,
                                              const SqliteValue& member,
                                              const std::string& purchase_id) {
  ASSIGN_OR_RETURN(SqliteStatement statement, store.Prepare(sql));
  // A statement that has no second parameter ignores it.
  return statement.Bind(1, member.get()).BindText(2, purchase_id).Rows();
}

absl::StatusOr<std::vector<SqliteRow>> SelectAll(SqliteDatabase& store, const std::string& table,
                                                 const SqliteValue& member,
                                                 const std::string& purchase_id,
                                                 const std::string& order) {
  ASSIGN_OR_RETURN(const std::string columns, ColumnList(store, table));
  return Select(store,
                absl::StrCat("SELECT ", columns, " FROM ", table,
                             " WHERE member_id = ?1 AND purchase_id = ?2 ORDER BY ", order),
                member, purchase_id);
}

absl::StatusOr<SqliteRow> SelectCommand(SqliteDatabase& store, const std::string& purchase_id) {
  ASSIGN_OR_RETURN(const std::string columns, ColumnList(store, "command_log"));
  ASSIGN_OR_RETURN(SqliteStatement statement,
                   store.Prepare(absl::StrCat("SELECT ", columns, ", member_id FROM command_log",
                                              " WHERE request_id = ?1 AND scope = 1")));
  ASSIGN_OR_RETURN(std::vector<SqliteRow> rows, statement.BindText(1, purchase_id).Rows());
  if (rows.size() != 1) {
    return absl::NotFoundError(absl::StrCat("the store has no purchase ", purchase_id));
  }
  return std::move(rows[0]);
}

}  // namespace

absl::StatusOr<std::string> ColumnList(SqliteDatabase& store, const std::string& table) {
  ASSIGN_OR_RETURN(const std::vector<std::string> columns, store.Columns(table));
  return absl::StrJoin(columns, ", ");
}

absl::StatusOr<PurchaseRows> ReadPurchaseRows(SqliteDatabase& store,
                                              const std::string& purchase_id) {
  PurchaseRows rows;
  ASSIGN_OR_RETURN(rows.command_log, SelectCommand(store, purchase_id));
  const SqliteValue member = std::move(rows.command_log.back());
  rows.command_log.pop_back();
  ASSIGN_OR_RETURN(std::vector<SqliteRow> purchase,
                   SelectAll(store, "purchase", member, purchase_id, "position"));
  if (purchase.size() != 1) return absl::NotFoundError(absl::StrCat("purchase ", purchase_id));
  rows.purchase = std::move(purchase[0]);
  ASSIGN_OR_RETURN(rows.entries, SelectAll(store, "ledger_entry", member, purchase_id, "number"));
  ASSIGN_OR_RETURN(rows.lots, SelectAll(store, "lot", member, purchase_id, "lot"));
  ASSIGN_OR_RETURN(rows.cap_usage, Select(store, kCapUsageSql, member, purchase_id));
  ASSIGN_OR_RETURN(rows.wallets, Select(store, kWalletsSql, member, purchase_id));
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> first,
                   Select(store, kFirstEntrySql, member, purchase_id));
  rows.first_entry_number = IntegerOf(first[0][0]);
  ASSIGN_OR_RETURN(const std::vector<SqliteRow> times,
                   Select(store, kMemberSql, member, purchase_id));
  if (times.size() != 1) return absl::NotFoundError(absl::StrCat("member of ", purchase_id));
  rows.advanced_until = IntegerOf(times[0][0]);
  rows.next_due_at = IntegerOf(times[0][1]);
  rows.occurred_at = IntegerOf(times[0][2]);
  return rows;
}

}  // namespace dangol::bench
