// Points that go from one purse to another.

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/common/status_macros.h"
#include "server/domain/points/draft.h"

namespace dangol::domain {
namespace {

bool Has(const std::vector<MemberId>& persons, const MemberId& person) {
  return std::find(persons.begin(), persons.end(), person) != persons.end();
}

}  // namespace

// Points that live as long as somebody who uses the purse is active, where that was another.
void Draft::ExpireOverdue() {
  for (Lot& lot : lots_) {
    if (lot.remaining > 0 && ExpiryOf(lot) <= now_) Expire(lot, now_, OfTime());
  }
}

Draft::HandedOver Draft::HandOver(const std::vector<MemberId>& persons, const Cause& cause) {
  Require(state_.has_lots, "the lots of who hands over points are not there");
  HandedOver handed;
  HandOverLots(persons, cause, handed);
  HandOverHeld(persons, cause, handed);
  ExpireOverdue();
  return handed;
}

// A debt is handed over as it is: what it owes is then owed there.
void Draft::HandOverLots(const std::vector<MemberId>& persons, const Cause& cause,
                         HandedOver& handed) {
  for (Lot& lot : lots_) {
    if (lot.remaining == 0 || !Has(persons, lot.person)) continue;
    handed.lots.push_back(lot);
    const int64_t points = std::exchange(lot.remaining, 0);
    LedgerEntry entry = EntryFor(lot, EntryKind::kMerge, std::abs(points), now_, cause);
    entry.debit = points > 0 ? AccountAt(lot, now_) : LedgerAccount::kTransferred;
    entry.credit = points > 0 ? LedgerAccount::kTransferred : LedgerAccount::kAvailable;
    Post(std::move(entry));
  }
}

void Draft::HandOverHeld(const std::vector<MemberId>& persons, const Cause& cause,
                         HandedOver& handed) {
  for (const size_t i : ReservationsById()) {
    const Reservation& reservation = reservations_[i];
    const bool is_held = reservation.status == ReservationStatus::kHeld;
    if (!is_held || !Has(persons, reservation.person)) continue;
    handed.due = std::min(handed.due, reservation.lapses_at);
    for (const Lot& held : reservation.lots) {
      handed.held.push_back(held);
      LedgerEntry entry = EntryFor(held, EntryKind::kMerge, held.remaining, now_, cause);
      entry.debit = LedgerAccount::kHeld;
      entry.credit = LedgerAccount::kTransferred;
      Post(std::move(entry));
    }
  }
  for (const Coupon& coupon : coupons_) {
    if (coupon.status != CouponStatus::kIssued || !Has(persons, coupon.person)) continue;
    handed.due = std::min(handed.due, coupon.expires_at);
  }
  left_ = persons;
}

absl::Status Draft::TakeOver(const HandedOver& handed, const Cause& cause) {
  Require(state_.has_lots, "the lots of who takes over points are not there");
  std::set<std::string> wallets;
  for (const Lot& held : handed.held) {
    RETURN_IF_ERROR(CheckRoom(held.wallet, held.remaining));
    LedgerEntry entry = EntryFor(held, EntryKind::kMerge, held.remaining, now_, cause);
    entry.debit = LedgerAccount::kTransferred;
    entry.credit = LedgerAccount::kHeld;
    Post(std::move(entry));
    taken_over_held_[held.wallet] += held.remaining;
  }
  for (const Lot& lot : handed.lots) {
    RETURN_IF_ERROR(CheckRoom(lot.wallet, lot.remaining));
    wallets.insert(lot.wallet);
    LedgerEntry entry = EntryFor(lot, EntryKind::kMerge, std::abs(lot.remaining), now_, cause);
    entry.debit = lot.remaining > 0 ? LedgerAccount::kTransferred : LedgerAccount::kAvailable;
    entry.credit = lot.remaining > 0 ? AccountAt(lot, now_) : LedgerAccount::kTransferred;
    Post(std::move(entry));
    Open(lot);
  }
  ExpireOverdue();
  for (const std::string& wallet : wallets) Settle(wallet, now_);
  handed_due_ = std::min(handed_due_, handed.due);
  return absl::OkStatus();
}

std::vector<ExpiredPoints> Draft::Expired() const {
  std::vector<ExpiredPoints> expired = state_.expired;
  for (const LedgerEntry& entry : effects_.entries) {
    if (entry.kind != EntryKind::kExpire) continue;
    AddExpired(entry, expired);
  }
  return expired;
}

}  // namespace dangol::domain
