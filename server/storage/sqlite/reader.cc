#include "server/storage/sqlite/reader.h"

#include <limits>
#include <utility>

#include "server/common/status_macros.h"
#include "server/storage/sqlite/records.h"
#include "server/storage/sqlite/rows.h"
#include "server/storage/summing.h"

namespace dangol::storage::sqlite {
namespace {

absl::string_view View(const std::array<char, 16>& bytes) { return {bytes.data(), bytes.size()}; }

// What was recorded by ?2; and of what time caused by then: what matured (3) or expired
// (4) of lots that were there, and what was released (7), which was held before.
constexpr char kSumEntries[] =
    "SELECT wallet, sum(((credit = 1) - (debit = 1)) * points),"
    " sum(((credit = 2) - (debit = 2)) * points), sum(((credit = 3) - (debit = 3)) * points)"
    " FROM ledger_entry WHERE member_id = ?1 AND (recorded_at <= ?2 OR (effective_at <= ?2 AND"
    " ((kind IN (3, 4) AND lot IN (SELECT lot FROM ledger_entry WHERE member_id = ?1"
    " AND recorded_at <= ?2)) OR (kind = 7 AND principal = ?3))))"
    " GROUP BY wallet ORDER BY wallet";

}  // namespace

// Holds one state of the database while several statements read it.
class SqliteReader::Snapshot {
 public:
  explicit Snapshot(SqliteReader& reader) : reader_(reader), status_(reader.begin_.Run()) {}
  ~Snapshot() {
    if (status_.ok()) (void)reader_.end_.Run();
  }
  const absl::Status& status() const { return status_; }

 private:
  SqliteReader& reader_;
  const absl::Status status_;
};

absl::StatusOr<std::unique_ptr<Reader>> SqliteReader::Make(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                   Connection::Open(path, Connection::Mode::kReadOnly));
  RETURN_IF_ERROR(connection->Execute("PRAGMA cache_size = -8192"));
  ASSIGN_OR_RETURN(std::unique_ptr<Loader> loader, Loader::Make(*connection));
  std::unique_ptr<SqliteReader> reader(new SqliteReader(std::move(connection), std::move(loader)));
  RETURN_IF_ERROR(reader->PrepareAll());
  return reader;
}

absl::Status SqliteReader::PrepareAll() {
  // Where a filter is absent, its parameter is null.
  const std::pair<Statement*, absl::string_view> statements[] = {
      {&begin_, "BEGIN"},
      {&end_, "COMMIT"},
      {&list_members_, "SELECT " DANGOL_MEMBER_COLUMNS
                       " FROM member WHERE member_id > ?1 AND (?2 IS NULL OR status = ?2)"
                       " ORDER BY member_id LIMIT ?3"},
      {&find_purchase_, "SELECT " DANGOL_PURCHASE_COLUMNS
                        " FROM purchase WHERE position = (SELECT position FROM command_log"
                        " WHERE request_id = ? AND scope = 1)"},
      {&list_purchases_,
       "SELECT " DANGOL_PURCHASE_COLUMNS " FROM purchase WHERE member_id = ? AND occurred_at >= ?"
       " AND (occurred_at, purchase_id) < (?, ?)"
       " ORDER BY occurred_at DESC, purchase_id DESC LIMIT ?"},
      {&list_returns_, "SELECT " DANGOL_RETURN_COLUMNS " FROM purchase_return WHERE member_id = ?"
                       " AND (occurred_at, return_id) < (?, ?)"
                       " ORDER BY occurred_at DESC, return_id DESC LIMIT ?"},
      {&list_entries_,
       "SELECT " DANGOL_ENTRY_COLUMNS " FROM ledger_entry WHERE member_id = ?1 AND number < ?2"
       " AND (?3 = '' OR wallet = ?3) AND (?4 IS NULL OR kind = ?4)"
       " ORDER BY number DESC LIMIT ?5"},
      {&sum_entries_, kSumEntries},
      {&list_due_,
       "SELECT member_id FROM member WHERE next_due_at <= ? ORDER BY next_due_at LIMIT ?"},
  };
  for (const auto& [statement, sql] : statements) {
    ASSIGN_OR_RETURN(*statement, connection_->Prepare(sql));
  }
  return absl::OkStatus();
}

absl::StatusOr<Loaded> SqliteReader::Load(const KeySet& keys) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  return loader_->Load(keys);
}

