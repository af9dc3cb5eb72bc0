#include "server/storage/mysql/loading.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/mysql/pieces.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {
namespace {

bool Contains(const std::vector<domain::Alias>& sorted, const domain::Alias& alias) {
  return std::binary_search(sorted.begin(), sorted.end(), alias);
}

bool KnowsAll(const domain::MemberState& cached, const std::vector<domain::Alias>& aliases) {
  return std::all_of(aliases.begin(), aliases.end(),
                     [&](const domain::Alias& alias) { return Contains(cached.aliases, alias); });
}

// What the cache shall have of a member who was loaded, named by these aliases, and
// perhaps found in the cache.
domain::MemberState ForCache(const domain::MemberState& state, const MemberCache::Entry& cached,
                             std::vector<domain::Alias> named_by) {
  domain::MemberState kept;
  kept.member = state.member;
  kept.accounts = state.accounts;
  kept.aliases = std::move(named_by);
  if (cached != nullptr) {
    const std::vector<domain::Alias>& known = cached->aliases;
    kept.aliases.insert(kept.aliases.end(), known.begin(), known.end());
  }
  std::sort(kept.aliases.begin(), kept.aliases.end());
  kept.aliases.erase(std::unique(kept.aliases.begin(), kept.aliases.end()), kept.aliases.end());
  if (!state.has_lots) return kept;
  kept.has_lots = true;
  kept.lots = state.lots;
  kept.reservations = state.reservations;
  kept.coupons = state.coupons;
  kept.awards = state.awards;
  KeepHeld(kept);
  return kept;
}

}  // namespace

bool AddLogEnds(std::vector<int> partitions, LogEnds& ends, int64_t& latest_rules, Script& script) {
  std::sort(partitions.begin(), partitions.end());
  partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());
  std::erase_if(partitions, [&](int partition) { return ends.contains(partition); });
  if (partitions.empty()) return false;
  SqlText sql;
  sql.Raw("SELECT partition_id, last_position, (")
      .Raw(kLatestRules)
      .Raw(") FROM log_partition FORCE INDEX (PRIMARY) WHERE partition_id IN ")
      .List(partitions)
      .Raw(" ORDER BY partition_id FOR UPDATE");
  script.Add(sql.Take(), [&](const Row& row) {
    ends[static_cast<int>(row.Int(0))] = row.Int(1);
    latest_rules = row.Int(2);
    return absl::OkStatus();
  });
  return true;
}

absl::StatusOr<Loaded> Loading::Run(Script first, const std::string& last) {
  for (const MemberQuery& query : keys_.members) {
    if (query.ref.id.has_value()) Want(*query.ref.id, query.needs);
  }
  const bool names_by_id = NamesById();
  AddAliases(first);
  AddOrigins(loaded_.origins, first);
  AddPastOwners(first);
  if (names_by_id) AddState(first);
  RETURN_IF_ERROR(connection_.Run(first));

  Script second;
  if (!names_by_id) {
    WantResolved();
    AddState(second);
    // The members are locked by then.
    if (ends_ != nullptr) AddOrigins(confirmed_, second);
  }
  RETURN_IF_ERROR(connection_.Run(second));
  if (ends_ != nullptr && confirmed_ != loaded_.origins) {
    return absl::AbortedError("what a command names has gone to another member");
  }

  Script third;
  if (latest_rules_ > keys_.known_rules) AddRules(third);
  AddNeededLots(third);
  // Where their points lay before, and whose purse they use, their own rows have to tell.
  if (AddStale(third)) RETURN_IF_ERROR(connection_.Run(std::exchange(third, {})));
  AddMissingReservations(third);
  AddGoneElsewhere(third);
  AddAdjustments(third);
  if (!last.empty()) third.Add(last);
  RETURN_IF_ERROR(connection_.Run(third));
  Finish();
  return std::move(loaded_);
}

