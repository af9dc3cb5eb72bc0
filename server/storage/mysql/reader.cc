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

// Has statements run later, as summing.h allows.
auto AddTo(Script& script) {
  return [&script](std::string sql, RowHandler on_row) {
    script.Add(std::move(sql), std::move(on_row));
    return absl::OkStatus();
  };
}

// Restricts to what comes before the cursor, by occurred_at and this id, latest first.
void AppendBefore(const PurchaseCursor& before, absl::string_view id, int limit, SqlText& sql) {
  sql.Raw(" AND (occurred_at < ").Value(before.occurred_at).Raw(" OR occurred_at = ");
  sql.Value(before.occurred_at).Raw(" AND ").Raw(id).Raw(" < ").Value(before.purchase_id);
  sql.Raw(") ORDER BY occurred_at DESC, ").Raw(id).Raw(" DESC LIMIT ").Value(int64_t{limit});
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
  keys.known_rules = std::numeric_limits<int64_t>::max();
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
    ASSIGN_OR_RETURN(const Loaded loaded, LoadByIds(connection, members.subspan(i, kMembersPerLoad),
                                                    {.lots = true}, now));
    told = true;
    for (const auto& [id, state] : loaded.members) due(state);
  }
  return absl::OkStatus();
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

template <typename Stored>
absl::StatusOr<std::vector<Stored>> MysqlReader::List(const SqlText& sql) {
  std::vector<Stored> rows;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    rows.clear();
    return connection->Run(sql.str(), Into(rows));
  }));
  return rows;
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
  sql.Raw("SELECT ")
      .Raw(filter.bare ? absl::string_view(ColumnNames<domain::Member>()) : "member_id")
      .Raw(" FROM member FORCE INDEX (");
  if (filter.referrer.has_value()) {
    sql.Raw("member_by_referrer) WHERE referrer_id = ").Value(*filter.referrer);
  } else {
    sql.Raw(filter.advocates ? "member_by_advocate) WHERE advocate = 1" : "PRIMARY) WHERE TRUE");
  }
  sql.Raw(" AND member_id > ").Value(filter.after.value_or(domain::MemberId()));
  if (filter.status.has_value()) sql.Raw(" AND status = ").Value(*filter.status);
  sql.Raw(" ORDER BY member_id LIMIT ").Value(int64_t{limit});
  std::vector<domain::MemberState> members;
  if (filter.bare) {
    ASSIGN_OR_RETURN(std::vector<domain::Member> bare, List<domain::Member>(sql));
    for (domain::Member& member : bare) members.emplace_back().member = std::move(member);
    return members;
  }
  domain::MemberNeeds needs;
  needs.aliases = true;
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
  sql.Raw(SelectSql<domain::Purchase>())
      .Raw(
          " WHERE (partition_id, position) IN (SELECT partition_id, position FROM"
          " command_log WHERE scope = 1 AND request_id = ")
      .Value(purchase_id)
      .Raw(")");
  ASSIGN_OR_RETURN(std::vector<domain::Purchase> found, List<domain::Purchase>(sql));
  if (found.empty()) return std::nullopt;
  return std::optional<domain::Purchase>(std::move(found.front()));
}

absl::StatusOr<std::optional<domain::Return>> MysqlReader::FindReturn(
    const std::string& return_id) {
  SqlText sql;
  sql.Raw(SelectSql<domain::Return>())
      .Raw(
          " WHERE (partition_id, position) IN (SELECT partition_id, position FROM"
          " command_log WHERE scope = 4 AND request_id = ")
      .Value(return_id)
      .Raw(")");
  ASSIGN_OR_RETURN(std::vector<domain::Return> found, List<domain::Return>(sql));
  if (found.empty()) return std::nullopt;
  return std::optional<domain::Return>(std::move(found.front()));
}

