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

void Loading::AddAliasesOf(Ids ids, Script& script) {
  SqlText sql;
  sql.Raw(
         "SELECT member_id, kind, value FROM alias FORCE INDEX (alias_by_member)"
         " WHERE member_id IN ")
      .List(ids)
      .Raw(" ORDER BY member_id, kind, value");
  script.Add(sql.Take(), [this](const Row& row) {
    domain::MemberState* const state = FindLoaded(row.Id(0));
    if (state != nullptr) state->aliases.push_back({row.Text(1), row.Text(2)});
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
    domain::MemberState* const state = FindLoaded(id);
    domain::CapUsage usage = ReadCapUsage(row);
    if (state != nullptr && wanted_[id].periods.contains(usage.period)) {
      state->cap_usage.push_back(std::move(usage));
    }
    return absl::OkStatus();
  });
}

// Lots that have expired have nothing remaining, and lie before each range. What is held
// of them comes too.
void Loading::AddLots(Ids ids, Script& script) {
  SqlText sql;
  sql.Raw("SELECT STRAIGHT_JOIN " DANGOL_LOT_COLUMNS
          " FROM member FORCE INDEX (PRIMARY) JOIN lot FORCE INDEX (PRIMARY) USING (member_id)"
          " WHERE member_id IN ")
      .List(ids)
      .Raw(" AND expires_at > advanced_until AND remaining <> 0");
  script.Add(sql.Take(), [this](const Row& row) {
    domain::MemberState* const state = FindLoaded(row.Id(0));
    if (state != nullptr) state->lots.push_back(ReadLot(row));
    return absl::OkStatus();
  });
  SqlText held;
  held.Raw("SELECT " DANGOL_RESERVATION_COLUMNS
           " FROM reservation FORCE INDEX (reservation_by_status) WHERE member_id IN ")
      .List(ids)
      .Raw(" AND status = ")
      .Value(domain::ReservationStatus::kHeld);
  script.Add(held.Take(), IntoReservations());
  SqlText issued;
  issued
      .Raw("SELECT " DANGOL_COUPON_COLUMNS
           " FROM coupon FORCE INDEX (coupon_by_status) WHERE member_id IN ")
      .List(ids)
      .Raw(" AND status = ")
      .Value(domain::CouponStatus::kIssued);
  script.Add(issued.Take(), IntoCoupons());
}

