#include "server/storage/sqlite/reader.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/storage/sqlite/records.h"
#include "server/storage/sqlite/rows.h"
#include "server/storage/summing.h"

namespace dangol::storage::sqlite {
namespace {

// What was recorded by ?2; and of what time caused by ?4: what matured (3) or expired
// (4) of lots that were there, and what was released (7), which was held before. All of it only
// where it had taken effect by ?5.
constexpr char kSumEntries[] =
    "SELECT wallet, sum(((credit = 1) - (debit = 1)) * points),"
    " sum(((credit = 2) - (debit = 2)) * points), sum(((credit = 3) - (debit = 3)) * points)"
    " FROM ledger_entry WHERE member_id = ?1 AND (recorded_at <= ?2 OR (effective_at <= ?4 AND"
    " ((kind IN (3, 4) AND (lot, lot_purse_id) IN (SELECT lot, lot_purse_id FROM ledger_entry "
    "WHERE member_id = ?1"
    " AND recorded_at <= ?2)) OR (kind = 7 AND principal = ?3)))) AND effective_at <= ?5"
    " GROUP BY wallet ORDER BY wallet";

// Runs statements, as summing.h has them run.
auto Run(Connection& connection) {
  return [&connection](const std::string& sql, const auto& on_row) -> absl::Status {
    ASSIGN_OR_RETURN(Statement rows, connection.Prepare(sql));
    return ForEachRow(rows, on_row);
  };
}

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

absl::Status SqliteReader::PrepareLog() {
  ASSIGN_OR_RETURN(
      list_log_, connection_->Prepare(absl::StrCat(
                     SelectSql<LoggedCommand>(), " WHERE position > ? ORDER BY position LIMIT ?")));
  ASSIGN_OR_RETURN(find_log_end_,
                   connection_->Prepare("SELECT coalesce(max(position), 0) FROM command_log"));
  return absl::OkStatus();
}

absl::Status SqliteReader::PrepareAll() {
  RETURN_IF_ERROR(PrepareLog());
  // Where a filter is absent, its parameter is null.
  const std::pair<Statement*, std::string> statements[] = {
      {&begin_, "BEGIN"},
      {&end_, "COMMIT"},
      {&list_members_, absl::StrCat(SelectSql<domain::Member>(),
                                    " WHERE member_id > ?1 AND (?2 IS NULL OR status = ?2)"
                                    " ORDER BY member_id LIMIT ?3")},
      {&list_open_work_, absl::StrCat("SELECT ", ColumnNames<domain::WorkItem>(),
                                      ", member_id FROM work_item WHERE status = 1"
                                      " AND (due_at, member_id, kind, item_id) > (?1, ?2, ?3, ?4)"
                                      " ORDER BY due_at, member_id, kind, item_id LIMIT ?5")},
      {&list_work_of_, absl::StrCat(SelectSql<domain::WorkItem>(),
                                    " WHERE member_id = ?1 AND kind = ?2 AND item_id > ?3"
                                    " ORDER BY item_id LIMIT ?4")},
      {&list_advocates_, absl::StrCat(SelectSql<domain::Member>(),
                                      " WHERE advocate IS NOT NULL AND member_id > ?1"
                                      " AND (?2 IS NULL OR status = ?2)"
                                      " ORDER BY member_id LIMIT ?3")},
      {&list_referred_, absl::StrCat(SelectSql<domain::Member>(),
                                     " WHERE referrer_id = ?4 AND member_id > ?1"
                                     " AND (?2 IS NULL OR status = ?2)"
                                     " ORDER BY member_id LIMIT ?3")},
      {&find_purchase_, absl::StrCat(SelectSql<domain::Purchase>(),
                                     " WHERE position = (SELECT position FROM command_log"
                                     " WHERE request_id = ? AND scope = 1)")},
      {&find_return_, absl::StrCat(SelectSql<domain::Return>(),
                                   " WHERE position = (SELECT position FROM command_log"
                                   " WHERE request_id = ? AND scope = 4)")},
      {&list_reservations_, absl::StrCat(SelectSql<domain::Reservation>(),
                                         " WHERE member_id = ? AND reservation_id > ?"
                                         " ORDER BY reservation_id LIMIT ?")},
      {&list_coupons_, absl::StrCat(SelectSql<domain::Coupon>(),
                                    " WHERE member_id = ? AND coupon_id > ?"
                                    " ORDER BY coupon_id LIMIT ?")},
      {&list_tier_records_, absl::StrCat(SelectSql<domain::TierRecord>(),
                                         " WHERE member_id = ? AND number > ?"
                                         " ORDER BY number LIMIT ?")},
      {&list_purchases_, absl::StrCat(SelectSql<domain::Purchase>(),
                                      " WHERE member_id = ? AND occurred_at >= ?"
                                      " AND (occurred_at, purchase_id) < (?, ?)"
                                      " ORDER BY occurred_at DESC, purchase_id DESC LIMIT ?")},
      {&list_returns_, absl::StrCat(SelectSql<domain::Return>(),
                                    " WHERE member_id = ? AND occurred_at >= ?"
                                    " AND (occurred_at, return_id) < (?, ?)"
                                    " ORDER BY occurred_at DESC, return_id DESC LIMIT ?")},
      {&list_activities_, absl::StrCat(SelectSql<domain::Activity>(),
                                       " WHERE member_id = ?1 AND (?2 = '' OR kind = ?2)"
                                       " AND occurred_at >= ?3"
                                       " AND (occurred_at, activity_id) < (?4, ?5)"
                                       " ORDER BY occurred_at DESC, activity_id DESC LIMIT ?6")},
      {&list_entries_, absl::StrCat(SelectSql<domain::LedgerEntry>(),
                                    " WHERE member_id = ?1 AND number < ?2 AND"
                                    " (?3 = '' OR wallet = ?3) AND (?4 IS NULL OR kind = ?4)"
                                    " AND (?5 = '' OR purchase_id = ?5)"
                                    " AND (?6 = '' OR reference = ?6)"
                                    " AND effective_at >= ?7 AND effective_at < ?8"
                                    " ORDER BY number DESC LIMIT ?9")},
      {&sum_entries_, kSumEntries},
      {&list_due_,
       "SELECT next_due_at, member_id FROM member WHERE next_due_at <= ?1"
       " AND (next_due_at, member_id) > (?2, ?3) ORDER BY next_due_at, member_id LIMIT ?4"},
      {&find_next_due_, "SELECT next_due_at FROM member ORDER BY next_due_at LIMIT 1"},
      {&find_clock_, SelectSql<StoredClock>()},
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
  Statement& list = filter.referrer.has_value() ? list_referred_
                    : filter.advocates          ? list_advocates_
                                                : list_members_;
  list.Bind(filter.after.value_or(domain::MemberId())).Bind(filter.status).Bind(limit);
  if (filter.referrer.has_value()) list.Bind(*filter.referrer);
  std::vector<domain::MemberState> members;
  RETURN_IF_ERROR(ReadAll<domain::Member>(
      list, [&](domain::Member member) { members.emplace_back().member = std::move(member); }));
  if (filter.bare) return members;
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
  return ReadOne<domain::Purchase>(find_purchase_);
}

absl::StatusOr<std::optional<domain::Return>> SqliteReader::FindReturn(
    const std::string& return_id) {
  find_return_.Bind(return_id);
  return ReadOne<domain::Return>(find_return_);
}

absl::StatusOr<std::vector<domain::Reservation>> SqliteReader::ListReservations(
    const domain::MemberId& member, const std::string& after, int limit) {
  list_reservations_.Bind(member).Bind(after).Bind(limit);
  return ReadList<domain::Reservation>(list_reservations_);
}

absl::StatusOr<std::vector<domain::Coupon>> SqliteReader::ListCoupons(
    const domain::MemberId& member, const std::string& after, int limit) {
  list_coupons_.Bind(member).Bind(after).Bind(limit);
  return ReadList<domain::Coupon>(list_coupons_);
}

absl::StatusOr<std::vector<domain::TierRecord>> SqliteReader::ListTierRecords(
    const domain::MemberId& member, int64_t after, int limit) {
  list_tier_records_.Bind(member).Bind(after).Bind(limit);
  return ReadList<domain::TierRecord>(list_tier_records_);
}

absl::StatusOr<std::vector<domain::Purchase>> SqliteReader::ListPurchases(
    const PurchaseFilter& filter, int limit) {
  // Before the cursor, and before occurred_until, whose own moment is excluded.
  PurchaseCursor before{filter.occurred_until, ""};
  if (filter.before.has_value() && filter.before->occurred_at < before.occurred_at)
    before = *filter.before;
  list_purchases_.Bind(filter.member_id)
      .Bind(filter.occurred_from)
      .Bind(before.occurred_at)
      .Bind(before.purchase_id)
      .Bind(limit);
  return ReadList<domain::Purchase>(list_purchases_);
}

absl::StatusOr<std::vector<domain::Return>> SqliteReader::ListReturns(const ReturnFilter& filter,
                                                                      int limit) {
  const PurchaseCursor before = filter.before.value_or(PurchaseCursor{absl::InfiniteFuture(), ""});
  list_returns_.Bind(filter.member_id)
      .Bind(filter.occurred_from)
      .Bind(before.occurred_at)
      .Bind(before.purchase_id)
      .Bind(limit);
  return ReadList<domain::Return>(list_returns_);
}

absl::StatusOr<std::vector<FoundWork>> SqliteReader::ListOpenWork(const WorkCursor& after,
                                                                  int limit) {
  list_open_work_.Bind(after.due_at)
      .Bind(after.member_id)
      .Bind(after.kind)
      .Bind(after.item_id)
      .Bind(limit);
  std::vector<FoundWork> found;
  RETURN_IF_ERROR(ForEachRow(list_open_work_, [&](const Statement& row) -> absl::Status {
    FoundWork& work = found.emplace_back();
    ASSIGN_OR_RETURN(work.item, Read<domain::WorkItem>(row));
    work.member_id = row.Id(Width<domain::WorkItem>());
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<domain::WorkItem>> SqliteReader::ListWorkOf(
    const domain::MemberId& member, domain::WorkKind kind, const std::string& after, int limit) {
  list_work_of_.Bind(member).Bind(kind).Bind(after).Bind(limit);
  return ReadList<domain::WorkItem>(list_work_of_);
}

absl::StatusOr<std::vector<domain::Activity>> SqliteReader::ListActivities(
    const ActivityFilter& filter, int limit) {
  PurchaseCursor before{filter.occurred_until, ""};
  if (filter.before.has_value() && filter.before->occurred_at < before.occurred_at)
    before = *filter.before;
  list_activities_.Bind(filter.member_id)
      .Bind(filter.kind)
      .Bind(filter.occurred_from)
      .Bind(before.occurred_at)
      .Bind(before.purchase_id)
      .Bind(limit);
  return ReadList<domain::Activity>(list_activities_);
}

absl::StatusOr<std::vector<domain::LedgerEntry>> SqliteReader::ListEntries(
    const EntryFilter& filter, int limit) {
  list_entries_.Bind(filter.member_id)
      .Bind(filter.before_number.value_or(std::numeric_limits<int64_t>::max()))
      .Bind(filter.wallet)
      .Bind(filter.kind)
      .Bind(filter.purchase_id)
      .Bind(filter.reference)
      .Bind(filter.effective_from)
      .Bind(filter.effective_until)
      .Bind(limit);
  return ReadList<domain::LedgerEntry>(list_entries_);
}

absl::StatusOr<MembersByRequest> SqliteReader::FindBoth(
    const std::vector<std::string>& request_ids) {
  MembersByRequest members;
  ASSIGN_OR_RETURN(Statement find,
                   connection_->Prepare("SELECT member_id FROM command_log"
                                        " WHERE scope IN (2, 5) AND request_id = ?"));
  for (const std::string& id : request_ids) {
    find.Bind(id);
    ASSIGN_OR_RETURN(const std::vector<domain::MemberId> both, ReadIds(find));
    if (!both.empty()) members[id] = both;
  }
  return members;
}

absl::StatusOr<std::vector<domain::Account>> SqliteReader::BalancesAt(
    const domain::MemberId& member, absl::Time time, std::optional<absl::Time> known_at) {
  sum_entries_.Bind(member).Bind(known_at.value_or(time)).Bind(domain::kSystemPrincipal);
  sum_entries_.Bind(time).Bind(known_at.has_value() ? time : absl::InfiniteFuture());
  std::vector<domain::Account> accounts;
  RETURN_IF_ERROR(ForEachRow(sum_entries_, [&](const Statement& row) {
    accounts.push_back({std::string(row.Text(0)), row.Int(1), row.Int(2), row.Int(3)});
    return absl::OkStatus();
  }));
  return accounts;
}

absl::StatusOr<FamilyRecords> SqliteReader::ReadRecords(
    const std::optional<domain::MemberId>& after) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  return ReadMemberRecords(*connection_, after);
}

absl::StatusOr<std::vector<DueMember>> SqliteReader::DueMembers(absl::Time now, int limit,
                                                                const DueMember& after) {
  list_due_.Bind(now).Bind(after.due_at).Bind(after.id).Bind(limit);
  std::vector<DueMember> due;
  RETURN_IF_ERROR(ForEachRow(list_due_, [&](const Statement& row) {
    due.push_back({row.Time(0), row.Id(1)});
    return absl::OkStatus();
  }));
  return due;
}

absl::StatusOr<absl::Time> SqliteReader::NextDueAt() {
  absl::Time next = absl::InfiniteFuture();
  RETURN_IF_ERROR(ForEachRow(find_next_due_, [&](const Statement& row) {
    next = row.Time(0);
    return absl::OkStatus();
  }));
  return next;
}

absl::StatusOr<std::vector<LoggedCommand>> SqliteReader::ListLog(const LogPositions& after,
                                                                 int limit) {
  const auto known = after.find(0);
  list_log_.Bind(known == after.end() ? int64_t{0} : known->second).Bind(limit);
  return ReadList<LoggedCommand>(list_log_);
}

absl::StatusOr<LogPositions> SqliteReader::LogEnds() {
  LogPositions ends;
  RETURN_IF_ERROR(ForEachRow(find_log_end_, [&](const Statement& row) {
    ends[0] = row.Int(0);
    return absl::OkStatus();
  }));
  return ends;
}

absl::StatusOr<std::vector<AuditEntry>> SqliteReader::ListAudit(const AuditFilter& filter,
                                                                int limit) {
  std::string sql =
      absl::StrCat(SelectSql<AuditEntry>(), " WHERE recorded_at >= ? AND recorded_at < ?");
  if (!filter.member_id.IsNil()) absl::StrAppend(&sql, " AND member_id = ?");
  if (!filter.principal.empty()) absl::StrAppend(&sql, " AND principal = ?");
  if (filter.kind != domain::ActionKind{}) absl::StrAppend(&sql, " AND kind = ?");
  if (filter.after.has_value()) {
    absl::StrAppend(&sql, " AND (recorded_at, partition_id, number) < (?, ?, ?)");
  }
  absl::StrAppend(&sql, " ORDER BY recorded_at DESC, partition_id DESC, number DESC LIMIT ?");
  ASSIGN_OR_RETURN(Statement list, connection_->Prepare(sql));
  list.Bind(filter.from).Bind(filter.until);
  if (!filter.member_id.IsNil()) list.Bind(filter.member_id);
  if (!filter.principal.empty()) list.Bind(filter.principal);
  if (filter.kind != domain::ActionKind{}) list.Bind(filter.kind);
  if (filter.after.has_value()) {
    list.Bind(filter.after->recorded_at).Bind(filter.after->partition).Bind(filter.after->number);
  }
  list.Bind(limit);
  return ReadList<AuditEntry>(list);
}

absl::StatusOr<std::vector<AuditEntry>> SqliteReader::ReadAudit(int partition, int64_t after,
                                                                int limit) {
  ASSIGN_OR_RETURN(Statement read,
                   connection_->Prepare(absl::StrCat(
                       SelectSql<AuditEntry>(),
                       " WHERE partition_id = ? AND number > ? ORDER BY number LIMIT ?")));
  read.Bind(partition).Bind(after).Bind(limit);
  return ReadList<AuditEntry>(read);
}

absl::StatusOr<AuditEnds> SqliteReader::ReadAuditEnds() {
  ASSIGN_OR_RETURN(Statement read,
                   connection_->Prepare("SELECT partition_id, number, chain FROM audit_end"));
  AuditEnds ends;
  RETURN_IF_ERROR(ForEachRow(read, [&](const Statement& row) {
    ends[static_cast<int>(row.Int(0))] = {row.Int(1), std::string(row.Text(2))};
    return absl::OkStatus();
  }));
  return ends;
}

absl::StatusOr<std::optional<StoredClock>> SqliteReader::ReadClock() {
  return ReadOne<StoredClock>(find_clock_);
}

absl::StatusOr<StoredTotals> SqliteReader::Totals(
    absl::Time now, absl::FunctionRef<void(const domain::MemberState&)> due) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  StoredTotals totals;
  RETURN_IF_ERROR(SumTotals(totals, Run(*connection_)));
  RETURN_IF_ERROR(ReadDue(now, due));
  return totals;
}

absl::Status SqliteReader::ReadDue(absl::Time now,
                                   absl::FunctionRef<void(const domain::MemberState&)> due) {
  ASSIGN_OR_RETURN(const std::vector<DueMember> members,
                   DueMembers(now, std::numeric_limits<int>::max(), {}));
  KeySet keys;
  keys.now = now;
  keys.members.resize(1);
  keys.members[0].needs.lots = true;
  keys.known_rules = std::numeric_limits<int64_t>::max();
  for (const DueMember& member : members) {
    keys.members[0].ref.id = member.id;
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
  RETURN_IF_ERROR(SumPieces(pieces, sums, Run(*connection_)));
  RETURN_IF_ERROR(ReadHeld(held, /*hint=*/"", Run(*connection_)));
  RETURN_IF_ERROR(ReadDue(now, due));
  return sums;
}

absl::StatusOr<domain::StoredCounters> SqliteReader::ReadCounters() {
  const Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  domain::StoredCounters counters;
  RETURN_IF_ERROR(storage::ReadCounters(counters, Run(*connection_)));
  return counters;
}

absl::StatusOr<std::vector<domain::GivenAway>> SqliteReader::ListGivenAway(
    absl::Time occurred_from, absl::Time occurred_until) {
  std::vector<domain::GivenAway> given;
  const std::string sql = GivenAwaySql(occurred_from, occurred_until, /*partitioned=*/false);
  RETURN_IF_ERROR(ReadGivenAway(sql, given, Run(*connection_)));
  return given;
}

absl::StatusOr<std::vector<domain::InUse>> SqliteReader::ListInUse(
    domain::PartKind kind, absl::Time now,
    absl::FunctionRef<void(const domain::MemberState&)> due) {
  Snapshot snapshot(*this);
  RETURN_IF_ERROR(snapshot.status());
  std::vector<domain::InUse> in_use;
  RETURN_IF_ERROR(ReadInUse(kind, in_use, Run(*connection_)));
  if (kind != domain::PartKind::kCurrency) RETURN_IF_ERROR(ReadDue(now, due));
  return in_use;
}

absl::StatusOr<std::vector<domain::UnevenTransfer>> SqliteReader::FindUnevenTransfers(int limit) {
  std::vector<domain::UnevenTransfer> uneven;
  RETURN_IF_ERROR(ReadUneven(limit, uneven, Run(*connection_)));
  return uneven;
}

}  // namespace dangol::storage::sqlite