absl::StatusOr<std::vector<domain::Reservation>> MysqlReader::ListReservations(
    const domain::MemberId& member, const std::string& after, int limit) {
  SqlText sql = SelectOf<domain::Reservation>(member);
  sql.Raw(" AND reservation_id > ").Value(after).Raw(" ORDER BY reservation_id LIMIT ");
  return List<domain::Reservation>(sql.Value(int64_t{limit}));
}

absl::StatusOr<std::vector<domain::Coupon>> MysqlReader::ListCoupons(const domain::MemberId& member,
                                                                     const std::string& after,
                                                                     int limit) {
  SqlText sql = SelectOf<domain::Coupon>(member);
  sql.Raw(" AND coupon_id > ").Value(after).Raw(" ORDER BY coupon_id LIMIT ");
  return List<domain::Coupon>(sql.Value(int64_t{limit}));
}

absl::StatusOr<std::vector<domain::TierRecord>> MysqlReader::ListTierRecords(
    const domain::MemberId& member, int64_t after, int limit) {
  SqlText sql = SelectOf<domain::TierRecord>(member);
  sql.Raw(" AND number > ").Value(after).Raw(" ORDER BY number LIMIT ");
  return List<domain::TierRecord>(sql.Value(int64_t{limit}));
}

absl::StatusOr<std::vector<domain::Purchase>> MysqlReader::ListPurchases(
    const PurchaseFilter& filter, int limit) {
  // Before the cursor, and before occurred_until, whose own moment is excluded.
  PurchaseCursor before{filter.occurred_until, ""};
  if (filter.before.has_value() && filter.before->occurred_at < before.occurred_at)
    before = *filter.before;
  SqlText sql = SelectOf<domain::Purchase>(filter.member_id);
  sql.Raw(" AND occurred_at >= ").Value(filter.occurred_from);
  AppendBefore(before, "purchase_id", limit, sql);
  return List<domain::Purchase>(sql);
}

absl::StatusOr<std::vector<domain::Return>> MysqlReader::ListReturns(const ReturnFilter& filter,
                                                                     int limit) {
  const PurchaseCursor before = filter.before.value_or(PurchaseCursor{absl::InfiniteFuture(), ""});
  SqlText sql = SelectOf<domain::Return>(filter.member_id);
  sql.Raw(" AND occurred_at >= ").Value(filter.occurred_from);
  AppendBefore(before, "return_id", limit, sql);
  return List<domain::Return>(sql);
}

absl::StatusOr<std::vector<FoundWork>> MysqlReader::ListOpenWork(const WorkCursor& after,
                                                                 int limit) {
  SqlText sql;
  sql.Raw("SELECT ")
      .Raw(ColumnNames<domain::WorkItem>())
      .Raw(", member_id FROM work_item FORCE INDEX (work_item_by_due) WHERE status = 1")
      .Raw(" AND due_at >= ")
      .Value(after.due_at)
      .Raw(" AND (due_at > ")
      .Value(after.due_at)
      .Raw(" OR member_id > ")
      .Value(after.member_id)
      .Raw(" OR member_id = ")
      .Value(after.member_id)
      .Raw(" AND (kind > ")
      .Value(after.kind)
      .Raw(" OR kind = ")
      .Value(after.kind)
      .Raw(" AND item_id > ")
      .Value(after.item_id)
      .Raw(")) ORDER BY due_at, member_id, kind, item_id LIMIT ")
      .Value(int64_t{limit});
  std::vector<FoundWork> found;
  const absl::Status status = WithConnection(pool_, [&](Pool::Lease& connection) -> absl::Status {
    found.clear();
    Script script;
    script.Add(sql.str(), [&](const Row& row) -> absl::Status {
      FoundWork& work = found.emplace_back();
      ASSIGN_OR_RETURN(work.item, Read<domain::WorkItem>(row));
      work.member_id = row.Id(Width<domain::WorkItem>());
      return absl::OkStatus();
    });
    return connection->Run(script);
  });
  RETURN_IF_ERROR(status);
  return found;
}

