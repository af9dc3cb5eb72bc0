#include "server/storage/mysql/loading.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "server/common/status_macros.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {
namespace {

// Keys in one IN list. MariaDB turns lists of 1,000 and more into a join, which
// locks rows in another order than that of the key.
constexpr size_t kKeysPerStatement = 500;

// Calls `add` with pieces of `keys`.
template <typename Key, typename Add>
void ForEachPiece(const std::vector<Key>& keys, const Add& add) {
  for (size_t i = 0; i < keys.size(); i += kKeysPerStatement) {
    add(absl::MakeConstSpan(keys).subspan(i, kKeysPerStatement));
  }
}

}  // namespace

void AddLogEnds(std::vector<int> partitions, LogEnds& ends, Script& script) {
  std::sort(partitions.begin(), partitions.end());
  partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());
  std::erase_if(partitions, [&](int partition) { return ends.contains(partition); });
  if (partitions.empty()) return;
  SqlText sql;
  sql.Raw(
         "SELECT partition_id, last_position FROM log_partition FORCE INDEX (PRIMARY)"
         " WHERE partition_id IN ")
      .List(partitions)
      .Raw(" ORDER BY partition_id FOR UPDATE");
  script.Add(sql.Take(), [&ends](const Row& row) {
    ends[static_cast<int>(row.Int(0))] = row.Int(1);
    return absl::OkStatus();
  });
}

absl::StatusOr<Loaded> Loading::Run(Script first, const std::string& last) {
  for (const MemberQuery& query : keys_.members) {
    if (query.ref.id.has_value()) Want(*query.ref.id, query.needs);
  }
  const bool names_aliases = NamesAliases();
  AddAliases(first);
  if (!names_aliases) AddState(first);
  RETURN_IF_ERROR(connection_.Run(first));

  Script second;
  if (names_aliases) {
    for (const MemberQuery& query : keys_.members) {
      if (query.ref.id.has_value()) continue;
      const auto owner = loaded_.aliases.find(query.ref.alias);
      if (owner != loaded_.aliases.end()) Want(owner->second, query.needs);
    }
    AddState(second);
  }
  RETURN_IF_ERROR(connection_.Run(second));

  Script third;
  if (latest_program_ > keys_.known_program_version) AddPrograms(third);
  AddLots(third);
  if (!last.empty()) third.Add(last);
  RETURN_IF_ERROR(connection_.Run(third));
  return std::move(loaded_);
}

// Requests come last. Where another server executes one of them right now, its
// effects may show in what was read before; then it is known here as well, and
// is not refused for what it did itself.
void Loading::AddState(Script& script) {
  AddMembers(script);
  AddLatestProgram(script);
  AddRequests(script);
}

bool Loading::NamesAliases() const {
  return std::any_of(keys_.members.begin(), keys_.members.end(),
                     [](const MemberQuery& query) { return !query.ref.id.has_value(); });
}

void Loading::Want(const domain::MemberId& id, const domain::MemberNeeds& needs) {
  Wanted& wanted = wanted_[id];
  wanted.lots = wanted.lots || needs.lots;
  wanted.aliases = wanted.aliases || needs.aliases;
  wanted.periods.insert(needs.cap_periods.begin(), needs.cap_periods.end());
}

void Loading::AddLatestProgram(Script& script) {
  script.Add("SELECT COALESCE(MAX(version), 0) FROM program_version", [this](const Row& row) {
    latest_program_ = row.Int(0);
    return absl::OkStatus();
  });
}

void Loading::AddPrograms(Script& script) {
  SqlText sql;
  sql.Raw(
         "SELECT version, name, effective_from, recorded_at, program_text FROM program_version"
         " WHERE version > ")
      .Value(keys_.known_program_version)
      .Raw(" ORDER BY version");
  script.Add(sql.Take(), [this](const Row& row) {
    loaded_.programs.push_back({row.Int(0), row.Text(1), row.Time(2), row.Time(3), row.Text(4)});
    return absl::OkStatus();
  });
}

void Loading::AddRequests(Script& script) {
  std::map<RequestScope, std::vector<absl::string_view>> ids;
  for (const RequestKey& key : keys_.requests) ids[key.scope].push_back(key.id);
  for (const auto& [scope, all] : ids) {
    ForEachPiece(all, [&, scope = scope](absl::Span<const absl::string_view> piece) {
      SqlText sql;
      sql.Raw(
             "SELECT request_id, payload_hash, reply FROM command_log"
             " FORCE INDEX (command_log_by_request) WHERE scope = ")
          .Value(scope)
          .Raw(" AND request_id IN ")
          .List(piece);
      script.Add(sql.Take(), [this, scope](const Row& row) {
        loaded_.requests[{scope, row.Text(0)}] = {row.Text(1), row.Text(2)};
        return absl::OkStatus();
      });
    });
  }
}

