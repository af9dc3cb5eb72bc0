// Points that go from one member to another with a merge.

#include <algorithm>
#include <cassert>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/common/status_macros.h"
#include "server/domain/draft.h"

namespace dangol::domain {

// A debt is handed over as it is: what it owes is then owed there.
Draft::HandedOver Draft::HandOver(const Move& move,
                                  const absl::flat_hash_set<std::string>& purchases,
                                  const Cause& cause) {
  assert(state_.has_lots);
  HandedOver handed;
  for (Lot& lot : lots_) {
    const bool is_moved = move.Has(OriginOf(lot.lot));
    if (lot.remaining == 0 || (!is_moved && !purchases.contains(lot.purchase_id))) continue;
    Lot& there = handed.lots.emplace_back(lot);
    there.lot = is_moved ? ShiftLot(lot.lot, move.shift) : 0;
    const int64_t points = std::exchange(lot.remaining, 0);
    LedgerEntry entry = EntryFor(lot, EntryKind::kMerge, std::abs(points), now_, cause);
    entry.debit = points > 0 ? AccountAt(lot, now_) : LedgerAccount::kTransferred;
    entry.credit = points > 0 ? LedgerAccount::kTransferred : LedgerAccount::kAvailable;
    Post(std::move(entry));
  }
  for (const size_t i : ReservationsById()) {
    const Reservation& reservation = reservations_[i];
    if (reservation.status != ReservationStatus::kHeld || !move.Has(reservation.origin)) continue;
    handed.due = std::min(handed.due, reservation.lapses_at);
    for (const Lot& held : reservation.lots) {
      handed.held.push_back(held);
      handed.held.back().lot = ShiftLot(held.lot, move.shift);
      LedgerEntry entry = EntryFor(held, EntryKind::kMerge, held.remaining, now_, cause);
      entry.debit = LedgerAccount::kHeld;
      entry.credit = LedgerAccount::kTransferred;
      Post(std::move(entry));
    }
  }
  for (const Coupon& coupon : coupons_) {
    if (coupon.status != CouponStatus::kIssued || !move.Has(coupon.origin)) continue;
    handed.due = std::min(handed.due, coupon.expires_at);
  }
  return handed;
}

absl::Status Draft::TakeOver(const HandedOver& handed, const Cause& cause) {
  assert(state_.has_lots);
  std::set<std::string> wallets;
  for (const Lot& held : handed.held) {
    RETURN_IF_ERROR(CheckRoom(held.wallet, held.remaining));
    LedgerEntry entry = EntryFor(held, EntryKind::kMerge, held.remaining, now_, cause);
    entry.debit = LedgerAccount::kTransferred;
    entry.credit = LedgerAccount::kHeld;
    Post(std::move(entry));
  }
  for (Lot lot : handed.lots) {
    RETURN_IF_ERROR(CheckRoom(lot.wallet, lot.remaining));
    wallets.insert(lot.wallet);
    if (lot.lot == 0) lot.lot = member_.entry_count + 1;
    LedgerEntry entry = EntryFor(lot, EntryKind::kMerge, std::abs(lot.remaining), now_, cause);
    entry.debit = lot.remaining > 0 ? LedgerAccount::kTransferred : LedgerAccount::kAvailable;
    entry.credit = lot.remaining > 0 ? AccountAt(lot, now_) : LedgerAccount::kTransferred;
    Post(std::move(entry));
    // Nothing is left of one that was here before: it was handed over then.
    assert(IndexOf(lot.lot) == lots_.size());
    Open(std::move(lot));
  }
  for (const std::string& wallet : wallets) Settle(wallet, now_);
  handed_due_ = std::min(handed_due_, handed.due);
  return absl::OkStatus();
}

std::vector<ExpiredPoints> Draft::Expired() const {
  std::vector<ExpiredPoints> expired = state_.expired;
  for (const LedgerEntry& entry : effects_.entries) {
    if (entry.kind != EntryKind::kExpire) continue;
    AddExpired({entry.purchase_id, entry.wallet, entry.points}, expired);
  }
  return expired;
}

}  // namespace dangol::domain
