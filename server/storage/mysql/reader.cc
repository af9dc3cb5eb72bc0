#include "server/storage/mysql/reader.h"

#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/command.h"
#include "server/storage/mysql/loading.h"
#include "server/storage/mysql/records.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/mysql/sql_text.h"
#include "server/storage/summing.h"

namespace dangol::storage::mysql {
namespace {

constexpr char kBegin[] = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
constexpr char kEnd[] = "COMMIT";
constexpr size_t kMembersPerLoad = 500;
constexpr char kLostAfterTelling[] = "the connection was lost while members were read";

// Where a lost connection was no conflict of ours.
absl::Status ForReading(const absl::Status& status) {
  return absl::IsAborted(status) ? absl::UnavailableError(status.message()) : status;
}

void AddPurchaseSums(StoredTotals& totals, Script& script) {
  script.Add("SELECT COUNT(*) FROM member", [&](const Row& row) {
    totals.members = row.Int(0);
    return absl::OkStatus();
  });
  script.Add(
      "SELECT currency, COUNT(*), CAST(SUM(line_count) AS SIGNED),"
      " CAST(SUM(total_minor) AS SIGNED) FROM purchase GROUP BY currency",
      [&](const Row& row) {
        totals.currencies[row.Text(0)].gross_minor = row.Int(3);
        totals.purchases += row.Int(1);
        totals.purchase_lines += row.Int(2);
        return absl::OkStatus();
      });
  script.Add(
      "SELECT currency, COUNT(*), CAST(SUM(amount_minor) AS SIGNED)"
      " FROM purchase_return GROUP BY currency",
      [&](const Row& row) {
        totals.currencies[row.Text(0)].returned_minor = row.Int(2);
        totals.returns += row.Int(1);
        return absl::OkStatus();
      });
}

void AddPointSums(StoredTotals& totals, Script& script) {
  script.Add(
      "SELECT wallet, CAST(SUM(pending) AS SIGNED), CAST(SUM(available) AS SIGNED),"
      " CAST(SUM(held) AS SIGNED) FROM account GROUP BY wallet",
      [&](const Row& row) {
        StoredTotals::Wallet& wallet = totals.wallets[row.Text(0)];
        wallet.pending = row.Int(1);
        wallet.available = row.Int(2);
        wallet.held = row.Int(3);
        return absl::OkStatus();
      });
  script.Add(
      "SELECT wallet, debit, credit, CAST(SUM(points) AS SIGNED) FROM ledger_entry"
      " GROUP BY wallet, debit, credit",
      [&](const Row& row) {
        StoredTotals::Wallet& wallet = totals.wallets[row.Text(0)];
        wallet.ledger[static_cast<domain::LedgerAccount>(row.Int(1))] -= row.Int(3);
        wallet.ledger[static_cast<domain::LedgerAccount>(row.Int(2))] += row.Int(3);
        return absl::OkStatus();
      });
}

RowHandler Into(std::vector<domain::MemberId>& members) {
  return [&members](const Row& row) {
    members.push_back(row.Id(0));
    return absl::OkStatus();
  };
}

RowHandler Into(std::vector<domain::Purchase>& purchases) {
  return [&purchases](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(domain::Purchase purchase, ReadPurchase(row));
    purchases.push_back(std::move(purchase));
    return absl::OkStatus();
  };
}

// The points that entries brought to one of the member's accounts.
std::string SumOf(domain::LedgerAccount account) {
  const int number = static_cast<int>(account);
  return absl::StrCat("CAST(SUM(IF(credit = ", number, ", points, 0) - IF(debit = ", number,
                      ", points, 0)) AS SIGNED)");
}

// Loads members by their ids, in the transaction that is open.
absl::StatusOr<Loaded> LoadByIds(Connection& connection, absl::Span<const domain::MemberId> ids,
                                 const domain::MemberNeeds& needs, absl::Time now,
                                 const std::string& last = "") {
  KeySet keys;
  keys.now = now;
  keys.known_program_version = std::numeric_limits<int64_t>::max();
  for (const domain::MemberId& id : ids) keys.members.push_back({{.id = id, .alias = {}}, needs});
  return Loading(connection, /*cached=*/{}, keys, /*ends=*/nullptr).Run({}, last);
}

// Lists the members who are due.
void AddDue(absl::Time now, std::vector<domain::MemberId>& members, Script& script) {
  SqlText list;
  list.Raw("SELECT member_id FROM member WHERE next_due_at <= ").Value(now);
  script.Add(list.Take(), Into(members));
}

// Hands them to `due`, with lots. `told` becomes true: that cannot be taken back.
absl::Status TellDue(Connection& connection, absl::Span<const domain::MemberId> members,
                     absl::Time now, absl::FunctionRef<void(const domain::MemberState&)> due,
                     bool& told) {
  for (size_t i = 0; i < members.size(); i += kMembersPerLoad) {
    ASSIGN_OR_RETURN(const Loaded loaded,
                     LoadByIds(connection, members.subspan(i, kMembersPerLoad), {}, now));
    told = true;
    for (const auto& [id, state] : loaded.members) due(state);
  }
  return absl::OkStatus();
}

void AddOutstandingSums(const domain::OutstandingPieces& pieces, domain::Outstanding& sums,
                        Script& script) {
  script.Add(SumAccountsSql(), [&sums](const Row& row) {
    domain::OutstandingBalance& balance = sums.balances[row.Text(0)];
    balance.pending = row.Int(1);
    balance.available = row.Int(2);
    balance.held = row.Int(3);
    return absl::OkStatus();
  });
  script.Add(SumLotsSql(pieces.months), [&sums](const Row& row) {
    sums.lots[{row.Text(0), static_cast<int>(row.Int(1)), row.Time(2)}] += row.Int(3);
    sums.balances[row.Text(0)].owed += row.Int(4);
    return absl::OkStatus();
  });
  script.Add(SumFlowsSql(pieces.months), [&sums](const Row& row) {
    sums.flows[{row.Text(0), static_cast<int>(row.Int(1)), static_cast<int>(row.Int(2))}] = {
        row.Int(3), row.Int(4), row.Int(5)};
    return absl::OkStatus();
  });
  for (const domain::IdlePeriod& period : pieces.idle_periods) {
    script.Add(SumIdleLotsSql(pieces.months, period), [&sums, &period](const Row& row) {
      sums.lots[{row.Text(0), static_cast<int>(row.Int(1)),
                 period.ends.at(static_cast<size_t>(row.Int(2)))}] += row.Int(3);
      return absl::OkStatus();
    });
  }
}

void AddHeld(Reader::HeldVisitor held, Script& script) {
  script.Add("SELECT " DANGOL_RESERVATION_COLUMNS
             ", (SELECT last_activity_at FROM member"
             " WHERE member.member_id = reservation.member_id)"
             " FROM reservation FORCE INDEX (reservation_by_status) WHERE status = 1",
             [held](const Row& row) -> absl::Status {
               ASSIGN_OR_RETURN(const domain::Reservation reservation, ReadReservation(row));
               held(reservation, row.OptionalTime(kReservationColumns));
               return absl::OkStatus();
             });
}

}  // namespace

absl::Status MysqlReader::WithConnection(Pool& pool,
                                         absl::FunctionRef<absl::Status(Pool::Lease&)> read) {
  for (const bool again : {true, false}) {
    ASSIGN_OR_RETURN(Pool::Lease connection, pool.Take());
    absl::Status status = read(connection);
    if (status.ok()) return status;
    if (!connection->lost()) {
      // Nobody is to inherit a transaction that is half done.
      connection.Drop();
      return ForReading(status);
    }
    if (!again) return ForReading(status);
  }
  return absl::OkStatus();
}

absl::StatusOr<Loaded> MysqlReader::Load(const KeySet& keys) {
  Loaded loaded;
  const absl::Status status = WithConnection(pool_, [&](Pool::Lease& connection) -> absl::Status {
    Loading cached(*connection, connection.members(), keys, /*ends=*/nullptr);
    ASSIGN_OR_RETURN(std::optional<Loaded> found, cached.RunCached());
    if (found.has_value()) {
      loaded = *std::move(found);
      return absl::OkStatus();
    }
    Script begin;
    begin.Add(kBegin);
    Loading loading(*connection, connection.members(), keys, /*ends=*/nullptr);
    ASSIGN_OR_RETURN(loaded, loading.Run(std::move(begin), kEnd));
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(status);
  return loaded;
}

absl::StatusOr<std::vector<domain::MemberState>> MysqlReader::ListMembers(
    const MemberFilter& filter, int limit) {
  SqlText sql;
  sql.Raw("SELECT member_id FROM member FORCE INDEX (PRIMARY) WHERE member_id > ")
      .Value(filter.after.value_or(domain::MemberId()));
  if (filter.status.has_value()) sql.Raw(" AND status = ").Value(*filter.status);
  sql.Raw(" ORDER BY member_id LIMIT ").Value(int64_t{limit});
  domain::MemberNeeds needs;
  needs.aliases = true;
  std::vector<domain::MemberState> members;
  const absl::Status status = WithConnection(pool_, [&](Pool::Lease& connection) -> absl::Status {
    std::vector<domain::MemberId> ids;
    Script script;
    script.Add(kBegin);
    script.Add(sql.str(), Into(ids));
    RETURN_IF_ERROR(connection->Run(script));
    ASSIGN_OR_RETURN(Loaded loaded, LoadByIds(*connection, ids, needs, absl::InfinitePast(), kEnd));
    members.clear();
    for (const domain::MemberId& id : ids) members.push_back(std::move(loaded.members[id]));
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(status);
  return members;
}

absl::StatusOr<std::optional<domain::Purchase>> MysqlReader::FindPurchase(
    const std::string& purchase_id) {
  SqlText sql;
  // IN and not =, for which MariaDB reads the whole table.
  sql.Raw("SELECT " DANGOL_PURCHASE_COLUMNS
          " FROM purchase WHERE (partition_id, position) IN (SELECT partition_id, position FROM"
          " command_log WHERE scope = 1 AND request_id = ")
      .Value(purchase_id)
      .Raw(")");
  std::vector<domain::Purchase> found;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    found.clear();
    return connection->Run(sql.str(), Into(found));
  }));
  if (found.empty()) return std::nullopt;
  return std::optional<domain::Purchase>(std::move(found.front()));
}

absl::StatusOr<std::vector<domain::Purchase>> MysqlReader::ListPurchases(
    const PurchaseFilter& filter, int limit) {
  // Before the cursor, and before occurred_until, whose own moment is excluded.
  PurchaseCursor before{filter.occurred_until, ""};
  if (filter.before.has_value() && filter.before->occurred_at < before.occurred_at)
    before = *filter.before;
  SqlText sql;
  sql.Raw("SELECT " DANGOL_PURCHASE_COLUMNS
          " FROM purchase FORCE INDEX (purchase_by_member) WHERE member_id = ")
      .Value(filter.member_id)
      .Raw(" AND occurred_at >= ")
      .Value(filter.occurred_from)
      .Raw(" AND (occurred_at < ")
      .Value(before.occurred_at)
      .Raw(" OR occurred_at = ")
      .Value(before.occurred_at)
      .Raw(" AND purchase_id < ")
      .Value(before.purchase_id)
      .Raw(") ORDER BY occurred_at DESC, purchase_id DESC LIMIT ")
      .Value(int64_t{limit});
  std::vector<domain::Purchase> purchases;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    purchases.clear();
    return connection->Run(sql.str(), Into(purchases));
  }));
  return purchases;
}