absl::StatusOr<std::optional<Loaded>> Loading::RunCached() {
  if (!keys_.requests.empty() || !keys_.commands.empty() || !FindAllCached()) return std::nullopt;
  std::vector<domain::MemberId> ids;
  for (const auto& [id, wanted] : wanted_) ids.push_back(id);
  Script script;
  ForEachPiece(ids, [&](Ids piece) { AddVersions(piece, script); });
  AddLatestRules(script);
  RETURN_IF_ERROR(connection_.Run(script));
  if (latest_rules_ > keys_.known_rules) return std::nullopt;
  for (const auto& [id, wanted] : wanted_) {
    if (IsStale(wanted)) return std::nullopt;
    TakeCached(id, wanted);
  }
  Finish();
  return std::move(loaded_);
}

std::optional<Loaded> Loading::Recall(CachedLogEnds log_ends) {
  if (keys_.requests_without_member || !FindAllCached()) return std::nullopt;
  if (!log_ends.Find(LogPartitions(), *ends_)) return std::nullopt;
  for (const auto& [id, wanted] : wanted_) TakeCached(id, wanted);
  Finish();
  loaded_.is_current = false;
  return std::move(loaded_);
}

bool Loading::FindAllCached() {
  if (!keys_.aliases.empty() || !keys_.counters.empty()) return false;
  for (const MemberQuery& query : keys_.members) {
    std::optional<domain::MemberId> id = query.ref.id;
    if (!id.has_value()) {
      if (OriginOf(query.ref).has_value() || AsksForPast(query.ref, keys_.now)) return false;
      id = cached_.FindOwner(query.ref.alias);
      if (!id.has_value()) return false;
      loaded_.aliases[query.ref.alias] = *id;
    }
    Want(*id, query.needs);
  }
  for (auto& [id, wanted] : wanted_) {
    if (IsBeyondCache(wanted)) return false;
    wanted.cached = FindCached(id, wanted);
    if (wanted.cached == nullptr) return false;
  }
  // Another thread may have put in another version of an owner in between.
  return std::all_of(loaded_.aliases.begin(), loaded_.aliases.end(), [this](const auto& owned) {
    return Contains(wanted_[owned.second].cached->aliases, owned.first);
  });
}

std::vector<int> Loading::LogPartitions() const {
  std::vector<int> partitions;
  for (const auto& [id, wanted] : wanted_) partitions.push_back(PartitionOf(id));
  // Commands that concern no member belong to the first partition.
  if (keys_.requests_without_member) partitions.push_back(PartitionOf({}));
  return partitions;
}

// Requests come last. Where another server executes one of them right now, its
// effects may show in what was read before; then it is known here as well, and
// is not refused for what it did itself.
void Loading::AddState(Script& script) {
  AddMembers(script);
  AddCounters(script);
  AddRequests(script);
  AddCommands(script);
}

bool Loading::NamesById() const {
  return std::all_of(keys_.members.begin(), keys_.members.end(),
                     [](const MemberQuery& query) { return query.ref.id.has_value(); });
}

// The members that are not named by their ids, now that it is known who they are.
void Loading::WantResolved() {
  for (const MemberQuery& query : keys_.members) {
    if (query.ref.id.has_value()) continue;
    if (const std::optional<RequestKey> key = OriginOf(query.ref); key.has_value()) {
      const auto origin = loaded_.origins.find(*key);
      if (origin == loaded_.origins.end()) continue;
      domain::MemberNeeds needs = query.needs;
      if (const auto back = returns_.find(query.ref.return_id); back != returns_.end()) {
        for (const domain::ReturnedLine& line : back->second.lines) {
          if (!line.purchase_id.empty()) needs.purchases.push_back(line.purchase_id);
        }
      }
      Want(origin->second, needs);
    } else {
      const auto owner = loaded_.FindOwner(query.ref);
      if (owner.has_value()) Want(*owner, query.needs);
    }
  }
}

// Where a member was enrolled after the statement that looked for them, a later one
// may find something of theirs: then there is no such member here.
domain::MemberState* Loading::FindLoaded(const domain::MemberId& id) {
  const auto loaded = loaded_.members.find(id);
  return loaded == loaded_.members.end() ? nullptr : &loaded->second;
}