absl::StatusOr<std::vector<domain::MemberState>> SqliteReader::ListMembers(
    const MemberFilter& filter, int limit) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  const std::array<char, 16> after = filter.after.value_or(domain::MemberId()).ToBytes();
  list_members_.BindBlob(View(after));
  if (filter.status.has_value()) {
    list_members_.Bind(static_cast<int64_t>(*filter.status));
  } else {
    list_members_.BindNull();
  }
  list_members_.Bind(int64_t{limit});
  std::vector<domain::MemberState> members;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, list_members_.Step());
    if (!row) break;
    absl::StatusOr<domain::Member> member = ReadMember(list_members_);
    if (!member.ok()) {
      list_members_.Reset();
      return member.status();
    }
    members.emplace_back().member = *std::move(member);
  }
  domain::MemberNeeds needs;
  needs.aliases = true;
  for (domain::MemberState& state : members) {
    RETURN_IF_ERROR(loader_->LoadBelongings(needs, absl::InfinitePast(), state));
  }
  return members;
}

absl::StatusOr<std::optional<domain::Purchase>> SqliteReader::FindPurchase(
    const std::string& purchase_id) {
  find_purchase_.Bind(purchase_id);
  ASSIGN_OR_RETURN(const bool found, find_purchase_.Step());
  if (!found) return std::nullopt;
  absl::StatusOr<domain::Purchase> purchase = ReadPurchase(find_purchase_);
  find_purchase_.Reset();
  RETURN_IF_ERROR(purchase.status());
  return std::optional<domain::Purchase>(*std::move(purchase));
}

absl::StatusOr<std::vector<domain::Purchase>> SqliteReader::ListPurchases(
    const PurchaseFilter& filter, int limit) {
  const std::array<char, 16> member = filter.member_id.ToBytes();
  // Before the cursor, and before occurred_until, whose own moment is excluded.
  PurchaseCursor before{filter.occurred_until, ""};
  if (filter.before.has_value() && filter.before->occurred_at < before.occurred_at)
    before = *filter.before;
  list_purchases_.BindBlob(View(member))
      .Bind(filter.occurred_from)
      .Bind(before.occurred_at)
      .Bind(before.purchase_id)
      .Bind(int64_t{limit});
  std::vector<domain::Purchase> purchases;
  RETURN_IF_ERROR(ReadAll(list_purchases_, ReadPurchase, [&](domain::Purchase purchase) {
    purchases.push_back(std::move(purchase));
  }));
  return purchases;
}

absl::StatusOr<std::vector<domain::Return>> SqliteReader::ListReturns(const ReturnFilter& filter,
                                                                      int limit) {
  const std::array<char, 16> member = filter.member_id.ToBytes();
  const PurchaseCursor before = filter.before.value_or(PurchaseCursor{absl::InfiniteFuture(), ""});
  list_returns_.BindBlob(View(member))
      .Bind(before.occurred_at)
      .Bind(before.purchase_id)
      .Bind(int64_t{limit});
  std::vector<domain::Return> returns;
  RETURN_IF_ERROR(ReadAll(list_returns_, ReadReturn, [&](domain::Return returned) {
    returns.push_back(std::move(returned));
  }));
  return returns;
}

absl::StatusOr<std::vector<domain::LedgerEntry>> SqliteReader::ListEntries(
    const EntryFilter& filter, int limit) {
  const std::array<char, 16> member = filter.member_id.ToBytes();
  list_entries_.BindBlob(View(member))
      .Bind(filter.before_number.value_or(std::numeric_limits<int64_t>::max()))
      .Bind(filter.wallet);
  if (filter.kind.has_value()) {
    list_entries_.Bind(static_cast<int64_t>(*filter.kind));
  } else {
    list_entries_.BindNull();
  }
  list_entries_.Bind(int64_t{limit});
  std::vector<domain::LedgerEntry> entries;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, list_entries_.Step());
    if (!row) return entries;
    entries.push_back(ReadEntry(list_entries_));
  }
}

absl::StatusOr<MembersByRequest> SqliteReader::FindBoth(
    const std::vector<std::string>& request_ids) {
  MembersByRequest members;
  ASSIGN_OR_RETURN(Statement find,
                   connection_->Prepare("SELECT member_id FROM command_log"
                                        " WHERE scope IN (2, 5) AND request_id = ?"));
  for (const std::string& id : request_ids) {
    find.Bind(id);
    while (true) {
      ASSIGN_OR_RETURN(const bool row, find.Step());
      if (!row) break;
      members[id].push_back(ReadMemberId(find, 0));
    }
  }
  return members;
}