absl::StatusOr<std::vector<domain::Return>> MysqlReader::ListReturns(const ReturnFilter& filter,
                                                                     int limit) {
  const PurchaseCursor before = filter.before.value_or(PurchaseCursor{absl::InfiniteFuture(), ""});
  SqlText sql;
  sql.Raw("SELECT " DANGOL_RETURN_COLUMNS
          " FROM purchase_return FORCE INDEX (purchase_return_by_member) WHERE member_id = ")
      .Value(filter.member_id)
      .Raw(" AND (occurred_at < ")
      .Value(before.occurred_at)
      .Raw(" OR occurred_at = ")
      .Value(before.occurred_at)
      .Raw(" AND return_id < ")
      .Value(before.purchase_id)
      .Raw(") ORDER BY occurred_at DESC, return_id DESC LIMIT ")
      .Value(int64_t{limit});
  std::vector<domain::Return> returns;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    returns.clear();
    return connection->Run(sql.str(), [&](const Row& row) -> absl::Status {
      ASSIGN_OR_RETURN(domain::Return returned, ReadReturn(row));
      returns.push_back(std::move(returned));
      return absl::OkStatus();
    });
  }));
  return returns;
}

absl::StatusOr<std::vector<domain::LedgerEntry>> MysqlReader::ListEntries(const EntryFilter& filter,
                                                                          int limit) {
  SqlText sql;
  sql.Raw("SELECT " DANGOL_ENTRY_COLUMNS " FROM ledger_entry WHERE member_id = ")
      .Value(filter.member_id);
  if (filter.before_number.has_value()) sql.Raw(" AND number < ").Value(*filter.before_number);
  if (!filter.wallet.empty()) sql.Raw(" AND wallet = ").Value(filter.wallet);
  if (filter.kind.has_value()) sql.Raw(" AND kind = ").Value(*filter.kind);
  sql.Raw(" ORDER BY number DESC LIMIT ").Value(int64_t{limit});
  std::vector<domain::LedgerEntry> entries;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    entries.clear();
    return connection->Run(sql.str(), [&](const Row& row) {
      entries.push_back(ReadEntry(row));
      return absl::OkStatus();
    });
  }));
  return entries;
}

