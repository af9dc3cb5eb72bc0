#ifndef DANGOL_SERVER_STORAGE_SUMMING_H_
#define DANGOL_SERVER_STORAGE_SUMMING_H_

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/common/status_macros.h"
#include "server/domain/points/outstanding.h"
#include "server/storage/storage.h"
#include "server/storage/stored_time.h"
#include "server/storage/tables.h"

// Sums over all members, in words that every engine has. `run` runs a statement, or has it
// run later: run(sql, on_row), where on_row(row) is to be called with every row, as the
// engine has it, and may fail.
namespace dangol::storage {

// A sum as an integer: on MySQL it is a DECIMAL; on SQLite the cast changes nothing.
std::string SumSql(absl::string_view what);

// What is left of lots that have a date, or never expire: wallet, month earned,
// expires_at, points, points owed.
std::string SumLotsSql(const std::vector<absl::Time>& months);

// What is left of lots that expire by inactivity, after this period, if not at a date before:
// wallet, month earned, expires_at, piece of period.begins, points.
std::string SumIdleLotsSql(const std::vector<absl::Time>& months, const domain::IdlePeriod& period);

// What became of points: wallet, month earned, month, issued, expired, used. See
// domain::Outstanding::Flow.
std::string SumFlowsSql(const std::vector<absl::Time>& months);

// What left members with a transfer or a merge and did not arrive as it was, or arrived
// and never left: reference, wallet, points that left, points that arrived.
std::string UnevenTransfersSql(int limit);

// Purchases of that time of which something has come back, each with a wallet and the points of
// it that went to other members. `partitioned`: whether the log has partitions.
std::string GivenAwaySql(absl::Time occurred_from, absl::Time occurred_until, bool partitioned);

// What members have of each: its name, members, how many, how many of these are owed.
std::string InUseSql(domain::PartKind kind);

// Hands balances by wallet to add(wallet, pending, available, held).
template <typename Run, typename Add>
absl::Status SumAccounts(const Run& run, const Add& add) {
  return run(absl::StrCat("SELECT wallet, ", SumSql("pending"), ", ", SumSql("available"), ", ",
                          SumSql("held"), " FROM account GROUP BY wallet"),
             [add](const auto& row) {
               add(std::string(row.Text(0)), row.Int(1), row.Int(2), row.Int(3));
               return absl::OkStatus();
             });
}

template <typename Run>
absl::Status SumTotals(StoredTotals& totals, const Run& run) {
  RETURN_IF_ERROR(run("SELECT COUNT(*) FROM member", [&totals](const auto& row) {
    totals.members = row.Int(0);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(run(absl::StrCat("SELECT currency, COUNT(*), ", SumSql("line_count"), ", ",
                                   SumSql("total_minor"), " FROM purchase GROUP BY currency"),
                      [&totals](const auto& row) {
                        totals.currencies[std::string(row.Text(0))].gross_minor = row.Int(3);
                        totals.purchases += row.Int(1);
                        totals.purchase_lines += row.Int(2);
                        return absl::OkStatus();
                      }));
  RETURN_IF_ERROR(run(absl::StrCat("SELECT currency, COUNT(*), ", SumSql("amount_minor"),
                                   " FROM purchase_return WHERE undone_at = ",
                                   ToStored(absl::InfiniteFuture()), " GROUP BY currency"),
                      [&totals](const auto& row) {
                        totals.currencies[std::string(row.Text(0))].returned_minor = row.Int(2);
                        totals.returns += row.Int(1);
                        return absl::OkStatus();
                      }));
  RETURN_IF_ERROR(SumAccounts(
      run, [&totals](const std::string& name, int64_t pending, int64_t available, int64_t held) {
        StoredTotals::Wallet& wallet = totals.wallets[name];
        wallet.pending = pending;
        wallet.available = available;
        wallet.held = held;
      }));
  return run(absl::StrCat("SELECT wallet, debit, credit, ", SumSql("points"),
                          " FROM ledger_entry GROUP BY wallet, debit, credit"),
             [&totals](const auto& row) {
               StoredTotals::Wallet& wallet = totals.wallets[std::string(row.Text(0))];
               wallet.ledger[static_cast<domain::LedgerAccount>(row.Int(1))] -= row.Int(3);
               wallet.ledger[static_cast<domain::LedgerAccount>(row.Int(2))] += row.Int(3);
               return absl::OkStatus();
             });
}

// Without what is held. `pieces` must live until all is run.
template <typename Run>
absl::Status SumPieces(const domain::OutstandingPieces& pieces, domain::Outstanding& sums,
                       const Run& run) {
  RETURN_IF_ERROR(SumAccounts(
      run, [&sums](const std::string& wallet, int64_t pending, int64_t available, int64_t held) {
        domain::OutstandingBalance& balance = sums.balances[wallet];
        balance.pending = pending;
        balance.available = available;
        balance.held = held;
      }));
  RETURN_IF_ERROR(run(SumLotsSql(pieces.months), [&sums](const auto& row) {
    const std::string wallet(row.Text(0));
    sums.lots[{wallet, static_cast<int>(row.Int(1)), row.Time(2)}] += row.Int(3);
    sums.balances[wallet].owed += row.Int(4);
    return absl::OkStatus();
  }));
  for (const domain::IdlePeriod& period : pieces.idle_periods) {
    RETURN_IF_ERROR(run(SumIdleLotsSql(pieces.months, period), [&sums, &period](const auto& row) {
      const absl::Time idle_until = period.ends.at(static_cast<size_t>(row.Int(3)));
      sums.lots[{std::string(row.Text(0)), static_cast<int>(row.Int(1)),
                 std::min(row.Time(2), idle_until)}] += row.Int(4);
      return absl::OkStatus();
    }));
  }
  return run(SumFlowsSql(pieces.months), [&sums](const auto& row) {
    sums.flows[{std::string(row.Text(0)), static_cast<int>(row.Int(1)),
                static_cast<int>(row.Int(2))}] = {row.Int(3), row.Int(4), row.Int(5)};
    return absl::OkStatus();
  });
}

// Hands what is held to `held`. `hint` stands after the name of the table.
template <typename Run>
absl::Status ReadHeld(Reader::HeldVisitor held, absl::string_view hint, const Run& run) {
  return run(absl::StrCat("SELECT ", ColumnNames<domain::Reservation>(),
                          ", (SELECT last_activity_at FROM member"
                          " WHERE member.member_id = reservation.member_id) FROM reservation",
                          hint, " WHERE status = 1"),
             [held](const auto& row) -> absl::Status {
               ASSIGN_OR_RETURN(const domain::Reservation reservation,
                                Read<domain::Reservation>(row));
               held(reservation, row.OptionalTime(Width<domain::Reservation>()));
               return absl::OkStatus();
             });
}

template <typename Run>
absl::Status ReadCounters(domain::StoredCounters& counters, const Run& run) {
  RETURN_IF_ERROR(run("SELECT name, used FROM shared_counter", [&counters](const auto& row) {
    counters.used[std::string(row.Text(0))] = row.Int(1);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(
      run(absl::StrCat("SELECT rule_id, program_version, ", SumSql("points"),
                       " FROM ledger_entry WHERE rule_id <> '' GROUP BY rule_id, program_version"),
          [&counters](const auto& row) {
            counters.given.push_back({std::string(row.Text(0)), row.Int(1), row.Int(2)});
            return absl::OkStatus();
          }));
  return run(
      "SELECT reward_id, program_version, COUNT(*) FROM coupon WHERE status <> 4"
      " GROUP BY reward_id, program_version",
      [&counters](const auto& row) {
        counters.taken.push_back({std::string(row.Text(0)), row.Int(1), row.Int(2)});
        return absl::OkStatus();
      });
}

template <typename Run>
absl::Status ReadInUse(domain::PartKind kind, std::vector<domain::InUse>& in_use, const Run& run) {
  return run(InUseSql(kind), [&in_use](const auto& row) {
    in_use.push_back({std::string(row.Text(0)), row.Int(1), row.Int(2), row.Int(3)});
    return absl::OkStatus();
  });
}

// By the statement of GivenAwaySql.
template <typename Run>
absl::Status ReadGivenAway(const std::string& sql, std::vector<domain::GivenAway>& given,
                           const Run& run) {
  return run(sql, [&given](const auto& row) -> absl::Status {
    ASSIGN_OR_RETURN(const domain::Purchase purchase, Read<domain::Purchase>(row));
    const std::string wallet(row.Text(Width<domain::Purchase>()));
    const int64_t points =
        domain::GivenWithoutGoods(purchase, wallet, row.Int(Width<domain::Purchase>() + 1));
    if (points > 0) given.push_back({purchase.member_id, purchase.purchase_id, wallet, points});
    return absl::OkStatus();
  });
}

template <typename Run>
absl::Status ReadUneven(int limit, std::vector<domain::UnevenTransfer>& uneven, const Run& run) {
  return run(UnevenTransfersSql(limit), [&uneven](const auto& row) {
    uneven.push_back({std::string(row.Text(0)), std::string(row.Text(1)), row.Int(2), row.Int(3)});
    return absl::OkStatus();
  });
}

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_SUMMING_H_
