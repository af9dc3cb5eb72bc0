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
#include "server/storage/audit_chain.h"
#include "server/storage/erasing.h"
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

// Where rows may be there already.
template <typename Stored>
Insert Put(Script& script) {
  static const auto* const head = new std::string(InsertSql(ShapeOf<Stored>()));
  static const auto* const tail = new std::string(OnDuplicateSql(ShapeOf<Stored>()));
  return Insert(script, *head, *tail);
}

// Rows that are new.
template <typename Stored>
void AddAll(const std::vector<Stored>& rows, Script& script) {
  static const auto* const head = new std::string(InsertSql(ShapeOf<Stored>()));
  Insert insert(script, *head);
  for (const Stored& row : rows) AppendRow(row, {}, insert.Row());
}

// One statement for new and for known members. A row with another version than
// the one that was loaded makes a conflict.
void AddMembers(const WriteSet& writes, Script& script) {
  // Where they were recalled, this is what locks them.
  std::vector<const domain::Member*> members;
  members.reserve(writes.members.size());
  for (const MemberWrite& write : writes.members) members.push_back(&write.member);
  std::sort(members.begin(), members.end(),
            [](const domain::Member* a, const domain::Member* b) { return a->id < b->id; });
  Insert put = Put<domain::Member>(script);
  for (const domain::Member* member : members) AppendRow(*member, {}, put.Row());
}

// What belongs to one member goes to another; each key is led by the member.
void AddMoves(const WriteSet& writes, Script& script) {
  for (const domain::Move& move : writes.moves) {
    (void)ForEachKind([&]<typename Stored>() {
      if constexpr (IsMoved<Stored>) {
        const std::vector<domain::MemberId>& persons = Table<Stored>::Movers(move);
        if (persons.empty()) return absl::OkStatus();
        SqlText sql;
        sql.Raw("UPDATE ")
            .Raw(Table<Stored>::kName)
            .Raw(" FORCE INDEX (")
            .Raw(Table<Stored>::kMemberIndex)
            .Raw(") SET member_id = ")
            .Value(move.to)
            .Raw(" WHERE member_id = ")
            .Value(move.from)
            .Raw(" AND person_id IN ")
            .List(persons);
        script.Add(sql.Take());
      }
      return absl::OkStatus();
    });
  }
}

void AddBelongings(const WriteSet& writes, Script& script) {
  (void)ForEachKind([&]<typename Stored>() {
    if constexpr (IsWritten<Stored>) {
      Insert put = Put<Stored>(script);
      for (const MemberWrite& write : writes.members) {
        for (const Stored& row : Table<Stored>::Written(write)) {
          AppendRow(row, write.member.id, put.Row());
        }
      }
    }
    return absl::OkStatus();
  });
}

// With the check of their versions that members have.
void AddCounters(const WriteSet& writes, Script& script) {
  Insert put = Put<CounterWrite>(script);
  for (const CounterWrite& write : writes.counters) AppendRow(write, {}, put.Row());
}

void AddClock(const WriteSet& writes, Script& script) {
  Insert put = Put<StoredClock>(script);
  if (writes.clock.has_value()) AppendRow(*writes.clock, {}, put.Row());
}

void AddPastAlias(const domain::AliasChange& change, Script& script) {
  SqlText sql;
  sql.Raw("INSERT IGNORE INTO alias_past (kind, value, until, member_id) VALUES ")
      .Row(change.alias.kind, change.alias.value, change.at, change.member_id);
  script.Add(sql.Take());
}

// In the order in which they were made: an alias may be removed and added again.
void AddAliases(const WriteSet& writes, Script& script) {
  for (const domain::AliasChange& change : writes.aliases) {
    SqlText sql;
    if (change.added) {
      sql.Raw(InsertSql(ShapeOf<domain::Alias>()));
      AppendRow(change.alias, change.member_id, sql);
    } else {
      sql.Raw("DELETE FROM alias WHERE kind = ")
          .Value(change.alias.kind)
          .Raw(" AND value = ")
          .Value(change.alias.value)
          .Raw(" AND member_id = ")
          .Value(change.member_id);
    }
    script.Add(sql.Take());
    if (!change.added) AddPastAlias(change, script);
  }
}

constexpr absl::string_view kPlace = "partition_id, position";

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
void MoveLogEnds(const std::vector<Placed>& commands, std::optional<int64_t> latest_rules,
                 LogEnds& ends, Script& script) {
  constexpr int kStepBits = 12;
  static_assert(limits::kMaxCommandsPerCommit < 1 << kStepBits);
  if (commands.empty()) return;
  absl::btree_map<int, int64_t> moved;
  for (const Placed& placed : commands) moved[placed.partition] = placed.position;
  const std::string end = absl::StrCat("(VALUES(last_position) >> ", kStepBits, ")");
  const std::string step = absl::StrCat("(VALUES(last_position) & ", (1 << kStepBits) - 1, ")");
  const std::string same_program =
      latest_rules.has_value() ? absl::StrCat(" AND (partition_id <> ", moved.begin()->first,
                                              " OR (", kLatestRules, ") = ", *latest_rules, ")")
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
  static const auto* const head = new std::string(InsertSql(ShapeOf<CommandRecord>(), kPlace));
  Insert insert(script, *head);
  for (const Placed& placed : commands) {
    AppendRow(placed.write->record, {}, insert.Row(), placed.partition, placed.position);
  }
}