absl::StatusOr<std::vector<domain::WorkItem>> MysqlReader::ListWorkOf(
    const domain::MemberId& member, domain::WorkKind kind, const std::string& after, int limit) {
  SqlText sql = SelectOf<domain::WorkItem>(member);
  sql.Raw(" AND kind = ").Value(kind).Raw(" AND item_id > ").Value(after);
  sql.Raw(" ORDER BY item_id LIMIT ").Value(int64_t{limit});
  return List<domain::WorkItem>(sql);
}

absl::StatusOr<std::vector<domain::Activity>> MysqlReader::ListActivities(
    const ActivityFilter& filter, int limit) {
  PurchaseCursor before{filter.occurred_until, ""};
  if (filter.before.has_value() && filter.before->occurred_at < before.occurred_at)
    before = *filter.before;
  SqlText sql = SelectOf<domain::Activity>(filter.member_id);
  sql.Raw(" AND occurred_at >= ").Value(filter.occurred_from);
  if (!filter.kind.empty()) sql.Raw(" AND kind = ").Value(filter.kind);
  AppendBefore(before, "activity_id", limit, sql);
  return List<domain::Activity>(sql);
}

absl::StatusOr<std::vector<domain::LedgerEntry>> MysqlReader::ListEntries(const EntryFilter& filter,
                                                                          int limit) {
  SqlText sql = SelectOf<domain::LedgerEntry>(filter.member_id);
  if (filter.before_number.has_value()) sql.Raw(" AND number < ").Value(*filter.before_number);
  if (!filter.wallet.empty()) sql.Raw(" AND wallet = ").Value(filter.wallet);
  if (filter.kind.has_value()) sql.Raw(" AND kind = ").Value(*filter.kind);
  if (!filter.purchase_id.empty()) sql.Raw(" AND purchase_id = ").Value(filter.purchase_id);
  if (!filter.reference.empty()) sql.Raw(" AND reference = ").Value(filter.reference);
  if (filter.effective_from != absl::InfinitePast()) {
    sql.Raw(" AND effective_at >= ").Value(filter.effective_from);
  }
  if (filter.effective_until != absl::InfiniteFuture()) {
    sql.Raw(" AND effective_at < ").Value(filter.effective_until);
  }
  sql.Raw(" ORDER BY number DESC LIMIT ").Value(int64_t{limit});
  return List<domain::LedgerEntry>(sql);
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
absl::StatusOr<std::vector<domain::Account>> MysqlReader::BalancesAt(
    const domain::MemberId& member, absl::Time time, std::optional<absl::Time> known_at) {
  const absl::Time recorded_by = known_at.value_or(time);
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
      .Raw(" AND effective_at <= ")
      .Value(known_at.has_value() ? time : absl::InfiniteFuture())
      .Raw(" AND (recorded_at <= ")
      .Value(recorded_by)
      .Raw(" OR effective_at <= ")
      .Value(time)
      .Raw(" AND (kind IN (3, 4) AND (lot, lot_purse_id) IN (SELECT lot, lot_purse_id")
      .Raw(known.str())
      .Raw(" AND recorded_at <= ")
      .Value(recorded_by)
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

absl::StatusOr<FamilyRecords> MysqlReader::ReadRecords(
    const std::optional<domain::MemberId>& after) {
  FamilyRecords records;
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
  RETURN_IF_ERROR(storage::ReadCounters(counters, AddTo(script)));
  script.Add(kEnd);
  RETURN_IF_ERROR(WithConnection(reports_, [&](Pool::Lease& connection) {
    counters = {};
    return connection->Run(script);
  }));
  return counters;
}

absl::StatusOr<std::vector<domain::UnevenTransfer>> MysqlReader::FindUnevenTransfers(int limit) {
  std::vector<domain::UnevenTransfer> uneven;
  Script script;
  RETURN_IF_ERROR(ReadUneven(limit, uneven, AddTo(script)));
  RETURN_IF_ERROR(WithConnection(reports_, [&](Pool::Lease& connection) {
    uneven.clear();
    return connection->Run(script);
  }));
  return uneven;
}

absl::StatusOr<std::vector<domain::GivenAway>> MysqlReader::ListGivenAway(
    absl::Time occurred_from, absl::Time occurred_until) {
  std::vector<domain::GivenAway> given;
  Script script;
  const std::string sql = GivenAwaySql(occurred_from, occurred_until, /*partitioned=*/true);
  RETURN_IF_ERROR(ReadGivenAway(sql, given, AddTo(script)));
  RETURN_IF_ERROR(WithConnection(reports_, [&](Pool::Lease& connection) {
    given.clear();
    return connection->Run(script);
  }));
  return given;
}

absl::StatusOr<std::vector<domain::InUse>> MysqlReader::ListInUse(
    domain::PartKind kind, absl::Time now,
    absl::FunctionRef<void(const domain::MemberState&)> due) {
  std::vector<domain::InUse> in_use;
  std::vector<domain::MemberId> members;
  bool told = false;
  const absl::Status status =
      WithConnection(reports_, [&](Pool::Lease& connection) -> absl::Status {
        if (told) return absl::UnavailableError(kLostAfterTelling);
        in_use.clear();
        members.clear();
        Script script;
        script.Add(kBegin);
        RETURN_IF_ERROR(ReadInUse(kind, in_use, AddTo(script)));
        if (kind != domain::PartKind::kCurrency) AddDue(now, members, script);
        RETURN_IF_ERROR(connection->Run(script));
        RETURN_IF_ERROR(TellDue(*connection, members, now, due, told));
        return connection->Run(kEnd);
      });
  RETURN_IF_ERROR(status);
  return in_use;
}

absl::StatusOr<std::vector<DueMember>> MysqlReader::DueMembers(absl::Time now, int limit,
                                                               const DueMember& after) {
  SqlText sql;
  // A comparison of pairs would read the index from its beginning.
  sql.Raw("SELECT next_due_at, member_id FROM member WHERE next_due_at >= ")
      .Value(after.due_at)
      .Raw(" AND next_due_at <= ")
      .Value(now)
      .Raw(" AND (next_due_at > ")
      .Value(after.due_at)
      .Raw(" OR member_id > ")
      .Value(after.id)
      .Raw(") ORDER BY next_due_at, member_id LIMIT ")
      .Value(int64_t{limit});
  std::vector<DueMember> due;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    due.clear();
    return connection->Run(sql.str(), [&](const Row& row) {
      due.push_back({row.Time(0), row.Id(1)});
      return absl::OkStatus();
    });
  }));
  return due;
}

