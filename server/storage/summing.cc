#include "server/storage/summing.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/storage/stored_time.h"
#include "server/storage/tables.h"

namespace dangol::storage {
namespace {

// domain::PieceOf of a stored time, as a balanced tree of comparisons: engines know
// nothing of time zones that could be relied upon.
void AppendPiece(absl::string_view column, const std::vector<absl::Time>& cuts, size_t first,
                 size_t last, std::string& sql) {
  if (first == last) {
    absl::StrAppend(&sql, first);
    return;
  }
  const size_t middle = first + (last - first) / 2;
  absl::StrAppend(&sql, "CASE WHEN ", column, " < ", ToStored(cuts[middle]), " THEN ");
  AppendPiece(column, cuts, first, middle, sql);
  absl::StrAppend(&sql, " ELSE ");
  AppendPiece(column, cuts, middle + 1, last, sql);
  absl::StrAppend(&sql, " END");
}

std::string PieceSql(absl::string_view column, const std::vector<absl::Time>& cuts) {
  std::string sql;
  AppendPiece(column, cuts, 0, cuts.size(), sql);
  return sql;
}

}  // namespace

std::string SumSql(absl::string_view what) {
  return absl::StrCat("CAST(SUM(", what, ") AS SIGNED)");
}

std::string SumLotsSql(const std::vector<absl::Time>& months) {
  return absl::StrCat("SELECT wallet, ", PieceSql("earned_at", months), " AS earned, expires_at, ",
                      SumSql("CASE WHEN remaining > 0 THEN remaining ELSE 0 END"), ", ",
                      SumSql("CASE WHEN remaining < 0 THEN -remaining ELSE 0 END"),
                      " FROM lot WHERE remaining <> 0 AND idle_months = 0 AND idle_days = 0"
                      " GROUP BY wallet, earned, expires_at");
}

std::string SumIdleLotsSql(const std::vector<absl::Time>& months,
                           const domain::IdlePeriod& period) {
  constexpr absl::string_view kBegins =
      "CASE WHEN m.last_activity_at > l.earned_at THEN m.last_activity_at ELSE l.earned_at END";
  std::string earned;
  if (period.earned_from != absl::InfinitePast()) {
    absl::StrAppend(&earned, " AND l.earned_at >= ", ToStored(period.earned_from));
  }
  if (period.earned_until != absl::InfiniteFuture()) {
    absl::StrAppend(&earned, " AND l.earned_at < ", ToStored(period.earned_until));
  }
  return absl::StrCat("SELECT wallet, ", PieceSql("l.earned_at", months),
                      " AS earned, expires_at, ", PieceSql(kBegins, period.begins), " AS begun, ",
                      SumSql("remaining"),
                      " FROM lot AS l JOIN member AS m ON m.member_id = l.member_id"
                      " WHERE remaining > 0 AND idle_months = ",
                      period.months, " AND idle_days = ", period.days, earned,
                      " GROUP BY wallet, earned, expires_at, begun");
}

// An entry's lot was mostly opened by the entry with the lot's number, when it was earned
// (kinds 1, 2 and 11). Otherwise only the lot itself knows when: where it goes on with older
// points, came with a merge, or has a number that is ahead of the entries' after one. What
// moves within the member's own accounts (3, 5, 7) makes no difference, and a debt (of less
// than nothing) is no points. Each entry comes first, then a look at its lot.
std::string SumFlowsSql(const std::vector<absl::Time>& months) {
  constexpr absl::string_view kIssued =
      "CASE WHEN e.debit IN (4, 8) AND e.credit <= 3 THEN e.points ELSE 0 END";
  constexpr absl::string_view kExpired =
      "CASE WHEN e.debit <= 3 AND e.credit = 6 THEN e.points ELSE 0 END";
  constexpr absl::string_view kUsed =
      "CASE WHEN e.debit <= 3 AND e.credit NOT IN (1, 2, 3, 6) THEN e.points"
      " WHEN e.debit NOT IN (1, 2, 3, 4, 8) AND e.credit <= 3 THEN -e.points ELSE 0 END";
  return absl::StrCat(
      "SELECT e.wallet, ",
      PieceSql("COALESCE(l.earned_at, o.effective_at, e.effective_at)", months), " AS earned, ",
      PieceSql("e.effective_at", months), " AS happened, ", SumSql(kIssued), ", ", SumSql(kExpired),
      ", ", SumSql(kUsed),
      " FROM ledger_entry AS e"
      " LEFT JOIN ledger_entry AS o ON o.member_id = e.member_id AND o.number = e.lot"
      " AND o.lot = e.lot"
      " LEFT JOIN lot AS l ON l.lot = e.lot AND l.member_id ="
      " CASE WHEN o.kind IN (1, 2, 11) THEN NULL ELSE e.member_id END"
      " WHERE e.kind NOT IN (3, 5, 7) AND e.lot <> 0"
      " AND COALESCE(l.points, 1) > 0 GROUP BY e.wallet, earned, happened");
}

// A debt goes the other way round, and makes up for itself all the same.
std::string UnevenTransfersSql(int limit) {
  return absl::StrCat("SELECT reference, wallet, ",
                      SumSql("CASE WHEN credit = 10 THEN points ELSE 0 END"), " AS gone, ",
                      SumSql("CASE WHEN debit = 10 THEN points ELSE 0 END"), " AS arrived",
                      " FROM ledger_entry WHERE debit = 10 OR credit = 10"
                      " GROUP BY reference, wallet HAVING gone <> arrived LIMIT ",
                      limit);
}

// The ledger comes first: transfers are few, and the purchases of those are found by their ids.
std::string GivenAwaySql(absl::Time occurred_from, absl::Time occurred_until, bool partitioned) {
  const std::string given =
      absl::StrCat("SELECT purchase_id AS given_of, wallet AS given_wallet, ", SumSql("points"),
                   " AS given FROM ledger_entry WHERE kind = 13 AND debit = 2"
                   " AND purchase_id <> '' GROUP BY purchase_id, wallet");
  const std::string found = absl::StrCat(
      "SELECT position AS given_position, ", partitioned ? "partition_id AS given_partition, " : "",
      "given_wallet, given FROM (", given,
      ") AS g CROSS JOIN command_log ON request_id = given_of AND scope = 1");
  return absl::StrCat("SELECT ", ColumnNames<domain::Purchase>(), ", given_wallet, given FROM (",
                      found, ") AS f CROSS JOIN purchase ON position = given_position",
                      partitioned ? " AND partition_id = given_partition" : "",
                      " WHERE returned_minor > 0 AND occurred_at >= ", ToStored(occurred_from),
                      " AND occurred_at < ", ToStored(occurred_until));
}

std::string InUseSql(domain::PartKind kind) {
  switch (kind) {
    case domain::PartKind::kWallet:
      return absl::StrCat("SELECT wallet, COUNT(*), ", SumSql("pending + available + owed + held"),
                          ", ", SumSql("owed"),
                          " FROM account WHERE pending <> 0 OR available <> 0 OR held <> 0"
                          " OR owed <> 0 GROUP BY wallet ORDER BY wallet");
    case domain::PartKind::kCurrency:
      return "SELECT currency, COUNT(DISTINCT member_id), COUNT(*), 0 FROM purchase"
             " WHERE returned_minor < total_minor GROUP BY currency ORDER BY currency";
    case domain::PartKind::kReward:
      break;
  }
  return "SELECT reward_id, COUNT(DISTINCT member_id), COUNT(*), 0 FROM coupon WHERE status = 1"
         " GROUP BY reward_id ORDER BY reward_id";
}

}  // namespace dangol::storage