// Moves the end of a partition's chain on, and appends what it has come to with the act: the
// database computes it (as NextInChain), so that nobody has to read the end first. Who appends to
// a partition has its end of the log locked.
void AddActs(const std::vector<Placed>& commands, Script& script) {
  static const auto* const head =
      new std::string(InsertHead(ShapeOf<AuditRecord>(), "partition_id, position, number, chain"));
  for (const Placed& placed : commands) {
    const std::optional<AuditRecord>& act = placed.write->act;
    if (!act.has_value()) continue;
    const std::string digest = DigestOf(placed.partition, placed.position, *act);
    SqlText end;
    end.Raw("INSERT INTO audit_end (partition_id, number, chain) VALUES (").Value(placed.partition);
    end.Raw(", 1, ").Value(SqlText::Blob{NextInChain(ChainBegin(), digest)});
    end.Raw(") ON DUPLICATE KEY UPDATE number = number + 1, chain = UNHEX(SHA2(CONCAT(chain, ");
    script.Add(end.Value(SqlText::Blob{digest}).Raw("), 256))").Take());
    SqlText row;
    row.Raw(*head).Raw(") SELECT partition_id, ").Value(placed.position).Raw(", number, chain");
    VisitStored(*act, {}, IsInserted,
                [&](absl::string_view, const auto& value) { AppendValue(value, row.Raw(", ")); });
    row.Raw(" FROM audit_end WHERE partition_id = ").Value(placed.partition);
    script.Add(row.Take());
  }
}

// What some commands have beside their records.
template <typename Stored>
void AddPlaced(const std::vector<Placed>& commands, std::optional<Stored> CommandWrite::*member,
               Script& script) {
  static const auto* const head = new std::string(InsertSql(ShapeOf<Stored>(), kPlace));
  Insert insert(script, *head);
  for (const Placed& placed : commands) {
    const std::optional<Stored>& row = placed.write->*member;
    if (row.has_value()) AppendRow(*row, {}, insert.Row(), placed.partition, placed.position);
  }
}

// What changes in rows that are there: in purchases what comes back, and in members what
// they say about merges.
void AddUpdates(const WriteSet& writes, Script& script) {
  for (const MemberWrite& write : writes.members) {
    for (const domain::Purchase& purchase : write.purchases) {
      script.Add(UpdateSql(purchase, {}, Use::kChanging).Take());
    }
    for (const domain::Return& undone : write.returns) {
      script.Add(UpdateSql(undone, {}, Use::kChanging).Take());
    }
    for (const domain::Activity& undone : write.activities) {
      script.Add(UpdateSql(undone, {}, Use::kChanging).Take());
    }
    if (write.rare_changed) script.Add(UpdateSql(write.member, {}, Use::kRare).Take());
  }
}

absl::Status LockLogEnds(Connection& connection, const WriteSet& writes, LogEnds& ends) {
  std::vector<int> partitions;
  partitions.reserve(writes.commands.size());
  for (const CommandWrite& write : writes.commands) {
    partitions.push_back(PartitionOf(write.record.member_id));
  }
  Script script;
  int64_t latest_rules = 0;  // It was read with the members.
  AddLogEnds(std::move(partitions), ends, latest_rules, script);
  return connection.Run(script);
}

}  // namespace

absl::Status AddWrites(Connection& connection, const WriteSet& writes,
                       std::optional<int64_t> latest_rules, LogEnds& ends, Script& script) {
  RETURN_IF_ERROR(LockLogEnds(connection, writes, ends));
  const std::vector<Placed> commands = Place(writes, ends);
  // In the order in which others lock them.
  AddMembers(writes, script);
  MoveLogEnds(commands, latest_rules, ends, script);
  AddCounters(writes, script);
  AddClock(writes, script);
  AddBelongings(writes, script);
  AddAll(writes.entries, script);
  AddAliases(writes, script);
  AddAll(writes.rules, script);
  AddCommands(commands, script);
  AddActs(commands, script);
  AddPlaced(commands, &CommandWrite::purchase, script);
  AddPlaced(commands, &CommandWrite::purchase_return, script);
  AddPlaced(commands, &CommandWrite::activity, script);
  // Last, because what is returned may have been bought in the same batch.
  AddUpdates(writes, script);
  AddMoves(writes, script);
  for (const Erasure& erasure : writes.erasures) {
    for (std::string& sql : ErasureSql(erasure, Dialect::kMySql)) {
      script.Add(std::move(sql));
    }
  }
  return absl::OkStatus();
}

}  // namespace dangol::storage::mysql