void Loading::Want(const domain::MemberId& id, const domain::MemberNeeds& needs) {
  Wanted& wanted = wanted_[id];
  wanted.lots = wanted.lots || needs.lots;
  wanted.aliases = wanted.aliases || needs.aliases;
  wanted.gone = wanted.gone || needs.gone;
  wanted.purchases.insert(needs.purchases.begin(), needs.purchases.end());
  wanted.activities.insert(needs.activities.begin(), needs.activities.end());
  wanted.work_items.insert(needs.work_items.begin(), needs.work_items.end());
  wanted.reservations.insert(needs.reservations.begin(), needs.reservations.end());
  wanted.coupons.insert(needs.coupons.begin(), needs.coupons.end());
  wanted.adjustments.insert(needs.adjustments.begin(), needs.adjustments.end());
  wanted.coupons_of_rewards.insert(wanted.coupons_of_rewards.end(),
                                   needs.coupons_of_rewards.begin(),
                                   needs.coupons_of_rewards.end());
  if (needs.purchases_within.has_value()) {
    AddWithin(*needs.purchases_within, wanted.purchases_within);
  }
}

bool Loading::IsBeyondCache(const Wanted& wanted) {
  return wanted.aliases || wanted.gone || !wanted.purchases.empty() ||
         !wanted.purchases_within.empty() || !wanted.activities.empty() ||
         !wanted.reservations.empty() || !wanted.work_items.empty() ||
         !wanted.adjustments.empty() || !wanted.coupons.empty() ||
         !wanted.coupons_of_rewards.empty();
}

void Loading::AddLatestRules(Script& script) {
  script.Add(std::string(kLatestRules), [this](const Row& row) {
    latest_rules_ = row.Int(0);
    return absl::OkStatus();
  });
}

void Loading::AddRules(Script& script) {
  SqlText sql = SelectBy<StoredRules>("PRIMARY");
  sql.Raw("number > ").Value(keys_.known_rules).Raw(" ORDER BY number");
  script.Add(sql.Take(), Into(loaded_.rules));
}