absl::StatusOr<std::vector<domain::Account>> SqliteReader::BalancesAt(
    const domain::MemberId& member, absl::Time time) {
  const std::array<char, 16> id = member.ToBytes();
  sum_entries_.BindBlob(View(id)).Bind(time).Bind(domain::kSystemPrincipal);
  std::vector<domain::Account> accounts;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, sum_entries_.Step());
    if (!row) return accounts;
    domain::Account& account = accounts.emplace_back();
    account.wallet = std::string(sum_entries_.Text(0));
    account.pending = sum_entries_.Int(1);
    account.available = sum_entries_.Int(2);
    account.held = sum_entries_.Int(3);
  }
}

absl::StatusOr<std::vector<MemberRecords>> SqliteReader::ReadRecords(
    const std::optional<domain::MemberId>& after) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  return ReadMemberRecords(*connection_, after);
}

absl::StatusOr<std::vector<domain::MemberId>> SqliteReader::DueMembers(absl::Time now, int limit) {
  list_due_.Bind(now).Bind(int64_t{limit});
  std::vector<domain::MemberId> members;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, list_due_.Step());
    if (!row) return members;
    members.push_back(ReadMemberId(list_due_, 0));
  }
}

absl::StatusOr<StoredTotals> SqliteReader::Totals(
    absl::Time now, absl::FunctionRef<void(const domain::MemberState&)> due) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  StoredTotals totals;
  RETURN_IF_ERROR(SumPurchases(totals));
  RETURN_IF_ERROR(SumReturns(totals));
  RETURN_IF_ERROR(SumPoints(totals));
  RETURN_IF_ERROR(ReadDue(now, due));
  return totals;
}

absl::Status SqliteReader::ReadDue(absl::Time now,
                                   absl::FunctionRef<void(const domain::MemberState&)> due) {
  ASSIGN_OR_RETURN(const std::vector<domain::MemberId> members,
                   DueMembers(now, std::numeric_limits<int>::max()));
  KeySet keys;
  keys.now = now;
  keys.members.resize(1);
  keys.known_program_version = std::numeric_limits<int64_t>::max();
  for (const domain::MemberId& member : members) {
    keys.members[0].ref.id = member;
    ASSIGN_OR_RETURN(const Loaded loaded, loader_->Load(keys));
    for (const auto& [id, state] : loaded.members) due(state);
  }
  return absl::OkStatus();
}

absl::StatusOr<domain::Outstanding> SqliteReader::SumOutstanding(
    const domain::OutstandingPieces& pieces, absl::Time now, HeldVisitor held,
    absl::FunctionRef<void(const domain::MemberState&)> due) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  domain::Outstanding sums;
  RETURN_IF_ERROR(ForEachRow(SumAccountsSql(), [&](const Statement& row) {
    domain::OutstandingBalance& balance = sums.balances[std::string(row.Text(0))];
    balance.pending = row.Int(1);
    balance.available = row.Int(2);
    balance.held = row.Int(3);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ForEachRow(SumLotsSql(pieces.months), [&](const Statement& row) {
    const std::string wallet(row.Text(0));
    sums.lots[{wallet, static_cast<int>(row.Int(1)), row.Time(2)}] += row.Int(3);
    sums.balances[wallet].owed += row.Int(4);
    return absl::OkStatus();
  }));
  for (const domain::IdlePeriod& period : pieces.idle_periods) {
    RETURN_IF_ERROR(ForEachRow(SumIdleLotsSql(pieces.months, period), [&](const Statement& row) {
      sums.lots[{std::string(row.Text(0)), static_cast<int>(row.Int(1)),
                 period.ends.at(static_cast<size_t>(row.Int(2)))}] += row.Int(3);
      return absl::OkStatus();
    }));
  }
  RETURN_IF_ERROR(ForEachRow(SumFlowsSql(pieces.months), [&](const Statement& row) {
    sums.flows[{std::string(row.Text(0)), static_cast<int>(row.Int(1)),
                static_cast<int>(row.Int(2))}] = {row.Int(3), row.Int(4), row.Int(5)};
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ForEachRow(
      "SELECT " DANGOL_RESERVATION_COLUMNS
      ", (SELECT last_activity_at FROM member"
      " WHERE member.member_id = reservation.member_id) FROM reservation WHERE status = 1",
      [&](const Statement& row) -> absl::Status {
        ASSIGN_OR_RETURN(const domain::Reservation reservation, ReadReservation(row));
        std::optional<absl::Time> last_activity_at;
        if (!row.IsNull(kReservationColumns)) last_activity_at = row.Time(kReservationColumns);
        held(reservation, last_activity_at);
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(ReadDue(now, due));
  return sums;
}

absl::Status SqliteReader::ForEachRow(const std::string& sql,
                                      absl::FunctionRef<absl::Status(const Statement&)> on_row) {
  ASSIGN_OR_RETURN(Statement rows, connection_->Prepare(sql));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, rows.Step());
    if (!row) return absl::OkStatus();
    RETURN_IF_ERROR(on_row(rows));
  }
}

absl::StatusOr<domain::StoredCounters> SqliteReader::ReadCounters() {
  const Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  domain::StoredCounters counters;
  ASSIGN_OR_RETURN(Statement used, connection_->Prepare("SELECT name, used FROM shared_counter"));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, used.Step());
    if (!row) break;
    counters.used[std::string(used.Text(0))] = used.Int(1);
  }
  ASSIGN_OR_RETURN(Statement given,
                   connection_->Prepare("SELECT rule_id, program_version, sum(points)"
                                        " FROM ledger_entry WHERE rule_id <> ''"
                                        " GROUP BY rule_id, program_version"));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, given.Step());
    if (!row) break;
    counters.given.push_back({std::string(given.Text(0)), given.Int(1), given.Int(2)});
  }
  ASSIGN_OR_RETURN(Statement taken,
                   connection_->Prepare("SELECT reward_id, program_version, count(*) FROM coupon"
                                        " WHERE status <> 4 GROUP BY reward_id, program_version"));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, taken.Step());
    if (!row) return counters;
    counters.taken.push_back({std::string(taken.Text(0)), taken.Int(1), taken.Int(2)});
  }
}