absl::StatusOr<MembersByRequest> MysqlReader::FindBoth(
    const std::vector<std::string>& request_ids) {
  MembersByRequest members;
  if (request_ids.empty()) return members;
  SqlText sql;
  sql.Raw(
         "SELECT request_id, member_id FROM command_log FORCE INDEX (command_log_by_request)"
         " WHERE scope IN (2, 5) AND request_id IN ")
      .List(request_ids);
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    members.clear();
    return connection->Run(sql.str(), [&](const Row& row) {
      members[row.Text(0)].push_back(row.Id(1));
      return absl::OkStatus();
    });
  }));
  return members;
}

// What was recorded by then; and of what time caused by then: what matured (3) or expired
// (4) of lots that were there, and what was released (7), which was held before.
absl::StatusOr<std::vector<domain::Account>> MysqlReader::BalancesAt(const domain::MemberId& member,
                                                                     absl::Time time) {
  SqlText known;
  known.Raw(" FROM ledger_entry WHERE member_id = ").Value(member);
  SqlText sql;
  sql.Raw("SELECT wallet, ")
      .Raw(SumOf(domain::LedgerAccount::kPending))
      .Raw(", ")
      .Raw(SumOf(domain::LedgerAccount::kAvailable))
      .Raw(", ")
      .Raw(SumOf(domain::LedgerAccount::kHeld))
      .Raw(known.str())
      .Raw(" AND (recorded_at <= ")
      .Value(time)
      .Raw(" OR effective_at <= ")
      .Value(time)
      .Raw(" AND (kind IN (3, 4) AND lot IN (SELECT lot")
      .Raw(known.str())
      .Raw(" AND recorded_at <= ")
      .Value(time)
      .Raw(") OR kind = 7 AND principal = ")
      .Value(absl::string_view(domain::kSystemPrincipal))
      .Raw(")) GROUP BY wallet ORDER BY wallet");
  std::vector<domain::Account> accounts;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    accounts.clear();
    return connection->Run(sql.str(), [&](const Row& row) {
      accounts.push_back({row.Text(0), row.Int(1), row.Int(2), row.Int(3)});
      return absl::OkStatus();
    });
  }));
  return accounts;
}

