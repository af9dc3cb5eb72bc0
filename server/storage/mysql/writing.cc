#include "server/storage/mysql/writing.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/storage/json.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {
namespace {

// A statement ends when it is this long, and another one takes the next rows.
constexpr size_t kStatementBytes = 1 << 20;

// INSERT statements of many rows: `head`, the rows, `tail`.
class Insert {
 public:
  Insert(Script& script, absl::string_view head, absl::string_view tail = "")
      : script_(script), head_(head), tail_(tail) {}
  ~Insert() { Flush(); }

  // Where the next row goes.
  SqlText& Row() {
    if (sql_.size() > kStatementBytes) Flush();
    sql_.Raw(sql_.empty() ? head_ : absl::string_view(","));
    return sql_;
  }

 private:
  void Flush() {
    if (!sql_.empty()) script_.Add(sql_.Raw(tail_).Take());
  }

  Script& script_;
  const absl::string_view head_;
  const absl::string_view tail_;
  SqlText sql_;
};

// One statement for new and for known members. A row with another version than
// the one that was loaded makes version NULL, which the column refuses: error
// 1048, a conflict.
void AddMembers(const WriteSet& writes, Script& script) {
  Insert insert(
      script, "INSERT INTO member (" DANGOL_MEMBER_WRITTEN_COLUMNS ") VALUES ",
      " ON DUPLICATE KEY UPDATE version = IF(version = VALUES(version) - 1, VALUES(version), NULL),"
      " status = VALUES(status), enrolled_at = VALUES(enrolled_at), attributes = "
      "VALUES(attributes),"
      " purchase_count = VALUES(purchase_count), first_purchase_at = VALUES(first_purchase_at),"
      " last_purchase_at = VALUES(last_purchase_at), entry_count = VALUES(entry_count),"
      " advanced_until = VALUES(advanced_until), next_due_at = VALUES(next_due_at),"
      " last_activity_at = VALUES(last_activity_at)");
  // Where they were recalled, this is what locks them.
  std::vector<const domain::Member*> members;
  members.reserve(writes.members.size());
  for (const MemberWrite& write : writes.members) members.push_back(&write.member);
  std::sort(members.begin(), members.end(),
            [](const domain::Member* a, const domain::Member* b) { return a->id < b->id; });
  for (const domain::Member* member : members) AppendMemberRow(*member, insert.Row());
}

void AddMerges(const WriteSet& writes, Script& script) {
  for (const MemberWrite& write : writes.members) {
    if (!write.merge_changed) continue;
    const std::optional<domain::Merged>& merged = write.member.merged;
    std::optional<domain::MemberId> into;
    std::optional<std::string> json;
    if (merged.has_value()) {
      into = merged->into;
      json = MergedToJson(*merged);
    }
    SqlText sql;
    sql.Raw("UPDATE member SET merged_into = ")
        .Value(into)
        .Raw(", merge_json = ")
        .Value(json)
        .Raw(", last_origin = ")
        .Value(write.member.origins.last)
        .Raw(", origins_json = ")
        .Value(OriginsToJson(write.member))
        .Raw(" WHERE member_id = ")
        .Value(write.member.id);
    script.Add(sql.Take());
  }
}

// What belongs to one member goes to another; each key is led by the member.
void AddMoves(const WriteSet& writes, Script& script) {
  for (const domain::Move& move : writes.moves) {
    for (const absl::string_view table :
         {"purchase FORCE INDEX (purchase_by_member)",
          "purchase_return FORCE INDEX (purchase_return_by_member)",
          "reservation FORCE INDEX (PRIMARY)", "coupon FORCE INDEX (PRIMARY)",
          "cap_usage FORCE INDEX (PRIMARY)"}) {
      SqlText sql;
      sql.Raw("UPDATE ")
          .Raw(table)
          .Raw(" SET member_id = ")
          .Value(move.to)
          .Raw(", origin = origin + ")
          .Value(move.shift)
          .Raw(" WHERE member_id = ")
          .Value(move.from)
          .Raw(" AND origin BETWEEN ")
          .Value(move.first)
          .Raw(" AND ")
          .Value(move.last);
      script.Add(sql.Take());
    }
  }
}

void AddBelongings(const WriteSet& writes, Script& script) {
  Insert accounts(script, "INSERT INTO account (member_id, " DANGOL_ACCOUNT_COLUMNS ") VALUES ",
                  " ON DUPLICATE KEY UPDATE pending = VALUES(pending),"
                  " available = VALUES(available), held = VALUES(held),"
                  " qualifying = VALUES(qualifying)");
  Insert lots(script, "INSERT INTO lot (" DANGOL_LOT_COLUMNS ") VALUES ",
              " ON DUPLICATE KEY UPDATE wallet = VALUES(wallet), points = VALUES(points),"
              " remaining = VALUES(remaining), earned_at = VALUES(earned_at),"
              " available_from = VALUES(available_from), purchase_id = VALUES(purchase_id),"
              " idle_months = VALUES(idle_months), idle_days = VALUES(idle_days)");
  Insert caps(script, "INSERT INTO cap_usage (" DANGOL_CAP_USAGE_COLUMNS ") VALUES ",
              " ON DUPLICATE KEY UPDATE points = VALUES(points)");
  Insert reservations(script, "INSERT INTO reservation (" DANGOL_RESERVATION_COLUMNS ") VALUES ",
                      " ON DUPLICATE KEY UPDATE wallet = VALUES(wallet), points = VALUES(points),"
                      " captured = VALUES(captured), restored = VALUES(restored),"
                      " status = VALUES(status), reserved_at = VALUES(reserved_at),"
                      " lapses_at = VALUES(lapses_at), lots_json = VALUES(lots_json)");
  Insert coupons(script, "INSERT INTO coupon (" DANGOL_COUPON_COLUMNS ") VALUES ",
                 // A code that another coupon has makes status NULL, which is refused.
                 " ON DUPLICATE KEY UPDATE"
                 " status = IF(coupon_id = VALUES(coupon_id) AND member_id = VALUES(member_id),"
                 " VALUES(status), NULL), ended_at = VALUES(ended_at),"
                 " reference = VALUES(reference), lots_json = VALUES(lots_json)");
  Insert expired(script,
                 "INSERT INTO expired_elsewhere (member_id, purchase_id, wallet, points) VALUES ",
                 " ON DUPLICATE KEY UPDATE points = points + VALUES(points)");
  for (const MemberWrite& write : writes.members) {
    const domain::MemberId& id = write.member.id;
    for (const domain::Account& account : write.accounts) {
      AppendAccountRow(id, account, accounts.Row());
    }
    for (const domain::Lot& lot : write.lots) AppendLotRow(id, lot, lots.Row());
    for (const domain::CapUsage& usage : write.cap_usage) AppendCapUsageRow(id, usage, caps.Row());
    for (const domain::Reservation& reservation : write.reservations) {
      AppendReservationRow(id, reservation, reservations.Row());
    }
    for (const domain::Coupon& coupon : write.coupons) AppendCouponRow(id, coupon, coupons.Row());
    for (const domain::ExpiredPoints& points : write.expired) {
      expired.Row().Row(id, points.purchase_id, points.wallet, points.points);
    }
  }
}

void AddEntries(const WriteSet& writes, Script& script) {
  Insert insert(script, "INSERT INTO ledger_entry (" DANGOL_ENTRY_COLUMNS ") VALUES ");
  for (const domain::LedgerEntry& entry : writes.entries) AppendEntryRow(entry, insert.Row());
}

// With the check of their versions that members have.
void AddCounters(const WriteSet& writes, Script& script) {
  Insert insert(
      script, "INSERT INTO shared_counter (name, version, used) VALUES ",
      " ON DUPLICATE KEY UPDATE version = IF(version = VALUES(version) - 1, VALUES(version), NULL),"
      " used = VALUES(used)");
  for (const CounterWrite& write : writes.counters) {
    insert.Row().Row(write.name, write.counter.version + 1, write.counter.used);
  }
}

// In the order in which they were made: an alias may be removed and added again.
void AddAliases(const WriteSet& writes, Script& script) {
  for (const domain::AliasChange& change : writes.aliases) {
    SqlText sql;
    if (change.added) {
      sql.Raw("INSERT INTO alias (kind, value, member_id) VALUES ")
          .Row(change.alias.kind, change.alias.value, change.member_id);
    } else {
      sql.Raw("DELETE FROM alias WHERE kind = ")
          .Value(change.alias.kind)
          .Raw(" AND value = ")
          .Value(change.alias.value)
          .Raw(" AND member_id = ")
          .Value(change.member_id);
    }
    script.Add(sql.Take());
  }
}

void AddPrograms(const WriteSet& writes, Script& script) {
  Insert insert(script,
                "INSERT INTO program_version"
                " (version, name, effective_from, recorded_at, program_text) VALUES ");
  for (const StoredProgram& program : writes.programs) {
    insert.Row().Row(program.version, program.name, program.effective_from, program.recorded_at,
                     program.text);
  }
}

// A command and the place in the log that it is given.
struct Placed {
  const CommandWrite* write;
  int partition;
  int64_t position;
};

std::vector<Placed> Place(const WriteSet& writes, LogEnds ends) {
  std::vector<Placed> placed;
  placed.reserve(writes.commands.size());
  for (const CommandWrite& write : writes.commands) {
    const int partition = PartitionOf(write.record.member_id);
    placed.push_back({&write, partition, ++ends[partition]});
  }
  return placed;
}

// Moves the ends of the log. One that is elsewhere becomes NULL, which the column
// refuses; and so does the first one where there is another program. A row holds both the new end
// and how far it is from the old one: the latter takes kStepBits. (A CASE with a branch
// for each partition took fifty times as long in MariaDB.)
void MoveLogEnds(const std::vector<Placed>& commands, std::optional<int64_t> latest_program,
                 LogEnds& ends, Script& script) {
  constexpr int kStepBits = 12;
  static_assert(limits::kMaxCommandsPerCommit < 1 << kStepBits);
  if (commands.empty()) return;
  absl::btree_map<int, int64_t> moved;
  for (const Placed& placed : commands) moved[placed.partition] = placed.position;
  const std::string end = absl::StrCat("(VALUES(last_position) >> ", kStepBits, ")");
  const std::string step = absl::StrCat("(VALUES(last_position) & ", (1 << kStepBits) - 1, ")");
  const std::string same_program =
      latest_program.has_value()
          ? absl::StrCat(" AND (partition_id <> ", moved.begin()->first,
                         " OR (" DANGOL_LATEST_PROGRAM ") = ", *latest_program, ")")
          : "";
  const std::string update =
      absl::StrCat(" ON DUPLICATE KEY UPDATE last_position = IF(last_position = ", end, " - ", step,
                   same_program, ", ", end, ", NULL)");
  Insert insert(script, "INSERT INTO log_partition (partition_id, last_position) VALUES ", update);
  for (const auto& [partition, last_position] : moved) {
    const int64_t appended = last_position - ends.at(partition);
    insert.Row().Row(partition, last_position << kStepBits | appended);
    ends[partition] = last_position;
  }
}

// Sorted by their unique key, so that two servers with the same requests wait for
// each other in no circle.
void AddCommands(std::vector<Placed> commands, Script& script) {
  std::sort(commands.begin(), commands.end(), [](const Placed& a, const Placed& b) {
    const RequestKey& left = a.write->record.key;
    const RequestKey& right = b.write->record.key;
    return std::tie(left.id, left.scope) < std::tie(right.id, right.scope);
  });
  Insert insert(
      script,
      "INSERT INTO command_log (partition_id, position, scope, request_id, kind,"
      " member_id, principal, recorded_at, payload_hash, payload, reply, inputs) VALUES ");
  for (const Placed& placed : commands) {
    const CommandRecord& record = placed.write->record;
    std::optional<domain::MemberId> member;
    if (!record.member_id.IsNil()) member = record.member_id;
    std::optional<std::string> inputs = InputsToJson(record.inputs);
    if (inputs->empty()) inputs.reset();
    insert.Row().Row(placed.partition, placed.position, record.key.scope, record.key.id,
                     record.kind, member, record.principal, record.recorded_at,
                     SqlText::Blob{record.payload_hash}, SqlText::Blob{record.payload},
                     SqlText::Blob{record.reply}, inputs);
  }
}

void AddPurchases(const std::vector<Placed>& commands, Script& script) {
  Insert insert(script,
                "INSERT INTO purchase (partition_id, position, line_count,"
                " " DANGOL_PURCHASE_COLUMNS ") VALUES ");
  for (const Placed& placed : commands) {
    if (!placed.write->purchase.has_value()) continue;
    const domain::Purchase& purchase = *placed.write->purchase;
    insert.Row().Row(placed.partition, placed.position, static_cast<int64_t>(purchase.lines.size()),
                     purchase.purchase_id, purchase.member_id, purchase.occurred_at,
                     purchase.recorded_at, purchase.currency, purchase.total_minor,
                     purchase.paid_with_points_minor, purchase.channel, purchase.store_id,
                     purchase.program_version, LinesToJson(purchase.lines), purchase.returned_minor,
                     purchase.reservation_id, purchase.origin);
  }
}

void AddReturns(const std::vector<Placed>& commands, Script& script) {
  Insert insert(script,
                "INSERT INTO purchase_return (partition_id, position, " DANGOL_RETURN_COLUMNS
                ") VALUES ");
  for (const Placed& placed : commands) {
    if (!placed.write->purchase_return.has_value()) continue;
    const domain::Return& returned = *placed.write->purchase_return;
    insert.Row().Row(placed.partition, placed.position, returned.return_id, returned.member_id,
                     returned.purchase_id, returned.occurred_at, returned.recorded_at,
                     returned.currency, returned.reason, returned.amount_minor,
                     returned.unmatched_minor, ReturnedLinesToJson(returned.lines),
                     returned.origin);
  }
}

void UpdatePurchases(const WriteSet& writes, Script& script) {
  for (const MemberWrite& write : writes.members) {
    for (const domain::Purchase& purchase : write.purchases) {
      SqlText sql;
      sql.Raw("UPDATE purchase FORCE INDEX (purchase_by_member) SET returned_minor = ")
          .Value(purchase.returned_minor)
          .Raw(", lines_json = ")
          .Value(LinesToJson(purchase.lines))
          .Raw(" WHERE member_id = ")
          .Value(write.member.id)
          .Raw(" AND occurred_at = ")
          .Value(purchase.occurred_at)
          .Raw(" AND purchase_id = ")
          .Value(purchase.purchase_id);
      script.Add(sql.Take());
    }
  }
}

absl::Status LockLogEnds(Connection& connection, const WriteSet& writes, LogEnds& ends) {
  std::vector<int> partitions;
  partitions.reserve(writes.commands.size());
  for (const CommandWrite& write : writes.commands) {
    partitions.push_back(PartitionOf(write.record.member_id));
  }
  Script script;
  int64_t latest_program = 0;  // It was read with the members.
  AddLogEnds(std::move(partitions), ends, latest_program, script);
  return connection.Run(script);
}

}  // namespace

absl::Status AddWrites(Connection& connection, const WriteSet& writes,
                       std::optional<int64_t> latest_program, LogEnds& ends, Script& script) {
  RETURN_IF_ERROR(LockLogEnds(connection, writes, ends));
  const std::vector<Placed> commands = Place(writes, ends);
  // In the order in which others lock them.
  AddMembers(writes, script);
  MoveLogEnds(commands, latest_program, ends, script);
  AddCounters(writes, script);
  AddBelongings(writes, script);
  AddEntries(writes, script);
  AddAliases(writes, script);
  AddPrograms(writes, script);
  AddCommands(commands, script);
  AddPurchases(commands, script);
  AddReturns(commands, script);
  // Last, because what is returned may have been bought in the same batch.
  UpdatePurchases(writes, script);
  AddMerges(writes, script);
  AddMoves(writes, script);
  return absl::OkStatus();
}

}  // namespace dangol::storage::mysql