absl::StatusOr<std::vector<domain::UnevenTransfer>> SqliteReader::FindUnevenTransfers(int limit) {
  std::vector<domain::UnevenTransfer> uneven;
  RETURN_IF_ERROR(ForEachRow(UnevenTransfersSql(limit), [&](const Statement& row) {
    uneven.push_back({std::string(row.Text(0)), std::string(row.Text(1)), row.Int(2), row.Int(3)});
    return absl::OkStatus();
  }));
  return uneven;
}

absl::Status SqliteReader::SumPurchases(StoredTotals& totals) {
  ASSIGN_OR_RETURN(Statement members, connection_->Prepare("SELECT count(*) FROM member"));
  RETURN_IF_ERROR(members.Step().status());
  totals.members = members.Int(0);
  ASSIGN_OR_RETURN(
      Statement purchases,
      connection_->Prepare("SELECT currency, count(*), sum(line_count), sum(total_minor)"
                           " FROM purchase GROUP BY currency"));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, purchases.Step());
    if (!row) return absl::OkStatus();
    totals.currencies[std::string(purchases.Text(0))].gross_minor = purchases.Int(3);
    totals.purchases += purchases.Int(1);
    totals.purchase_lines += purchases.Int(2);
  }
}

absl::Status SqliteReader::SumReturns(StoredTotals& totals) {
  ASSIGN_OR_RETURN(Statement returns,
                   connection_->Prepare("SELECT currency, count(*), sum(amount_minor)"
                                        " FROM purchase_return GROUP BY currency"));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, returns.Step());
    if (!row) return absl::OkStatus();
    totals.currencies[std::string(returns.Text(0))].returned_minor = returns.Int(2);
    totals.returns += returns.Int(1);
  }
}

absl::Status SqliteReader::SumPoints(StoredTotals& totals) {
  ASSIGN_OR_RETURN(Statement balances,
                   connection_->Prepare("SELECT wallet, sum(pending), sum(available), sum(held)"
                                        " FROM account GROUP BY wallet"));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, balances.Step());
    if (!row) break;
    StoredTotals::Wallet& wallet = totals.wallets[std::string(balances.Text(0))];
    wallet.pending = balances.Int(1);
    wallet.available = balances.Int(2);
    wallet.held = balances.Int(3);
  }
  ASSIGN_OR_RETURN(
      Statement movements,
      connection_->Prepare("SELECT wallet, debit, credit, sum(points) FROM ledger_entry"
                           " GROUP BY wallet, debit, credit"));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, movements.Step());
    if (!row) return absl::OkStatus();
    StoredTotals::Wallet& wallet = totals.wallets[std::string(movements.Text(0))];
    wallet.ledger[static_cast<domain::LedgerAccount>(movements.Int(1))] -= movements.Int(3);
    wallet.ledger[static_cast<domain::LedgerAccount>(movements.Int(2))] += movements.Int(3);
  }
}

}  // namespace dangol::storage::sqlite
