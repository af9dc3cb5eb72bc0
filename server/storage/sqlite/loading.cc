#include "server/storage/sqlite/loading.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/sqlite/rows.h"

namespace dangol::storage::sqlite {
namespace {

template <typename Row>
std::string Select(absl::string_view which) {
  return absl::StrCat(SelectSql<Row>(), " ", which);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Loader>> Loader::Make(Connection& connection) {
  auto loader = std::make_unique<Loader>();
  loader->connection_ = &connection;
  const std::pair<Statement*, std::string> statements[] = {
      {&loader->find_request_,
       "SELECT request_hash, reply FROM command_log WHERE request_id = ? AND scope = ?"},
      {&loader->find_command_, Select<CommandRecord>("WHERE request_id = ? AND scope = ?")},
      {&loader->find_origin_,
       // A purchase may have come to another member since; a hold goes with who made it.
       "SELECT coalesce((SELECT member_id FROM purchase"
       " WHERE purchase.position = command_log.position),"
       " (SELECT member_id FROM purchase_return"
       " WHERE purchase_return.position = command_log.position),"
       " (SELECT member_id FROM activity WHERE activity.position = command_log.position),"
       " person_id, member_id)"
       " FROM command_log WHERE request_id = ? AND scope = ?"},
      {&loader->find_alias_, "SELECT member_id FROM alias WHERE kind = ? AND value = ?"},
      {&loader->find_past_owner_,
       "SELECT member_id FROM alias_past WHERE kind = ? AND value = ? AND until > ?"
       " ORDER BY until LIMIT 1"},
      {&loader->find_member_, Select<domain::Member>("WHERE member_id = ?")},
      {&loader->list_accounts_, Select<domain::Account>("WHERE member_id = ?")},
      // Lots that have expired have nothing remaining, and lie before this range.
      {&loader->list_lots_,
       Select<domain::Lot>("WHERE member_id = ? AND expires_at > ? AND remaining <> 0"
                           " ORDER BY expires_at, lot, purse_id")},
      {&loader->list_held_, Select<domain::Reservation>("WHERE member_id = ? AND status = 1")},
      {&loader->find_reservation_,
       Select<domain::Reservation>("WHERE member_id = ? AND reservation_id = ?")},
      {&loader->find_coupon_owner_, "SELECT member_id FROM coupon WHERE code = ?"},
      {&loader->list_issued_, Select<domain::Coupon>("WHERE member_id = ? AND status = 1")},
      {&loader->list_awards_, Select<domain::Award>("WHERE member_id = ?")},
      {&loader->find_coupon_, Select<domain::Coupon>("WHERE code = ? AND member_id = ?")},
      {&loader->list_coupons_of_reward_,
       Select<domain::Coupon>("WHERE member_id = ? AND reward_id = ?"
                              " AND issued_at >= ? AND status <> 4")},
      {&loader->find_purchase_,
       Select<domain::Purchase>("WHERE position = (SELECT position FROM command_log"
                                " WHERE request_id = ? AND scope = 1) AND member_id = ?")},
      {&loader->find_return_,
       Select<domain::Return>("WHERE position = (SELECT position FROM command_log"
                              " WHERE request_id = ? AND scope = 4) AND member_id = ?")},
      {&loader->find_activity_,
       Select<domain::Activity>("WHERE position = (SELECT position FROM command_log"
                                " WHERE request_id = ? AND scope = 8) AND member_id = ?")},
      {&loader->find_work_item_, Select<domain::WorkItem>("WHERE member_id = ? AND item_id = ?")},
      {&loader->list_purchases_,
       Select<domain::Purchase>("WHERE member_id = ? AND occurred_at >= ? AND occurred_at < ?"
                                " ORDER BY occurred_at DESC, purchase_id DESC LIMIT ?")},
      {&loader->sum_gone_,
       "SELECT purchase_id, wallet, sum((kind = 4) * points), sum((kind = 13) * points)"
       " FROM ledger_entry WHERE member_id = ?1 AND (kind = 4 OR (kind = 13 AND debit = 2))"
       " GROUP BY purchase_id, wallet"},
      {&loader->list_aliases_, Select<domain::Alias>("WHERE member_id = ? ORDER BY kind, value")},
      {&loader->find_counter_, Select<CounterWrite>("WHERE name = ?")},
      {&loader->list_rules_, Select<StoredRules>("WHERE number > ? ORDER BY number")},
  };
  for (const auto& [statement, sql] : statements) {
    ASSIGN_OR_RETURN(*statement, connection.Prepare(sql));
  }
  return loader;
}

absl::StatusOr<Loaded> Loader::Load(const KeySet& keys) {
  Loaded loaded;
  RETURN_IF_ERROR(LoadRules(keys.known_rules, loaded));
  RETURN_IF_ERROR(LoadRequests(keys.requests, loaded));
  RETURN_IF_ERROR(LoadCommands(keys.commands, loaded));
  for (const domain::Alias& alias : keys.aliases) RETURN_IF_ERROR(LoadAlias(alias, loaded));
  for (const std::string& name : keys.counters) RETURN_IF_ERROR(LoadCounter(name, loaded));
  // Many purchases may lie there, so they are read once for each member.
  absl::flat_hash_map<domain::MemberId, std::vector<domain::PurchasesWithin>> within;
  absl::flat_hash_set<domain::MemberId> with_gone;
  for (const MemberQuery& query : keys.members) {
    ASSIGN_OR_RETURN(const std::optional<domain::MemberId> id,
                     Resolve(query.ref, keys.now, loaded));
    if (!id.has_value()) continue;
    RETURN_IF_ERROR(LoadMember(*id, query.needs, keys.now, loaded));
    if (!query.ref.return_id.empty()) RETURN_IF_ERROR(LoadReturn(query.ref.return_id, *id, loaded));
    if (query.needs.gone) with_gone.insert(*id);
    if (query.needs.purchases_within.has_value()) {
      AddWithin(*query.needs.purchases_within, within[*id]);
    }
  }
  for (auto& [id, state] : loaded.members) {
    for (const domain::PurchasesWithin& times : within[id]) {
      RETURN_IF_ERROR(LoadPurchases(times, state));
    }
    RETURN_IF_ERROR(LoadPayments(state, loaded));
    if (with_gone.contains(id)) RETURN_IF_ERROR(LoadGone(state));
  }
  return loaded;
}

absl::StatusOr<std::optional<domain::MemberId>> Loader::Resolve(const domain::MemberRef& ref,
                                                                absl::Time now, Loaded& loaded) {
  if (ref.id.has_value()) return ref.id;
  if (const std::optional<RequestKey> key = OriginOf(ref); key.has_value()) {
    RETURN_IF_ERROR(LoadOrigin(*key, loaded));
    const auto origin = loaded.origins.find(*key);
    if (origin == loaded.origins.end()) return std::nullopt;
    return origin->second;
  }
  if (AsksForPast(ref, now)) RETURN_IF_ERROR(LoadPastOwner(ref.alias, *ref.as_of, loaded));
  RETURN_IF_ERROR(LoadAlias(ref.alias, loaded));
  return loaded.FindOwner(ref);
}

absl::Status Loader::LoadCommands(const std::vector<RequestKey>& commands, Loaded& loaded) {
  for (const RequestKey& key : commands) {
    find_command_.Bind(key.id).Bind(key.scope);
    RETURN_IF_ERROR(ReadAll<CommandRecord>(
        find_command_, [&](CommandRecord found) { loaded.commands[key] = std::move(found); }));
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadRequests(const std::vector<RequestKey>& requests, Loaded& loaded) {
  for (const RequestKey& key : requests) {
    find_request_.Bind(key.id).Bind(key.scope);
    RETURN_IF_ERROR(ForEachRow(find_request_, [&](const Statement& row) {
      loaded.requests[key] = {std::string(row.Blob(0)), std::string(row.Blob(1))};
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadAlias(const domain::Alias& alias, Loaded& loaded) {
  if (loaded.aliases.contains(alias)) return absl::OkStatus();
  find_alias_.Bind(alias.kind).Bind(alias.value);
  return ForEachRow(find_alias_, [&](const Statement& row) {
    loaded.aliases[alias] = row.Id(0);
    return absl::OkStatus();
  });
}

absl::Status Loader::LoadPastOwner(const domain::Alias& alias, absl::Time as_of, Loaded& loaded) {
  find_past_owner_.Bind(alias.kind).Bind(alias.value).Bind(as_of);
  return ForEachRow(find_past_owner_, [&](const Statement& row) {
    loaded.past_owners[{alias, as_of}] = row.Id(0);
    return absl::OkStatus();
  });
}

absl::Status Loader::LoadOrigin(const RequestKey& key, Loaded& loaded) {
  if (loaded.origins.contains(key)) return absl::OkStatus();
  const bool is_coupon = key.scope == RequestScope::kCoupon;
  Statement& find = is_coupon ? find_coupon_owner_ : find_origin_;
  find.Bind(key.id);
  if (!is_coupon) find.Bind(key.scope);
  return ForEachRow(find, [&](const Statement& row) {
    if (!row.Id(0).IsNil()) loaded.origins[key] = row.Id(0);
    return absl::OkStatus();
  });
}

absl::Status Loader::LoadMember(const domain::MemberId& id, const domain::MemberNeeds& needs,
                                absl::Time now, Loaded& loaded) {
  auto place = loaded.members.find(id);
  if (place == loaded.members.end()) {
    find_member_.Bind(id);
    ASSIGN_OR_RETURN(std::optional<domain::Member> member, ReadOne<domain::Member>(find_member_));
    if (!member.has_value()) return absl::OkStatus();
    place = loaded.members.try_emplace(id).first;
    place->second.member = *std::move(member);
    list_accounts_.Bind(id);
    RETURN_IF_ERROR(ReadInto(list_accounts_, place->second.accounts));
  }
  return LoadBelongings(needs, now, place->second);
}

absl::Status Loader::LoadBelongings(const domain::MemberNeeds& needs, absl::Time now,
                                    domain::MemberState& state) {
  const bool wants_lots = needs.lots || domain::NeedsLots(state.member, state.accounts, now);
  if (!state.has_lots && wants_lots) RETURN_IF_ERROR(LoadLots(state));
  if (needs.aliases && state.aliases.empty()) {
    list_aliases_.Bind(state.member.id);
    RETURN_IF_ERROR(ReadInto(list_aliases_, state.aliases));
  }
  for (const std::string& id : needs.reservations) RETURN_IF_ERROR(LoadReservation(id, state));
  for (const std::string& id : needs.purchases) RETURN_IF_ERROR(LoadPurchase(id, state));
  for (const std::string& id : needs.activities) RETURN_IF_ERROR(LoadActivity(id, state));
  for (const std::string& id : needs.work_items) {
    find_work_item_.Bind(state.member.id).Bind(id);
    RETURN_IF_ERROR(ReadAll<domain::WorkItem>(
        find_work_item_, [&](domain::WorkItem item) { AddWorkItem(std::move(item), state); }));
  }
  for (const std::string& id : needs.adjustments) RETURN_IF_ERROR(LoadAdjustment(id, state));
  return LoadCoupons(needs, state);
}

absl::Status Loader::LoadLots(domain::MemberState& state) {
  state.has_lots = true;
  list_lots_.Bind(state.member.id).Bind(state.member.advanced_until);
  RETURN_IF_ERROR(ReadInto(list_lots_, state.lots));
  list_held_.Bind(state.member.id);
  RETURN_IF_ERROR(ReadAll<domain::Reservation>(list_held_, [&](domain::Reservation reservation) {
    AddReservation(std::move(reservation), state);
  }));
  list_issued_.Bind(state.member.id);
  RETURN_IF_ERROR(ReadAll<domain::Coupon>(
      list_issued_, [&](domain::Coupon coupon) { AddCoupon(std::move(coupon), state); }));
  list_awards_.Bind(state.member.id);
  return ReadInto(list_awards_, state.awards);
}

absl::Status Loader::LoadCoupons(const domain::MemberNeeds& needs, domain::MemberState& state) {
  const auto add = [&](domain::Coupon coupon) { AddCoupon(std::move(coupon), state); };
  for (const std::string& code : needs.coupons) {
    find_coupon_.Bind(code).Bind(state.member.id);
    RETURN_IF_ERROR(ReadAll<domain::Coupon>(find_coupon_, add));
  }
  for (const domain::CouponsOfReward& wanted : needs.coupons_of_rewards) {
    list_coupons_of_reward_.Bind(state.member.id).Bind(wanted.reward_id).Bind(wanted.since);
    RETURN_IF_ERROR(ReadAll<domain::Coupon>(list_coupons_of_reward_, add));
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadReservation(const std::string& reservation_id,
                                     domain::MemberState& state) {
  if (HasReservation(state, reservation_id)) return absl::OkStatus();
  find_reservation_.Bind(state.member.id).Bind(reservation_id);
  return ReadAll<domain::Reservation>(find_reservation_, [&](domain::Reservation reservation) {
    AddReservation(std::move(reservation), state);
  });
}

absl::Status Loader::LoadPurchase(const std::string& purchase_id, domain::MemberState& state) {
  if (HasPurchase(state, purchase_id)) return absl::OkStatus();
  find_purchase_.Bind(purchase_id).Bind(state.member.id);
  return ReadAll<domain::Purchase>(
      find_purchase_, [&](domain::Purchase purchase) { AddPurchase(std::move(purchase), state); });
}

// With the purchases that its goods are of.
absl::Status Loader::LoadReturn(const std::string& return_id, const domain::MemberId& member,
                                Loaded& loaded) {
  const auto found = loaded.members.find(member);
  if (found == loaded.members.end()) return absl::OkStatus();
  domain::MemberState& state = found->second;
  find_return_.Bind(return_id).Bind(member);
  RETURN_IF_ERROR(ReadAll<domain::Return>(
      find_return_, [&](domain::Return back) { AddReturn(std::move(back), state); }));
  for (const domain::Return& back : state.returns) {
    for (const domain::ReturnedLine& line : back.lines) {
      if (!line.purchase_id.empty()) RETURN_IF_ERROR(LoadPurchase(line.purchase_id, state));
    }
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadActivity(const std::string& activity_id, domain::MemberState& state) {
  find_activity_.Bind(activity_id).Bind(state.member.id);
  return ReadAll<domain::Activity>(
      find_activity_, [&](domain::Activity activity) { AddActivity(std::move(activity), state); });
}

// Its lots may have come from another purse since, and what happened to them is in the ledgers of
// all. Hardly ever asked for, so that the statements may be made for it.
absl::Status Loader::LoadAdjustment(const std::string& request_id, domain::MemberState& state) {
  std::vector<domain::MemberId> all = state.member.purses;
  all.push_back(state.member.id);
  const std::string purses = Literals(all);
  const auto given = [&](absl::string_view columns) {
    return absl::StrCat("SELECT ", columns, " FROM ledger_entry WHERE member_id IN (", purses,
                        ") AND kind = 11 AND reference = ?1");
  };
  ASSIGN_OR_RETURN(Statement lots,
                   connection_->Prepare(Select<domain::Lot>(absl::StrCat(
                       "WHERE member_id IN (", purses, ") AND (member_id, lot, purse_id) IN (",
                       given("member_id, lot, lot_purse_id"), ")"))));
  lots.Bind(request_id);
  RETURN_IF_ERROR(ReadInto(lots, state.adjusted_lots));
  ASSIGN_OR_RETURN(Statement entries,
                   connection_->Prepare(Select<domain::LedgerEntry>(absl::StrCat(
                       "WHERE member_id IN (", purses, ") AND ((lot, lot_purse_id) IN (",
                       given("lot, lot_purse_id"),
                       ") OR (kind = 12 AND reference = ?1)) ORDER BY member_id, number"))));
  entries.Bind(request_id);
  return ReadInto(entries, state.adjusted_entries);
}

absl::Status Loader::LoadPurchases(const domain::PurchasesWithin& within,
                                   domain::MemberState& state) {
  list_purchases_.Bind(state.member.id).Bind(within.from).Bind(within.until);
  list_purchases_.Bind(static_cast<int64_t>(within.limit));
  const bool is_first = state.purchases.empty();
  return ReadAll<domain::Purchase>(list_purchases_, [&](domain::Purchase purchase) {
    if (is_first) {
      state.purchases.push_back(std::move(purchase));
    } else {
      AddPurchase(std::move(purchase), state);
    }
  });
}

// Of all purchases that have their points there, and not only of those that are wanted.
absl::Status Loader::LoadGone(domain::MemberState& state) {
  RETURN_IF_ERROR(LoadGoneIn(state.member.id, state));
  for (const domain::MemberId& purse : state.member.purses) {
    RETURN_IF_ERROR(LoadGoneIn(purse, state));
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadGoneIn(const domain::MemberId& purse, domain::MemberState& state) {
  sum_gone_.Bind(purse);
  return ForEachRow(sum_gone_, [&](const Statement& row) {
    state.gone.push_back(
        {purse, std::string(row.Text(0)), std::string(row.Text(1)), row.Int(2), row.Int(3)});
    return absl::OkStatus();
  });
}

// What paid for a purchase lies in the purse.
absl::Status Loader::LoadPayments(const domain::MemberState& buyer, Loaded& loaded) {
  domain::MemberState& purse = loaded.members.at(PurseOf(loaded, buyer));
  for (const domain::Purchase& purchase : buyer.purchases) {
    if (purchase.reservation_id.empty()) continue;
    RETURN_IF_ERROR(LoadReservation(purchase.reservation_id, purse));
  }
  return absl::OkStatus();
}

absl::Status Loader::LoadCounter(const std::string& name, Loaded& loaded) {
  if (loaded.counters.contains(name)) return absl::OkStatus();
  find_counter_.Bind(name);
  return ReadAll<CounterWrite>(
      find_counter_, [&](const CounterWrite& found) { loaded.counters[name] = found.counter; });
}

absl::Status Loader::LoadRules(int64_t after_version, Loaded& loaded) {
  list_rules_.Bind(after_version);
  return ReadInto(list_rules_, loaded.rules);
}

}  // namespace dangol::storage::sqlite