absl::StatusOr<absl::Time> MysqlReader::NextDueAt() {
  absl::Time next = absl::InfiniteFuture();
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    return connection->Run("SELECT next_due_at FROM member ORDER BY next_due_at LIMIT 1",
                           [&](const Row& row) {
                             next = row.Time(0);
                             return absl::OkStatus();
                           });
  }));
  return next;
}

absl::StatusOr<std::vector<LoggedCommand>> MysqlReader::ListLog(const LogPositions& after,
                                                                int limit) {
  // Where there is anything to read: most partitions have nothing new most of the time.
  ASSIGN_OR_RETURN(LogPositions grown, LogEnds());
  std::erase_if(grown, [&](const auto& end) {
    const auto known = after.find(end.first);
    return end.second <= (known == after.end() ? 0 : known->second);
  });
  std::vector<LoggedCommand> commands;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    commands.clear();
    Script script;
    const auto partitions = std::max<int64_t>(1, std::ssize(grown));
    for (const auto& [partition, end] : grown) {
      const auto known = after.find(partition);
      SqlText sql = SelectBy<LoggedCommand>("PRIMARY");
      sql.Raw("partition_id = ").Value(partition);
      sql.Raw(" AND position > ").Value(known == after.end() ? int64_t{0} : known->second);
      sql.Raw(" ORDER BY position LIMIT ").Value(std::max<int64_t>(1, limit / partitions));
      script.Add(sql.Take(), ReadAll<LoggedCommand>([&, partition = partition](LoggedCommand row) {
                   row.partition = partition;
                   commands.push_back(std::move(row));
                 }));
    }
    return connection->Run(script);
  }));
  return commands;
}