// Of those who are asked for particular ones.
void Loading::AddCoupons(Ids ids, Script& script) {
  for (const domain::MemberId& id : ids) {
    const Wanted& wanted = wanted_[id];
    if (wanted.coupons.empty() && wanted.coupons_of_rewards.empty()) continue;
    SqlText sql;
    sql.Raw("SELECT " DANGOL_COUPON_COLUMNS " FROM coupon FORCE INDEX (PRIMARY) WHERE member_id = ")
        .Value(id)
        .Raw(" AND (");
    absl::string_view before;
    if (!wanted.coupons.empty()) {
      sql.Raw("code IN ").List(wanted.coupons);
      before = " OR ";
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
    script.Add(sql.Raw(")").Take(), IntoCoupons());
  }
}

RowHandler Loading::IntoCoupons() {
  return [this](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(domain::Coupon coupon, ReadCoupon(row));
    domain::MemberState* const state = FindLoaded(row.Id(0));
    if (state != nullptr) AddCoupon(std::move(coupon), *state);
    return absl::OkStatus();
  };
}

// A purchase is found by its command. Who asks for one that is another's gets nothing.
void Loading::AddPurchases(Script& script) {
  std::set<std::string> ids;
  std::vector<domain::MemberId> members;
  for (const auto& [id, wanted] : wanted_) {
    ids.insert(wanted.purchases.begin(), wanted.purchases.end());
    if (wanted.all_purchases) {
      AddPurchasesSince(id, absl::InfinitePast(), limits::kMaxPurchasesPerUnmerge, script);
    } else if (wanted.purchases_since.has_value()) {
      AddPurchasesSince(id, *wanted.purchases_since, limits::kMaxPurchasesPerReturn, script);
    }
    if (wanted.purchases_since.has_value() || !wanted.purchases.empty() || wanted.expired)
      members.push_back(id);
  }
  ForEachPiece(members, [&](Ids piece) { AddExpired(piece, script); });
  const std::vector<absl::string_view> all(ids.begin(), ids.end());
  ForEachPiece(all, [&](absl::Span<const absl::string_view> piece) {
    SqlText sql;
    sql.Raw("SELECT STRAIGHT_JOIN " DANGOL_PURCHASE_COLUMNS
            " FROM (SELECT partition_id, position FROM command_log"
            " FORCE INDEX (command_log_by_request) WHERE scope = ")
        .Value(RequestScope::kPurchase)
        .Raw(" AND request_id IN ")
        .List(piece)
        .Raw(") AS named JOIN purchase FORCE INDEX (PRIMARY) USING (partition_id, position)");
    script.Add(sql.Take(), [this](const Row& row) -> absl::Status {
      ASSIGN_OR_RETURN(domain::Purchase purchase, ReadPurchase(row));
      domain::MemberState* const state = FindLoaded(purchase.member_id);
      if (state != nullptr &&
          wanted_[purchase.member_id].purchases.contains(purchase.purchase_id)) {
        AddPurchase(std::move(purchase), *state);
      }
      return absl::OkStatus();
    });
  });
}

void Loading::AddPurchasesSince(const domain::MemberId& id, absl::Time since, int64_t limit,
                                Script& script) {
  SqlText sql;
  sql.Raw("SELECT " DANGOL_PURCHASE_COLUMNS
          " FROM purchase FORCE INDEX (purchase_by_member) WHERE member_id = ")
      .Value(id)
      .Raw(" AND occurred_at >= ")
      .Value(since)
      .Raw(" ORDER BY occurred_at DESC, purchase_id DESC LIMIT ")
      .Value(limit);
  script.Add(sql.Take(), [this](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(domain::Purchase purchase, ReadPurchase(row));
    domain::MemberState* const state = FindLoaded(purchase.member_id);
    // The first that are loaded: none of them is there.
    if (state != nullptr) state->purchases.push_back(std::move(purchase));
    return absl::OkStatus();
  });
}

// Of all of their purchases, and not only of those that are wanted.
void Loading::AddExpired(Ids ids, Script& script) {
  SqlText sql;
  sql.Raw(
         "SELECT member_id, purchase_id, wallet, CAST(SUM(points) AS SIGNED)"
         " FROM ledger_entry FORCE INDEX (PRIMARY) WHERE member_id IN ")
      .List(ids)
      .Raw(" AND kind = ")
      .Value(domain::EntryKind::kExpire)
      .Raw(" GROUP BY member_id, purchase_id, wallet");
  const auto add = [this](const Row& row) {
    domain::MemberState* const state = FindLoaded(row.Id(0));
    if (state != nullptr) {
      domain::AddExpired({row.Text(1), row.Text(2), row.Int(3)}, state->expired);
    }
    return absl::OkStatus();
  };
  script.Add(sql.Take(), add);
  SqlText elsewhere;
  elsewhere
      .Raw(
          "SELECT member_id, purchase_id, wallet, points"
          " FROM expired_elsewhere FORCE INDEX (PRIMARY) WHERE member_id IN ")
      .List(ids);
  script.Add(elsewhere.Take(), add);
}

void Loading::AddReservations(const std::vector<ReservationKey>& keys, Script& script) {
  ForEachPiece(keys, [&](absl::Span<const ReservationKey> piece) {
    SqlText sql;
    sql.Raw("SELECT " DANGOL_RESERVATION_COLUMNS " FROM reservation FORCE INDEX (PRIMARY) WHERE ");
    absl::string_view before;
    for (const auto& [member, reservation] : piece) {
      sql.Raw(std::exchange(before, " OR "))
          .Raw("member_id = ")
          .Value(member)
          .Raw(" AND reservation_id = ")
          .Value(reservation);
    }
    script.Add(sql.Take(), IntoReservations());
  });
}

RowHandler Loading::IntoReservations() {
  return [this](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(domain::Reservation reservation, ReadReservation(row));
    domain::MemberState* const state = FindLoaded(row.Id(0));
    if (state != nullptr) AddReservation(std::move(reservation), *state);
    return absl::OkStatus();
  };
}

}  // namespace dangol::storage::mysql