absl::StatusOr<std::vector<MemberRecords>> MysqlReader::ReadRecords(
    const std::optional<domain::MemberId>& after) {
  std::vector<MemberRecords> records;
  const absl::Status status =
      WithConnection(reports_, [&](Pool::Lease& connection) -> absl::Status {
        RETURN_IF_ERROR(connection->Run(kBegin));
        ASSIGN_OR_RETURN(records, ReadMemberRecords(*connection, after));
        return connection->Run(kEnd);
      });
  RETURN_IF_ERROR(status);
  return records;
}

absl::StatusOr<domain::StoredCounters> MysqlReader::ReadCounters() {
  domain::StoredCounters counters;
  Script script;
  script.Add(kBegin);
  script.Add("SELECT name, used FROM shared_counter", [&](const Row& row) {
    counters.used[row.Text(0)] = row.Int(1);
    return absl::OkStatus();
  });
  script.Add(
      "SELECT rule_id, program_version, CAST(SUM(points) AS SIGNED) FROM ledger_entry"
      " WHERE rule_id <> '' GROUP BY rule_id, program_version",
      [&](const Row& row) {
        counters.given.push_back({row.Text(0), row.Int(1), row.Int(2)});
        return absl::OkStatus();
      });
  script.Add(
      "SELECT reward_id, program_version, COUNT(*) FROM coupon WHERE status <> 4"
      " GROUP BY reward_id, program_version",
      [&](const Row& row) {
        counters.taken.push_back({row.Text(0), row.Int(1), row.Int(2)});
        return absl::OkStatus();
      });
  script.Add(kEnd);
  RETURN_IF_ERROR(WithConnection(reports_, [&](Pool::Lease& connection) {
    counters = {};
    return connection->Run(script);
  }));
  return counters;
}

