// What belongs to the members that are loaded: lots and what is held of them, purchases,
// coupons, aliases and caps.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/storage/gathering.h"
#include "server/storage/mysql/loading.h"
#include "server/storage/mysql/pieces.h"
#include "server/storage/mysql/rows.h"
#include "server/storage/mysql/sql_text.h"

namespace dangol::storage::mysql {

template <typename Stored, typename Add>
RowHandler Loading::IntoStates(Add add) {
  return [this, add](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(Stored stored, Read<Stored>(row));
    domain::MemberState* const state = FindLoaded(row.Id(0));
    if (state != nullptr) add(std::move(stored), *state);
    return absl::OkStatus();
  };
}

void Loading::AddAliasesOf(Ids ids, Script& script) {
  SqlText sql = SelectBy<domain::Alias>("alias_by_member");
  sql.Raw("member_id IN ").List(ids).Raw(" ORDER BY member_id, kind, value");
  script.Add(sql.Take(), IntoStates<domain::Alias>([](domain::Alias alias, auto& state) {
               state.aliases.push_back(std::move(alias));
             }));
}

// Lots that have expired have nothing remaining, and lie before each range. What is held
// of them comes too, and what was awarded.
void Loading::AddLots(Ids ids, Script& script) {
  SqlText sql;
  sql.Raw("SELECT STRAIGHT_JOIN ")
      .Raw(ColumnNames<domain::Lot>())
      .Raw(
          " FROM member FORCE INDEX (PRIMARY) JOIN lot FORCE INDEX (PRIMARY) USING (member_id)"
          " WHERE member_id IN ")
      .List(ids)
      .Raw(" AND expires_at > advanced_until AND remaining <> 0");
  script.Add(sql.Take(), IntoStates<domain::Lot>([](domain::Lot lot, auto& state) {
               state.lots.push_back(std::move(lot));
             }));
  SqlText held = SelectBy<domain::Reservation>("reservation_by_status");
  held.Raw("member_id IN ").List(ids).Raw(" AND status = ");
  held.Value(domain::ReservationStatus::kHeld);
  script.Add(held.Take(), IntoStates<domain::Reservation>(AddReservation));
  SqlText issued = SelectBy<domain::Coupon>("coupon_by_status");
  issued.Raw("member_id IN ").List(ids).Raw(" AND status = ");
  issued.Value(domain::CouponStatus::kIssued);
  script.Add(issued.Take(), IntoStates<domain::Coupon>(AddCoupon));
  SqlText awards = SelectBy<domain::Award>("PRIMARY");
  awards.Raw("member_id IN ").List(ids);
  script.Add(awards.Take(), IntoStates<domain::Award>(AddAward));
}

// The coupons that are asked for by code or by reward.
void Loading::AddCoupons(Ids ids, Script& script) {
  for (const domain::MemberId& id : ids) {
    const Wanted& wanted = wanted_[id];
    if (wanted.coupons.empty() && wanted.coupons_of_rewards.empty()) continue;
    SqlText sql = SelectOf<domain::Coupon>(id);
    absl::string_view before = " AND (";
    if (!wanted.coupons.empty()) {
      sql.Raw(std::exchange(before, " OR ")).Raw("code IN ").List(wanted.coupons);
    }
    for (const domain::CouponsOfReward& reward : wanted.coupons_of_rewards) {
      sql.Raw(std::exchange(before, " OR "))
          .Raw("status <> ")
          .Value(domain::CouponStatus::kCancelled)
          .Raw(" AND reward_id = ")
          .Value(reward.reward_id)
          .Raw(" AND issued_at >= ")
          .Value(reward.since);
    }
    script.Add(sql.Raw(")").Take(), IntoStates<domain::Coupon>(AddCoupon));
  }
}

// A purchase is found by its command. Who asks for one that is another's gets nothing.
void Loading::AddPurchases(Script& script) {
  std::set<std::string> ids;
  std::vector<domain::MemberId> members;
  for (const auto& [id, wanted] : wanted_) {
    ids.insert(wanted.purchases.begin(), wanted.purchases.end());
    AddPurchasesWithin(id, wanted.purchases_within, script);
    if (wanted.gone) members.push_back(id);
  }
  ForEachPiece(members, [&](Ids piece) { AddGone(piece, script); });
  const std::vector<absl::string_view> all(ids.begin(), ids.end());
  ForEachPiece(all, [&](absl::Span<const absl::string_view> piece) {
    SqlText sql;
    sql.Raw("SELECT STRAIGHT_JOIN ")
        .Raw(ColumnNames<domain::Purchase>())
        .Raw(
            " FROM (SELECT partition_id, position FROM command_log"
            " FORCE INDEX (command_log_by_request) WHERE scope = ")
        .Value(RequestScope::kPurchase)
        .Raw(" AND request_id IN ")
        .List(piece)
        .Raw(") AS named JOIN purchase FORCE INDEX (PRIMARY) USING (partition_id, position)");
    script.Add(sql.Take(),
               IntoStates<domain::Purchase>([this](domain::Purchase purchase, auto& state) {
                 if (wanted_[purchase.member_id].purchases.contains(purchase.purchase_id)) {
                   AddPurchase(std::move(purchase), state);
                 }
               }));
  });
}

void Loading::AddPurchasesWithin(const domain::MemberId& id,
                                 absl::Span<const domain::PurchasesWithin> all, Script& script) {
  for (const domain::PurchasesWithin& within : all) {
    SqlText sql = SelectOf<domain::Purchase>(id);
    sql.Raw(" AND occurred_at >= ").Value(within.from).Raw(" AND occurred_at < ");
    sql.Value(within.until).Raw(" ORDER BY occurred_at DESC, purchase_id DESC LIMIT ");
    sql.Value(static_cast<int64_t>(within.limit));
    // The first that are loaded: none of them is there.
    const bool is_only = all.size() == 1;
    script.Add(sql.Take(),
               IntoStates<domain::Purchase>([is_only](domain::Purchase purchase, auto& state) {
                 if (is_only) {
                   state.purchases.push_back(std::move(purchase));
                 } else {
                   AddPurchase(std::move(purchase), state);
                 }
               }));
  }
}

// Of all purchases that have their points there, and not only of those that are wanted.
void Loading::AddGone(Ids ids, Script& script) {
  AddGoneIn(ids, script, [](const domain::MemberId& purse) { return purse; });
}

// Where they lay before.
void Loading::AddGoneElsewhere(Script& script) {
  for (const auto& [id, state] : loaded_.members) {
    if (!wanted_[id].gone || state.member.purses.empty()) continue;
    AddGoneIn(state.member.purses, script, [id = id](const domain::MemberId&) { return id; });
  }
}

void Loading::AddGoneIn(Ids purses, Script& script,
                        std::function<domain::MemberId(const domain::MemberId&)> whom) {
  SqlText sql;
  sql.Raw(
         "SELECT member_id, purchase_id, wallet,"
         " CAST(SUM((kind = 4) * points) AS SIGNED), CAST(SUM((kind = 13) * points) AS SIGNED)"
         " FROM ledger_entry FORCE INDEX (PRIMARY) WHERE member_id IN ")
      .List(purses)
      .Raw(" AND (kind = 4 OR kind = 13 AND debit = 2)")
      .Raw(" GROUP BY member_id, purchase_id, wallet");
  script.Add(sql.Take(), [this, whom = std::move(whom)](const Row& row) {
    domain::MemberState* const state = FindLoaded(whom(row.Id(0)));
    if (state != nullptr) {
      state->gone.push_back({row.Id(0), row.Text(1), row.Text(2), row.Int(3), row.Int(4)});
    }
    return absl::OkStatus();
  });
}

// The activities that are asked for by their ids, of whichever member names them.
void Loading::AddActivities(Script& script) {
  std::set<std::string> ids;
  for (const auto& [id, wanted] : wanted_) {
    ids.insert(wanted.activities.begin(), wanted.activities.end());
  }
  const std::vector<absl::string_view> all(ids.begin(), ids.end());
  ForEachPiece(all, [&](absl::Span<const absl::string_view> piece) {
    SqlText sql;
    sql.Raw("SELECT STRAIGHT_JOIN ")
        .Raw(ColumnNames<domain::Activity>())
        .Raw(
            " FROM (SELECT partition_id, position FROM command_log"
            " FORCE INDEX (command_log_by_request) WHERE scope = ")
        .Value(RequestScope::kActivity)
        .Raw(" AND request_id IN ")
        .List(piece)
        .Raw(") AS named JOIN activity FORCE INDEX (PRIMARY) USING (partition_id, position)");
    script.Add(sql.Take(),
               IntoStates<domain::Activity>([this](domain::Activity activity, auto& state) {
                 if (wanted_[activity.member_id].activities.contains(activity.activity_id)) {
                   AddActivity(std::move(activity), state);
                 }
               }));
  });
}

void Loading::AddWorkItems(Script& script) {
  for (const auto& [id, wanted] : wanted_) {
    if (wanted.work_items.empty()) continue;
    const std::vector<absl::string_view> items(wanted.work_items.begin(), wanted.work_items.end());
    SqlText sql = SelectBy<domain::WorkItem>("PRIMARY");
    sql.Raw("member_id = ").Value(id).Raw(" AND item_id IN ").List(items);
    script.Add(sql.Take(), IntoStates<domain::WorkItem>(AddWorkItem));
  }
}

// Their lots may have come from another purse since, and what happened to them is in the ledgers
// of all.
void Loading::AddAdjustments(Script& script) {
  for (const auto& [id, state] : loaded_.members) {
    std::vector<domain::MemberId> purses = state.member.purses;
    purses.push_back(id);
    for (const std::string& adjustment : wanted_[id].adjustments) {
      AddAdjustment(id, purses, adjustment, script);
    }
  }
}

void Loading::AddAdjustment(const domain::MemberId& id, Ids purses, const std::string& adjustment,
                            Script& script) {
  const auto given = [&](absl::string_view columns) {
    SqlText sql;
    sql.Raw("SELECT ").Raw(columns).Raw(" FROM ledger_entry AS given WHERE member_id IN ");
    sql.List(purses).Raw(" AND kind = ").Value(domain::EntryKind::kAdjust);
    sql.Raw(" AND reference = ").Value(adjustment);
    return sql.Take();
  };
  SqlText lots = SelectBy<domain::Lot>("PRIMARY");
  lots.Raw("member_id IN ")
      .List(purses)
      .Raw(" AND (member_id, lot, purse_id) IN (")
      .Raw(given("member_id, lot, lot_purse_id"))
      .Raw(")");
  script.Add(lots.Take(), ReadAll<domain::Lot>([this, id](domain::Lot lot) {
               domain::MemberState* const state = FindLoaded(id);
               if (state != nullptr) state->adjusted_lots.push_back(std::move(lot));
             }));
  SqlText entries = SelectBy<domain::LedgerEntry>("PRIMARY");
  entries.Raw("member_id IN ")
      .List(purses)
      .Raw(" AND ((lot, lot_purse_id) IN (")
      .Raw(given("lot, lot_purse_id"))
      .Raw(") OR kind = ")
      .Value(domain::EntryKind::kWriteOff)
      .Raw(" AND reference = ")
      .Value(adjustment)
      .Raw(") ORDER BY member_id, number");
  script.Add(entries.Take(), ReadAll<domain::LedgerEntry>([this, id](domain::LedgerEntry entry) {
               domain::MemberState* const state = FindLoaded(id);
               if (state != nullptr) state->adjusted_entries.push_back(std::move(entry));
             }));
}

void Loading::AddReservations(const std::vector<ReservationKey>& keys, Script& script) {
  ForEachPiece(keys, [&](absl::Span<const ReservationKey> piece) {
    SqlText sql = SelectBy<domain::Reservation>("PRIMARY");
    absl::string_view before;
    for (const auto& [member, reservation] : piece) {
      sql.Raw(std::exchange(before, " OR "))
          .Raw("member_id = ")
          .Value(member)
          .Raw(" AND reservation_id = ")
          .Value(reservation);
    }
    script.Add(sql.Take(), IntoStates<domain::Reservation>(AddReservation));
  });
}

}  // namespace dangol::storage::mysql
