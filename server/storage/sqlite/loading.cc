#include "server/storage/sqlite/loading.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage::sqlite {
namespace {

absl::string_view View(const std::array<char, 16>& bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

absl::StatusOr<std::unique_ptr<Loader>> Loader::Make(Connection& connection) {
  auto loader = std::make_unique<Loader>();
  const std::pair<Statement*, absl::string_view> statements[] = {
      {&loader->find_request_,
       "SELECT payload_hash, reply FROM command_log WHERE request_id = ? AND scope = ?"},
      {&loader->find_origin_,
       // A purchase may have come to another member since.
       "SELECT coalesce((SELECT member_id FROM purchase"
       " WHERE purchase.position = command_log.position), member_id)"
       " FROM command_log WHERE request_id = ? AND scope = ?"},
      {&loader->find_alias_, "SELECT member_id FROM alias WHERE kind = ? AND value = ?"},
      {&loader->find_member_, "SELECT " DANGOL_MEMBER_COLUMNS " FROM member WHERE member_id = ?"},
      {&loader->list_accounts_,
       "SELECT " DANGOL_ACCOUNT_COLUMNS " FROM account WHERE member_id = ?"},
      // Lots that have expired have nothing remaining, and lie before this range.
      {&loader->list_lots_, "SELECT " DANGOL_LOT_COLUMNS
                            " FROM lot WHERE member_id = ? AND expires_at > ? AND remaining <> 0"
                            " ORDER BY expires_at, lot"},
      {&loader->list_held_,
       "SELECT " DANGOL_RESERVATION_COLUMNS " FROM reservation WHERE member_id = ? AND status = 1"},
      {&loader->find_reservation_, "SELECT " DANGOL_RESERVATION_COLUMNS
                                   " FROM reservation WHERE member_id = ? AND reservation_id = ?"},
      {&loader->find_coupon_owner_, "SELECT member_id FROM coupon WHERE code = ?"},
      {&loader->list_issued_,
       "SELECT " DANGOL_COUPON_COLUMNS " FROM coupon WHERE member_id = ? AND status = 1"},
      {&loader->find_coupon_,
       "SELECT " DANGOL_COUPON_COLUMNS " FROM coupon WHERE code = ? AND member_id = ?"},
      {&loader->list_coupons_of_reward_,
       "SELECT " DANGOL_COUPON_COLUMNS " FROM coupon WHERE member_id = ? AND reward_id = ?"
       " AND issued_at >= ? AND status <> 4"},
      {&loader->find_purchase_, "SELECT " DANGOL_PURCHASE_COLUMNS
                                " FROM purchase WHERE position = (SELECT position FROM command_log"
                                " WHERE request_id = ? AND scope = 1) AND member_id = ?"},
      {&loader->list_purchases_,
       "SELECT " DANGOL_PURCHASE_COLUMNS " FROM purchase WHERE member_id = ? AND occurred_at >= ?"
       " ORDER BY occurred_at DESC, purchase_id DESC LIMIT ?"},
      {&loader->sum_expired_,
       "SELECT purchase_id, wallet, sum(points) FROM ledger_entry WHERE member_id = ?1 AND kind = 4"
       " GROUP BY purchase_id, wallet"
       " UNION ALL SELECT purchase_id, wallet, points FROM expired_elsewhere WHERE member_id = ?1"},
      {&loader->list_aliases_,
       "SELECT kind, value FROM alias WHERE member_id = ? ORDER BY kind, value"},
      {&loader->list_cap_usage_,
       "SELECT " DANGOL_CAP_USAGE_COLUMNS " FROM cap_usage WHERE member_id = ? AND period = ?"},
      {&loader->find_counter_, "SELECT version, used FROM shared_counter WHERE name = ?"},
      {&loader->list_programs_,
       "SELECT version, name, effective_from, recorded_at, program_text"
       " FROM program_version WHERE version > ? ORDER BY version"},
  };
  for (const auto& [statement, sql] : statements) {
    ASSIGN_OR_RETURN(*statement, connection.Prepare(sql));
  }
  return loader;
}

absl::StatusOr<Loaded> Loader::Load(const KeySet& keys) {
  Loaded loaded;
  RETURN_IF_ERROR(LoadPrograms(keys.known_program_version, loaded));
  RETURN_IF_ERROR(LoadRequests(keys.requests, loaded));
  for (const domain::Alias& alias : keys.aliases) RETURN_IF_ERROR(LoadAlias(alias, loaded));
  for (const std::string& name : keys.counters) RETURN_IF_ERROR(LoadCounter(name, loaded));
  // Many purchases may lie there, so they are read once for each member.
  absl::flat_hash_map<domain::MemberId, absl::Time> since;
  absl::flat_hash_set<domain::MemberId> all;
  absl::flat_hash_set<domain::MemberId> with_purchases;
  for (const MemberQuery& query : keys.members) {
    ASSIGN_OR_RETURN(const std::optional<domain::MemberId> id, Resolve(query.ref, loaded));
    if (!id.has_value()) continue;
    RETURN_IF_ERROR(LoadMember(*id, query.needs, keys.now, loaded));
    if (!query.needs.purchases.empty() || query.needs.expired) with_purchases.insert(*id);
    if (query.needs.all_purchases) all.insert(*id);
    if (query.needs.purchases_since.has_value()) {
      with_purchases.insert(*id);
      absl::Time& earliest = since.try_emplace(*id, absl::InfiniteFuture()).first->second;
      earliest = std::min(earliest, *query.needs.purchases_since);
    }
  }
  for (const auto& [id, time] : since) {
    const auto member = loaded.members.find(id);
    if (member == loaded.members.end()) continue;
    RETURN_IF_ERROR(LoadPurchasesSince(time, limits::kMaxPurchasesPerReturn, member->second));
  }
  for (auto& [id, state] : loaded.members) {
    if (all.contains(id)) {
      RETURN_IF_ERROR(
          LoadPurchasesSince(absl::InfinitePast(), limits::kMaxPurchasesPerUnmerge, state));
    }
    RETURN_IF_ERROR(LoadPayments(state));
    if (with_purchases.contains(id)) RETURN_IF_ERROR(LoadExpired(state));
  }
  return loaded;
}

absl::StatusOr<std::optional<domain::MemberId>> Loader::Resolve(const domain::MemberRef& ref,
                                                                Loaded& loaded) {
  if (ref.id.has_value()) return ref.id;
  if (const std::optional<RequestKey> key = OriginOf(ref); key.has_value()) {
    RETURN_IF_ERROR(LoadOrigin(*key, loaded));
    const auto origin = loaded.origins.find(*key);
    if (origin == loaded.origins.end()) return std::nullopt;
    return origin->second;
  }
  RETURN_IF_ERROR(LoadAlias(ref.alias, loaded));
  const auto owner = loaded.aliases.find(ref.alias);
  if (owner == loaded.aliases.end()) return std::nullopt;
  return owner->second;
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

absl::Status Loader::LoadOrigin(const RequestKey& key, Loaded& loaded) {
  if (loaded.origins.contains(key)) return absl::OkStatus();
  const bool is_coupon = key.scope == RequestScope::kCoupon;
  Statement& find = is_coupon ? find_coupon_owner_ : find_origin_;
  find.Bind(key.id);
  if (!is_coupon) find.Bind(static_cast<int64_t>(key.scope));
  ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return absl::OkStatus();
  const domain::MemberId member = ReadMemberId(find, 0);
  find.Reset();
  if (!member.IsNil()) loaded.origins[key] = member;
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
  const bool wants_lots = needs.lots || domain::NeedsLots(state.member, state.accounts, now);
  if (!state.has_lots && wants_lots) RETURN_IF_ERROR(LoadLots(state));
  if (needs.aliases && state.aliases.empty()) {
    const std::array<char, 16> bytes = state.member.id.ToBytes();
    list_aliases_.BindBlob(View(bytes));
    while (true) {
      ASSIGN_OR_RETURN(const bool row, list_aliases_.Step());
      if (!row) break;
      state.aliases.push_back(
          {std::string(list_aliases_.Text(0)), std::string(list_aliases_.Text(1))});
    }
  }
  for (const std::string& period : needs.cap_periods) RETURN_IF_ERROR(LoadCapUsage(period, state));
  for (const std::string& id : needs.reservations) RETURN_IF_ERROR(LoadReservation(id, state));
  for (const std::string& id : needs.purchases) RETURN_IF_ERROR(LoadPurchase(id, state));
  return LoadCoupons(needs, state);
}

absl::Status Loader::LoadLots(domain::MemberState& state) {
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  state.has_lots = true;
  list_lots_.BindBlob(View(bytes)).Bind(state.member.advanced_until);
  while (true) {
    ASSIGN_OR_RETURN(const bool row, list_lots_.Step());
    if (!row) break;
    state.lots.push_back(ReadLot(list_lots_));
  }
  list_held_.BindBlob(View(bytes));
  RETURN_IF_ERROR(ReadAll(list_held_, ReadReservation, [&](domain::Reservation reservation) {
    AddReservation(std::move(reservation), state);
  }));
  list_issued_.BindBlob(View(bytes));
  return ReadAll(list_issued_, ReadCoupon,
                 [&](domain::Coupon coupon) { AddCoupon(std::move(coupon), state); });
}

absl::Status Loader::LoadCoupons(const domain::MemberNeeds& needs, domain::MemberState& state) {
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  const auto add = [&](domain::Coupon coupon) { AddCoupon(std::move(coupon), state); };
  for (const std::string& code : needs.coupons) {
    find_coupon_.Bind(code).BindBlob(View(bytes));
    RETURN_IF_ERROR(ReadAll(find_coupon_, ReadCoupon, add));
  }
  for (const domain::CouponsOfReward& wanted : needs.coupons_of_rewards) {
    list_coupons_of_reward_.BindBlob(View(bytes)).Bind(wanted.reward_id).Bind(wanted.since);
    RETURN_IF_ERROR(ReadAll(list_coupons_of_reward_, ReadCoupon, add));
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadCapUsage(const std::string& period, domain::MemberState& state) {
  const auto same = [&](const domain::CapUsage& usage) { return usage.period == period; };
  if (std::any_of(state.cap_usage.begin(), state.cap_usage.end(), same)) return absl::OkStatus();
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  list_cap_usage_.BindBlob(View(bytes)).Bind(period);
  while (true) {
    ASSIGN_OR_RETURN(const bool row, list_cap_usage_.Step());
    if (!row) return absl::OkStatus();
    state.cap_usage.push_back(ReadCapUsage(list_cap_usage_));
  }
}

absl::Status Loader::LoadReservation(const std::string& reservation_id,
                                     domain::MemberState& state) {
  if (HasReservation(state, reservation_id)) return absl::OkStatus();
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  find_reservation_.BindBlob(View(bytes)).Bind(reservation_id);
  return ReadAll(find_reservation_, ReadReservation, [&](domain::Reservation reservation) {
    AddReservation(std::move(reservation), state);
  });
}

absl::Status Loader::LoadPurchase(const std::string& purchase_id, domain::MemberState& state) {
  if (HasPurchase(state, purchase_id)) return absl::OkStatus();
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  find_purchase_.Bind(purchase_id).BindBlob(View(bytes));
  return ReadAll(find_purchase_, ReadPurchase,
                 [&](domain::Purchase purchase) { AddPurchase(std::move(purchase), state); });
}

absl::Status Loader::LoadPurchasesSince(absl::Time since, int64_t limit,
                                        domain::MemberState& state) {
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  list_purchases_.BindBlob(View(bytes)).Bind(since).Bind(limit);
  const bool is_first = state.purchases.empty();
  return ReadAll(list_purchases_, ReadPurchase, [&](domain::Purchase purchase) {
    if (is_first) {
      state.purchases.push_back(std::move(purchase));
    } else {
      AddPurchase(std::move(purchase), state);
    }
  });
}

// Of all of their purchases, and not only of those that are wanted.
absl::Status Loader::LoadExpired(domain::MemberState& state) {
  const std::array<char, 16> bytes = state.member.id.ToBytes();
  sum_expired_.BindBlob(View(bytes));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, sum_expired_.Step());
    if (!row) return absl::OkStatus();
    domain::AddExpired(
        {std::string(sum_expired_.Text(0)), std::string(sum_expired_.Text(1)), sum_expired_.Int(2)},
        state.expired);
  }
}

absl::Status Loader::LoadPayments(domain::MemberState& state) {
  for (const domain::Purchase& purchase : state.purchases) {
    if (purchase.reservation_id.empty()) continue;
    RETURN_IF_ERROR(LoadReservation(purchase.reservation_id, state));
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadCounter(const std::string& name, Loaded& loaded) {
  if (loaded.counters.contains(name)) return absl::OkStatus();
  find_counter_.Bind(name);
  ASSIGN_OR_RETURN(const bool found, find_counter_.Step());
  if (!found) return absl::OkStatus();
  loaded.counters[name] = {find_counter_.Int(1), find_counter_.Int(0)};
  find_counter_.Reset();
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