void Loading::AddRequests(Script& script) {
  std::map<RequestScope, std::vector<absl::string_view>> ids;
  for (const RequestKey& key : keys_.requests) ids[key.scope].push_back(key.id);
  for (const auto& [scope, all] : ids) {
    ForEachPiece(all, [&, scope = scope](absl::Span<const absl::string_view> piece) {
      SqlText sql;
      sql.Raw(
             "SELECT request_id, request_hash, reply FROM command_log"
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

// Asked for where a request is refused, so one by one.
void Loading::AddCommands(Script& script) {
  for (const RequestKey& key : keys_.commands) {
    SqlText sql = SelectBy<CommandRecord>("command_log_by_request");
    sql.Raw("scope = ").Value(key.scope).Raw(" AND request_id = ").Value(key.id);
    script.Add(sql.Take(), ReadAll<CommandRecord>([this](CommandRecord found) {
                 loaded_.commands[found.key] = std::move(found);
               }));
  }
}

// After the members and the ends of the log, and sorted: all who lock counters lock them
// in the same order.
void Loading::AddCounters(Script& script) {
  const std::set<std::string> names(keys_.counters.begin(), keys_.counters.end());
  const std::vector<absl::string_view> all(names.begin(), names.end());
  ForEachPiece(all, [&](absl::Span<const absl::string_view> piece) {
    SqlText sql = SelectBy<CounterWrite>("PRIMARY");
    sql.Raw("name IN ").List(piece).Raw(ends_ != nullptr ? " ORDER BY name FOR UPDATE" : "");
    script.Add(sql.Take(), ReadAll<CounterWrite>([this](const CounterWrite& found) {
                 loaded_.counters[found.name] = found.counter;
               }));
  });
}

// Nothing is locked by that: a merge, an unmerge or somebody who leaves a household may take what
// is named along before its member is locked. Who writes asks again afterwards.
void Loading::AddOrigins(Origins& origins, Script& script) {
  std::map<RequestScope, std::set<std::string>> ids;
  for (const MemberQuery& query : keys_.members) {
    if (query.ref.id.has_value()) continue;
    const std::optional<RequestKey> key = OriginOf(query.ref);
    if (key.has_value()) ids[key->scope].insert(key->id);
  }
  for (const auto& [scope, set] : ids) {
    const std::vector<absl::string_view> all(set.begin(), set.end());
    ForEachPiece(all, [&, scope = scope](absl::Span<const absl::string_view> piece) {
      if (scope == RequestScope::kReturn) return AddReturnOrigins(piece, origins, script);
      SqlText sql;
      if (scope == RequestScope::kCoupon) {
        sql.Raw("SELECT code, member_id FROM coupon FORCE INDEX (coupon_by_code) WHERE code IN ")
            .List(piece);
      } else if (scope == RequestScope::kPurchase || scope == RequestScope::kActivity) {
        // It may have come to another member since.
        sql.Raw(
               "SELECT request_id,"
               " COALESCE(fact.member_id, command_log.person_id, command_log.member_id)"
               " FROM command_log FORCE INDEX (command_log_by_request) LEFT JOIN ")
            .Raw(scope == RequestScope::kPurchase ? "purchase" : "activity")
            .Raw(" AS fact FORCE INDEX (PRIMARY) USING (partition_id, position) WHERE scope = ")
            .Value(scope)
            .Raw(" AND request_id IN ")
            .List(piece);
      } else {
        sql.Raw(
               "SELECT request_id, COALESCE(person_id, member_id) FROM command_log"
               " FORCE INDEX (command_log_by_request) WHERE scope = ")
            .Value(scope)
            .Raw(" AND request_id IN ")
            .List(piece)
            .Raw(" AND member_id IS NOT NULL");
      }
      script.Add(sql.Take(), [&origins, scope](const Row& row) {
        origins[{scope, row.Text(0)}] = row.Id(1);
        return absl::OkStatus();
      });
    });
  }
}

// A return tells which purchases are wanted with it, and whose it is by now.
void Loading::AddReturnOrigins(absl::Span<const absl::string_view> ids, Origins& origins,
                               Script& script) {
  SqlText sql;
  sql.Raw("SELECT ")
      .Raw(ColumnNames<domain::Return>())
      .Raw(
          " FROM (SELECT partition_id, position FROM command_log"
          " FORCE INDEX (command_log_by_request) WHERE scope = ")
      .Value(RequestScope::kReturn)
      .Raw(" AND request_id IN ")
      .List(ids)
      .Raw(") AS named JOIN purchase_return FORCE INDEX (PRIMARY) USING (partition_id, position)");
  script.Add(sql.Take(), [this, &origins](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(domain::Return back, Read<domain::Return>(row));
    origins[{RequestScope::kReturn, back.return_id}] = back.member_id;
    returns_[back.return_id] = std::move(back);
    return absl::OkStatus();
  });
}

// An owner that is read for writing must stay the owner until the commit.
void Loading::AddAliases(Script& script) {
  std::map<absl::string_view, std::set<absl::string_view>> values;
  for (const domain::Alias& alias : keys_.aliases) values[alias.kind].insert(alias.value);
  for (const MemberQuery& query : keys_.members) {
    if (query.ref.id.has_value() || OriginOf(query.ref).has_value()) continue;
    values[query.ref.alias.kind].insert(query.ref.alias.value);
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

void Loading::AddPastOwners(Script& script) {
  for (const MemberQuery& query : keys_.members) {
    if (!AsksForPast(query.ref, keys_.now)) continue;
    const domain::Alias& alias = query.ref.alias;
    SqlText sql;
    sql.Raw("SELECT member_id FROM alias_past FORCE INDEX (PRIMARY) WHERE kind = ")
        .Value(alias.kind)
        .Raw(" AND value = ")
        .Value(alias.value)
        .Raw(" AND until > ")
        .Value(*query.ref.as_of)
        .Raw(" ORDER BY until LIMIT 1");
    script.Add(sql.Take(), [this, alias, as_of = *query.ref.as_of](const Row& row) {
      loaded_.past_owners[{alias, as_of}] = row.Id(0);
      return absl::OkStatus();
    });
  }
}

void Loading::AddMembers(Script& script) {
  std::vector<domain::MemberId> ids;
  std::vector<domain::MemberId> cached;
  std::vector<domain::MemberId> fresh;
  std::vector<domain::MemberId> with_aliases;
  std::vector<domain::MemberId> with_lots;
  std::vector<ReservationKey> reservations;
  for (auto& [id, wanted] : wanted_) {
    ids.push_back(id);
    wanted.cached = FindCached(id, wanted);
    if (wanted.cached != nullptr) TakeCached(id, wanted);
    (wanted.cached != nullptr ? cached : fresh).push_back(id);
    if (wanted.aliases) with_aliases.push_back(id);
    if (wanted.cached == nullptr && wanted.lots) with_lots.push_back(id);
    for (const std::string& reservation : wanted.reservations) {
      reservations.emplace_back(id, reservation);
    }
  }
  // All are locked by one kind of statement, in the order of their ids.
  const bool lock = ends_ != nullptr;
  if (!cached.empty()) {
    ForEachPiece(lock ? ids : cached, [&](Ids piece) { AddVersions(piece, script); });
  }
  ForEachPiece(fresh, [&](Ids piece) { AddRows(piece, lock && cached.empty(), script); });
  if (!lock || !AddLogEnds(LogPartitions(), *ends_, latest_rules_, script)) {
    AddLatestRules(script);
  }
  ForEachPiece(with_aliases, [&](Ids piece) { AddAliasesOf(piece, script); });
  ForEachPiece(with_lots, [&](Ids piece) { AddLots(piece, script); });
  AddReservations(reservations, script);
  AddCoupons(ids, script);
  AddPurchases(script);
  AddActivities(script);
  AddWorkItems(script);
}

// For what is wanted the cache may not have enough.
MemberCache::Entry Loading::FindCached(const domain::MemberId& id, Wanted& wanted) const {
  MemberCache::Entry entry = cached_.Find(id);
  if (entry == nullptr) return nullptr;
  wanted.lots = wanted.lots || domain::NeedsLots(entry->member, entry->accounts, keys_.now);
  return wanted.lots && !entry->has_lots ? nullptr : entry;
}

// Lots that nobody wants are left there: a member may have many.
void Loading::TakeCached(const domain::MemberId& id, const Wanted& wanted) {
  domain::MemberState& state = loaded_.members[id];
  state.member = wanted.cached->member;
  state.accounts = wanted.cached->accounts;
  if (!wanted.lots) return;
  state.lots = wanted.cached->lots;
  state.reservations = wanted.cached->reservations;
  state.coupons = wanted.cached->coupons;
  state.awards = wanted.cached->awards;
}

void Loading::AddVersions(Ids ids, Script& script) {
  SqlText sql;
  sql.Raw("SELECT member_id, version FROM member FORCE INDEX (PRIMARY) WHERE member_id IN ")
      .List(ids)
      .Raw(ends_ != nullptr ? " ORDER BY member_id FOR UPDATE" : "");
  script.Add(sql.Take(), [this](const Row& row) {
    wanted_[row.Id(0)].version = row.Int(1);
    return absl::OkStatus();
  });
}

// A member and their accounts come together, a row for each account; they lie in the
// order of wallets.
void Loading::AddRows(Ids ids, bool lock, Script& script) {
  SqlText sql;
  sql.Raw("SELECT ")
      .Raw(ColumnNames<domain::Member>())
      .Raw(", ")
      .Raw(ColumnNames<domain::Account>())
      .Raw(
          " FROM member FORCE INDEX (PRIMARY) LEFT JOIN account USING (member_id)"
          " WHERE member_id IN ")
      .List(ids)
      .Raw(" ORDER BY member_id")
      .Raw(lock ? " FOR UPDATE" : "");
  script.Add(sql.Take(), [this](const Row& row) -> absl::Status {
    domain::MemberState& state = loaded_.members[row.Id(0)];
    if (state.member.version == 0) {
      ASSIGN_OR_RETURN(state.member, Read<domain::Member>(row));
    }
    const int account = Width<domain::Member>();
    if (row.IsNull(account + 1)) return absl::OkStatus();  // There is none.
    ASSIGN_OR_RETURN(state.accounts.emplace_back(), Read<domain::Account>(row, account));
    return absl::OkStatus();
  });
}

// The lots of those who turned out to be due, or to owe points.
void Loading::AddNeededLots(Script& script) {
  std::vector<domain::MemberId> needed;
  for (const auto& [id, state] : loaded_.members) {
    Wanted& wanted = wanted_[id];
    if (wanted.lots || !domain::NeedsLots(state.member, state.accounts, keys_.now)) continue;
    wanted.lots = true;
    needed.push_back(id);
  }
  ForEachPiece(needed, [&](Ids piece) { AddLots(piece, script); });
}

bool Loading::IsStale(const Wanted& wanted) const {
  return wanted.version != wanted.cached->member.version;
}

// Those who were written since they were cached: anew, and with their lots, since
// they may need them by now.
bool Loading::AddStale(Script& script) {
  std::vector<domain::MemberId> stale;
  for (auto& [id, wanted] : wanted_) {
    if (wanted.cached == nullptr || !IsStale(wanted)) continue;
    wanted.cached = nullptr;
    wanted.lots = true;
    domain::MemberState& state = loaded_.members[id];
    state.member = {};
    state.accounts.clear();
    state.lots.clear();
    state.reservations.clear();
    state.coupons.clear();
    state.awards.clear();
    stale.push_back(id);
  }
  ForEachPiece(stale, [&](Ids piece) {
    AddRows(piece, /*lock=*/false, script);
    AddLots(piece, script);
    AddCoupons(piece, script);
  });
  // What paid for anybody's purchase may lie in the purse of one of these, and where their points
  // lay before, an adjustment may have been made.
  return !stale.empty() && std::any_of(wanted_.begin(), wanted_.end(), [](const auto& wanted) {
    return LooksFurther(wanted.second);
  });
}

bool Loading::LooksFurther(const Wanted& wanted) {
  return wanted.gone || !wanted.purchases.empty() || !wanted.purchases_within.empty() ||
         !wanted.adjustments.empty();
}

// Those that purchases name, and what was asked for of those who turned out to be stale.
void Loading::AddMissingReservations(Script& script) {
  std::vector<ReservationKey> missing;
  for (const auto& [id, state] : loaded_.members) {
    const auto add = [&](const domain::MemberId& purse, const std::string& reservation) {
      if (!reservation.empty() && !HasReservation(loaded_.members.at(purse), reservation)) {
        missing.emplace_back(purse, reservation);
      }
    };
    const domain::MemberId& purse = PurseOf(loaded_, state);
    for (const domain::Purchase& purchase : state.purchases) add(purse, purchase.reservation_id);
    for (const std::string& reservation : wanted_[id].reservations) add(id, reservation);
  }
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  AddReservations(missing, script);
}

// Completes what was loaded. What is read only is cached now, what may be written
// when it is.
void Loading::Finish() {
  // Who was cached and is not there any more.
  absl::erase_if(loaded_.members,
                 [](const auto& loaded) { return loaded.second.member.id.IsNil(); });
  for (auto& [id, back] : returns_) {
    domain::MemberState* const state = FindLoaded(back.member_id);
    if (state != nullptr) AddReturn(std::move(back), *state);
  }
  absl::flat_hash_map<domain::MemberId, std::vector<domain::Alias>> named_by;
  for (const auto& [alias, owner] : loaded_.aliases) named_by[owner].push_back(alias);
  for (auto& [id, state] : loaded_.members) {
    const Wanted& wanted = wanted_[id];
    state.has_lots = wanted.lots;
    if (wanted.cached == nullptr) {
      // They come in this order as a rule, and the database need not sort them for that.
      std::sort(
          state.lots.begin(), state.lots.end(), [](const domain::Lot& a, const domain::Lot& b) {
            return std::tie(a.expires_at, a.lot, a.purse) < std::tie(b.expires_at, b.lot, b.purse);
          });
    }
    std::vector<domain::Alias>& aliases = named_by[id];
    if (ends_ != nullptr) {
      bases_[id] = ForCache(state, wanted.cached, std::move(aliases));
    } else if (wanted.cached == nullptr || !KnowsAll(*wanted.cached, aliases)) {
      cached_.Put(std::make_shared<const domain::MemberState>(
          ForCache(state, wanted.cached, std::move(aliases))));
    }
  }
}

}  // namespace dangol::storage::mysql