absl::StatusOr<std::vector<domain::UnevenTransfer>> MysqlReader::FindUnevenTransfers(int limit) {
  std::vector<domain::UnevenTransfer> uneven;
  RETURN_IF_ERROR(WithConnection(reports_, [&](Pool::Lease& connection) {
    uneven.clear();
    return connection->Run(UnevenTransfersSql(limit), [&](const Row& row) {
      uneven.push_back({row.Text(0), row.Text(1), row.Int(2), row.Int(3)});
      return absl::OkStatus();
    });
  }));
  return uneven;
}

absl::StatusOr<std::vector<domain::MemberId>> MysqlReader::DueMembers(absl::Time now, int limit) {
  SqlText sql;
  sql.Raw("SELECT member_id FROM member WHERE next_due_at <= ")
      .Value(now)
      .Raw(" ORDER BY next_due_at LIMIT ")
      .Value(int64_t{limit});
  std::vector<domain::MemberId> members;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    members.clear();
    return connection->Run(sql.str(), Into(members));
  }));
  return members;
}

absl::StatusOr<StoredTotals> MysqlReader::Totals(
    absl::Time now, absl::FunctionRef<void(const domain::MemberState&)> due) {
  StoredTotals totals;
  std::vector<domain::MemberId> members;
  // What was told to `due` cannot be taken back, so a lost connection is looked for
  // before that, by the first statements.
  bool told = false;
  const absl::Status status =
      WithConnection(reports_, [&](Pool::Lease& connection) -> absl::Status {
        if (told) return absl::UnavailableError(kLostAfterTelling);
        totals = {};
        members.clear();
        Script script;
        script.Add(kBegin);
        AddPurchaseSums(totals, script);
        AddPointSums(totals, script);
        AddDue(now, members, script);
        RETURN_IF_ERROR(connection->Run(script));
        RETURN_IF_ERROR(TellDue(*connection, members, now, due, told));
        return connection->Run(kEnd);
      });
  RETURN_IF_ERROR(status);
  return totals;
}

absl::StatusOr<domain::Outstanding> MysqlReader::SumOutstanding(
    const domain::OutstandingPieces& pieces, absl::Time now, HeldVisitor held,
    absl::FunctionRef<void(const domain::MemberState&)> due) {
  domain::Outstanding sums;
  std::vector<domain::MemberId> members;
  bool told = false;
  const absl::Status status =
      WithConnection(reports_, [&](Pool::Lease& connection) -> absl::Status {
        if (told) return absl::UnavailableError(kLostAfterTelling);
        sums = {};
        members.clear();
        Script script;
        script.Add(kBegin);
        AddOutstandingSums(pieces, sums, script);
        AddDue(now, members, script);
        RETURN_IF_ERROR(connection->Run(script));
        told = true;
        Script telling;
        AddHeld(held, telling);
        RETURN_IF_ERROR(connection->Run(telling));
        RETURN_IF_ERROR(TellDue(*connection, members, now, due, told));
        return connection->Run(kEnd);
      });
  RETURN_IF_ERROR(status);
  return sums;
}

}  // namespace dangol::storage::mysql
