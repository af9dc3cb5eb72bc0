#include "server/storage/sqlite/loading.h"

#include <algorithm>
#include <utility>

#include "server/common/status_macros.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage::sqlite {
namespace {

absl::string_view View(const std::array<char, 16>& bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

absl::StatusOr<std::unique_ptr<Loader>> Loader::Make(Connection& connection) {
  auto loader = std::make_unique<Loader>();
  ASSIGN_OR_RETURN(loader->find_request_,
                   connection.Prepare("SELECT payload_hash, reply FROM command_log"
                                      " WHERE request_id = ? AND scope = ?"));
  ASSIGN_OR_RETURN(loader->find_alias_,
                   connection.Prepare("SELECT member_id FROM alias WHERE kind = ? AND value = ?"));
  ASSIGN_OR_RETURN(loader->find_member_, connection.Prepare("SELECT " DANGOL_MEMBER_COLUMNS
                                                            " FROM member WHERE member_id = ?"));
  ASSIGN_OR_RETURN(loader->list_accounts_, connection.Prepare("SELECT " DANGOL_ACCOUNT_COLUMNS
                                                              " FROM account WHERE member_id = ?"));
  // Lots that have expired have nothing remaining, and lie before this range.
  ASSIGN_OR_RETURN(
      loader->list_lots_,
      connection.Prepare("SELECT " DANGOL_LOT_COLUMNS
                         " FROM lot WHERE member_id = ? AND expires_at > ? AND remaining > 0"
                         " ORDER BY expires_at, lot"));
  ASSIGN_OR_RETURN(
      loader->list_aliases_,
      connection.Prepare("SELECT kind, value FROM alias WHERE member_id = ? ORDER BY kind, value"));
  ASSIGN_OR_RETURN(loader->list_cap_usage_,
                   connection.Prepare(
                       "SELECT rule_id, points FROM cap_usage WHERE member_id = ? AND period = ?"));
  ASSIGN_OR_RETURN(
      loader->list_programs_,
      connection.Prepare("SELECT version, name, effective_from, recorded_at, program_text"
                         " FROM program_version WHERE version > ? ORDER BY version"));
  return loader;
}

absl::StatusOr<Loaded> Loader::Load(const KeySet& keys) {
  Loaded loaded;
  RETURN_IF_ERROR(LoadPrograms(keys.known_program_version, loaded));
  RETURN_IF_ERROR(LoadRequests(keys.requests, loaded));
  for (const domain::Alias& alias : keys.aliases) RETURN_IF_ERROR(LoadAlias(alias, loaded));
  for (const MemberQuery& query : keys.members) {
    if (query.ref.id.has_value()) {
      RETURN_IF_ERROR(LoadMember(*query.ref.id, query.needs, keys.now, loaded));
      continue;
    }
    RETURN_IF_ERROR(LoadAlias(query.ref.alias, loaded));
    const auto owner = loaded.aliases.find(query.ref.alias);
    if (owner != loaded.aliases.end()) {
      const domain::MemberId id = owner->second;
      RETURN_IF_ERROR(LoadMember(id, query.needs, keys.now, loaded));
    }
  }
  return loaded;
}

absl::Status Loader::LoadRequests(const std::vector<RequestKey>& requests, Loaded& loaded) {
  for (const RequestKey& key : requests) {
    find_request_.Bind(key.id).Bind(static_cast<int64_t>(key.scope));
    ASSIGN_OR_RETURN(const bool found, find_request_.Step());
    if (!found) continue;
    loaded.requests[key] = {std::string(find_request_.Blob(0)), std::string(find_request_.Blob(1))};
    find_request_.Reset();
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadAlias(const domain::Alias& alias, Loaded& loaded) {
  if (loaded.aliases.contains(alias)) return absl::OkStatus();
  find_alias_.Bind(alias.kind).Bind(alias.value);
  ASSIGN_OR_RETURN(const bool found, find_alias_.Step());
  if (!found) return absl::OkStatus();
  loaded.aliases[alias] = ReadMemberId(find_alias_, 0);
  find_alias_.Reset();
  return absl::OkStatus();
}

absl::Status Loader::LoadMember(const domain::MemberId& id, const domain::MemberNeeds& needs,
                                absl::Time now, Loaded& loaded) {
  auto [place, is_new] = loaded.members.try_emplace(id);
  if (is_new) {
    const std::array<char, 16> bytes = id.ToBytes();
    find_member_.BindBlob(View(bytes));
    ASSIGN_OR_RETURN(const bool found, find_member_.Step());
    if (!found) {
      loaded.members.erase(place);
      return absl::OkStatus();
    }
    absl::StatusOr<domain::Member> member = ReadMember(find_member_);
    find_member_.Reset();
    RETURN_IF_ERROR(member.status());
    place->second.member = *std::move(member);
    list_accounts_.BindBlob(View(bytes));
    while (true) {
      ASSIGN_OR_RETURN(const bool row, list_accounts_.Step());
      if (!row) break;
      place->second.accounts.push_back(ReadAccount(list_accounts_));
    }
  }
  return LoadBelongings(needs, now, place->second);
}

absl::Status Loader::LoadBelongings(const domain::MemberNeeds& needs, absl::Time now,
                                    domain::MemberState& state) {
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  if (!state.has_lots && (needs.lots || state.member.next_due_at <= now)) {
    state.has_lots = true;
    list_lots_.BindBlob(View(bytes)).Bind(state.member.advanced_until);
    while (true) {
      ASSIGN_OR_RETURN(const bool row, list_lots_.Step());
      if (!row) break;
      state.lots.push_back(ReadLot(list_lots_));
    }
  }
  if (needs.aliases && state.aliases.empty()) {
    list_aliases_.BindBlob(View(bytes));
    while (true) {
      ASSIGN_OR_RETURN(const bool row, list_aliases_.Step());
      if (!row) break;
      state.aliases.push_back(
          {std::string(list_aliases_.Text(0)), std::string(list_aliases_.Text(1))});
    }
  }
  for (const std::string& period : needs.cap_periods) {
    const auto same = [&](const domain::CapUsage& usage) { return usage.period == period; };
    if (std::any_of(state.cap_usage.begin(), state.cap_usage.end(), same)) continue;
    list_cap_usage_.BindBlob(View(bytes)).Bind(period);
    while (true) {
      ASSIGN_OR_RETURN(const bool row, list_cap_usage_.Step());
      if (!row) break;
      state.cap_usage.push_back(
          {period, std::string(list_cap_usage_.Text(0)), list_cap_usage_.Int(1)});
    }
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadPrograms(int64_t after_version, Loaded& loaded) {
  list_programs_.Bind(after_version);
  while (true) {
    ASSIGN_OR_RETURN(const bool row, list_programs_.Step());
    if (!row) return absl::OkStatus();
    StoredProgram program;
    program.version = list_programs_.Int(0);
    program.name = std::string(list_programs_.Text(1));
    program.effective_from = list_programs_.Time(2);
    program.recorded_at = list_programs_.Time(3);
    program.text = std::string(list_programs_.Text(4));
    loaded.programs.push_back(std::move(program));
  }
}

}  // namespace dangol::storage::sqlite