absl::StatusOr<LogPositions> MysqlReader::LogEnds() {
  LogPositions ends;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    return connection->Run("SELECT partition_id, last_position FROM log_partition",
                           [&](const Row& row) {
                             ends[static_cast<int>(row.Int(0))] = row.Int(1);
                             return absl::OkStatus();
                           });
  }));
  return ends;
}

absl::StatusOr<std::vector<AuditEntry>> MysqlReader::ListAudit(const AuditFilter& filter,
                                                               int limit) {
  SqlText sql =
      SelectBy<AuditEntry>(filter.member_id.IsNil() ? "audit_log_by_time" : "audit_log_by_member");
  sql.Raw("recorded_at >= ").Value(filter.from).Raw(" AND recorded_at < ").Value(filter.until);
  if (!filter.member_id.IsNil()) sql.Raw(" AND member_id = ").Value(filter.member_id);
  if (!filter.principal.empty()) sql.Raw(" AND principal = ").Value(filter.principal);
  if (filter.kind != domain::ActionKind{}) sql.Raw(" AND kind = ").Value(filter.kind);
  if (filter.after.has_value()) {
    const auto& [recorded_at, partition, number] = *filter.after;
    // The first is for the index.
    sql.Raw(" AND recorded_at <= ").Value(recorded_at);
    sql.Raw(" AND (recorded_at, partition_id, number) < ").Row(recorded_at, partition, number);
  }
  sql.Raw(" ORDER BY recorded_at DESC, partition_id DESC, number DESC LIMIT ").Value(limit);
  return List<AuditEntry>(sql);
}

absl::StatusOr<std::vector<AuditEntry>> MysqlReader::ReadAudit(int partition, int64_t after,
                                                               int limit) {
  SqlText sql = SelectBy<AuditEntry>("PRIMARY");
  sql.Raw("partition_id = ").Value(partition).Raw(" AND number > ").Value(after);
  sql.Raw(" ORDER BY number LIMIT ").Value(limit);
  return List<AuditEntry>(sql);
}

absl::StatusOr<AuditEnds> MysqlReader::ReadAuditEnds() {
  AuditEnds ends;
  RETURN_IF_ERROR(WithConnection(pool_, [&](Pool::Lease& connection) {
    return connection->Run(
        "SELECT partition_id, number, chain FROM audit_end", [&](const Row& row) {
          ends[static_cast<int>(row.Int(0))] = {row.Int(1), std::string(row.Text(2))};
          return absl::OkStatus();
        });
  }));
  return ends;
}

absl::StatusOr<std::optional<StoredClock>> MysqlReader::ReadClock() {
  SqlText sql;
  sql.Raw(SelectSql<StoredClock>());
  ASSIGN_OR_RETURN(std::vector<StoredClock> clocks, List<StoredClock>(sql));
  if (clocks.empty()) return std::nullopt;
  return std::move(clocks.front());
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
        RETURN_IF_ERROR(SumTotals(totals, AddTo(script)));
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
        RETURN_IF_ERROR(SumPieces(pieces, sums, AddTo(script)));
        AddDue(now, members, script);
        RETURN_IF_ERROR(connection->Run(script));
        told = true;
        Script telling;
        RETURN_IF_ERROR(ReadHeld(held, " FORCE INDEX (reservation_by_status)", AddTo(telling)));
        RETURN_IF_ERROR(connection->Run(telling));
        RETURN_IF_ERROR(TellDue(*connection, members, now, due, told));
        return connection->Run(kEnd);
      });
  RETURN_IF_ERROR(status);
  return sums;
}

}  // namespace dangol::storage::mysql