// An owner that is read for writing must stay the owner until the commit.
void Loading::AddAliases(Script& script) {
  std::map<absl::string_view, std::set<absl::string_view>> values;
  for (const domain::Alias& alias : keys_.aliases) values[alias.kind].insert(alias.value);
  for (const MemberQuery& query : keys_.members) {
    if (!query.ref.id.has_value()) values[query.ref.alias.kind].insert(query.ref.alias.value);
  }
  for (const auto& [kind, set] : values) {
    const std::vector<absl::string_view> all(set.begin(), set.end());
    ForEachPiece(all, [&, kind = kind](absl::Span<const absl::string_view> piece) {
      SqlText sql;
      sql.Raw("SELECT kind, value, member_id FROM alias FORCE INDEX (PRIMARY) WHERE kind = ")
          .Value(kind)
          .Raw(" AND value IN ")
          .List(piece)
          .Raw(ends_ != nullptr ? " ORDER BY value FOR UPDATE" : "");
      script.Add(sql.Take(), [this](const Row& row) {
        loaded_.aliases[{row.Text(0), row.Text(1)}] = row.Id(2);
        return absl::OkStatus();
      });
    });
  }
}

void Loading::AddMembers(Script& script) {
  std::vector<domain::MemberId> ids;
  std::vector<domain::MemberId> with_aliases;
  std::vector<domain::MemberId> with_caps;
  std::vector<int> partitions;
  for (const auto& [id, wanted] : wanted_) {
    ids.push_back(id);
    partitions.push_back(PartitionOf(id));
    if (wanted.aliases) with_aliases.push_back(id);
    if (!wanted.periods.empty()) with_caps.push_back(id);
  }
  // Commands that concern no member belong to the first partition.
  if (keys_.members.size() < keys_.requests.size()) partitions.push_back(PartitionOf({}));
  ForEachPiece(ids, [&](Ids piece) { AddRows(piece, script); });
  if (ends_ != nullptr) AddLogEnds(std::move(partitions), *ends_, script);
  ForEachPiece(with_aliases, [&](Ids piece) { AddAliasesOf(piece, script); });
  ForEachPiece(with_caps, [&](Ids piece) { AddCapUsage(piece, script); });
}

// A member and their accounts come together, a row for each account; they lie in the
// order of wallets.
void Loading::AddRows(Ids ids, Script& script) {
  SqlText sql;
  sql.Raw("SELECT " DANGOL_MEMBER_COLUMNS ", " DANGOL_ACCOUNT_COLUMNS
          " FROM member FORCE INDEX (PRIMARY) LEFT JOIN account USING (member_id)"
          " WHERE member_id IN ")
      .List(ids)
      .Raw(" ORDER BY member_id")
      .Raw(ends_ != nullptr ? " FOR UPDATE" : "");
  script.Add(sql.Take(), [this](const Row& row) -> absl::Status {
    domain::MemberState& state = loaded_.members[row.Id(0)];
    if (state.member.version == 0) {
      ASSIGN_OR_RETURN(state.member, ReadMember(row));
    }
    if (!row.IsNull(kMemberColumns)) state.accounts.push_back(ReadAccount(row, kMemberColumns));
    return absl::OkStatus();
  });
}

void Loading::AddAliasesOf(Ids ids, Script& script) {
  SqlText sql;
  sql.Raw(
         "SELECT member_id, kind, value FROM alias FORCE INDEX (alias_by_member)"
         " WHERE member_id IN ")
      .List(ids)
      .Raw(" ORDER BY member_id, kind, value");
  script.Add(sql.Take(), [this](const Row& row) {
    loaded_.members[row.Id(0)].aliases.push_back({row.Text(1), row.Text(2)});
    return absl::OkStatus();
  });
}

void Loading::AddCapUsage(Ids ids, Script& script) {
  std::set<std::string> periods;
  for (const domain::MemberId& id : ids) {
    periods.insert(wanted_[id].periods.begin(), wanted_[id].periods.end());
  }
  SqlText sql;
  sql.Raw("SELECT " DANGOL_CAP_USAGE_COLUMNS
          " FROM cap_usage FORCE INDEX (PRIMARY) WHERE member_id IN ")
      .List(ids)
      .Raw(" AND period IN ")
      .List(periods);
  script.Add(sql.Take(), [this](const Row& row) {
    const domain::MemberId id = row.Id(0);
    domain::CapUsage usage = ReadCapUsage(row);
    if (wanted_[id].periods.contains(usage.period)) {
      loaded_.members[id].cap_usage.push_back(std::move(usage));
    }
    return absl::OkStatus();
  });
}

void Loading::AddLots(Script& script) {
  std::vector<domain::MemberState*> members;
  for (auto& [id, state] : loaded_.members) {
    state.has_lots = wanted_[id].lots || state.member.next_due_at <= keys_.now;
    if (state.has_lots) members.push_back(&state);
  }
  ForEachPiece(members,
               [&](absl::Span<domain::MemberState* const> piece) { AddLotsOf(piece, script); });
}

// Lots that have expired have nothing remaining, and lie before each range.
void Loading::AddLotsOf(absl::Span<domain::MemberState* const> members, Script& script) {
  SqlText sql;
  sql.Raw("SELECT " DANGOL_LOT_COLUMNS " FROM lot FORCE INDEX (PRIMARY) WHERE remaining > 0 AND (");
  absl::string_view before;
  for (const domain::MemberState* state : members) {
    sql.Raw(before)
        .Raw("member_id = ")
        .Value(state->member.id)
        .Raw(" AND expires_at > ")
        .Value(state->member.advanced_until);
    before = " OR ";
  }
  sql.Raw(") ORDER BY member_id, expires_at, lot");
  script.Add(sql.Take(), [this](const Row& row) {
    loaded_.members[row.Id(0)].lots.push_back(ReadLot(row));
    return absl::OkStatus();
  });
}

}  // namespace dangol::storage::mysql
