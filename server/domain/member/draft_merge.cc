// Points that go from one member to another with a merge.

#include <algorithm>
#include <cassert>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/common/status_macros.h"
#include "server/domain/points/draft.h"

namespace dangol::domain {

void Draft::NoteRepaid(const Lot& credit, const Lot& debt, int64_t points, bool write_off) {
  if (OriginOf(credit.lot) == OriginOf(debt.lot)) return;
  Repayment& repayment =
      member_.origins.repayments.emplace_back(Repayment{credit, debt, write_off});
  repayment.credit.remaining = points;
  repayment.debt.remaining = -points;
}

void Draft::UndoRepayment(const Repayment& repayment, const Cause& cause) {
  const int64_t points = repayment.credit.remaining;
  Lot& credit = lots_[Reopen(repayment.credit)];
  credit.remaining += points;
  LedgerEntry given_back = EntryFor(credit, EntryKind::kRestore, points, now_, cause);
  given_back.debit = LedgerAccount::kReversed;
  given_back.credit = LedgerAccount::kAvailable;
  Post(std::move(given_back));
  if (repayment.write_off) {
    WriteOff(repayment.debt.wallet, repayment.debt.purchase_id, points, cause);
    return;
  }
  Lot& debt = lots_[Reopen(repayment.debt)];
  debt.remaining -= points;
  LedgerEntry owed = EntryFor(debt, EntryKind::kReverse, points, now_, cause);
  owed.debit = LedgerAccount::kAvailable;
  owed.credit = LedgerAccount::kReversed;
  Post(std::move(owed));
}

// Points that had repaid a debt while their time ran out; and those that live as long as
// the member is active, where that was another's activity.
void Draft::ExpireOverdue() {
  for (Lot& lot : lots_) {
    if (lot.remaining > 0 && ExpiryOf(lot) <= now_) Expire(lot, now_, OfTime());
  }
}

Draft::HandedOver Draft::HandOver(const Move& move, const Cause& cause) {
  assert(state_.has_lots);
  HandedOver handed;
  const std::set<std::string> parted = HandOverRepayments(move, cause, handed);
  HandOverLots(move, cause, handed);
  HandOverHeld(move, cause, handed);
  ExpireOverdue();
  // What was given back and stays may have other debts to repay.
  for (const std::string& wallet : parted) Settle(wallet, now_);
  handed.last_lot = member_.entry_count + member_.origins.lots_ahead;
  return handed;
}

std::set<std::string> Draft::HandOverRepayments(const Move& move, const Cause& cause,
                                                HandedOver& handed) {
  std::set<std::string> parted;
  for (Repayment& repayment : std::exchange(member_.origins.repayments, {})) {
    const bool credit_moves = move.Has(OriginOf(repayment.credit.lot));
    if (credit_moves != move.Has(OriginOf(repayment.debt.lot))) {
      UndoRepayment(repayment, cause);
      parted.insert(repayment.credit.wallet);
      continue;
    }
    const int shift = credit_moves ? move.shift : 0;
    repayment.credit.lot = ShiftLot(repayment.credit.lot, shift);
    repayment.debt.lot = ShiftLot(repayment.debt.lot, shift);
    auto& keeper = credit_moves ? handed.repayments : member_.origins.repayments;
    keeper.push_back(std::move(repayment));
  }
  return parted;
}

// A debt is handed over as it is: what it owes is then owed there.
void Draft::HandOverLots(const Move& move, const Cause& cause, HandedOver& handed) {
  for (Lot& lot : lots_) {
    if (lot.remaining == 0 || !move.Has(OriginOf(lot.lot))) continue;
    Lot& there = handed.lots.emplace_back(lot);
    there.lot = ShiftLot(lot.lot, move.shift);
    const int64_t points = std::exchange(lot.remaining, 0);
    LedgerEntry entry = EntryFor(lot, EntryKind::kMerge, std::abs(points), now_, cause);
    entry.debit = points > 0 ? AccountAt(lot, now_) : LedgerAccount::kTransferred;
    entry.credit = points > 0 ? LedgerAccount::kTransferred : LedgerAccount::kAvailable;
    Post(std::move(entry));
  }
}

void Draft::HandOverHeld(const Move& move, const Cause& cause, HandedOver& handed) {
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
    LedgerEntry entry = EntryFor(lot, EntryKind::kMerge, std::abs(lot.remaining), now_, cause);
    entry.debit = lot.remaining > 0 ? LedgerAccount::kTransferred : LedgerAccount::kAvailable;
    entry.credit = lot.remaining > 0 ? AccountAt(lot, now_) : LedgerAccount::kTransferred;
    Post(std::move(entry));
    // Nothing is left of one that was here before: it was handed over then.
    assert(IndexOf(lot.lot) == lots_.size());
    Open(std::move(lot));
  }
  std::vector<Repayment>& repayments = member_.origins.repayments;
  repayments.insert(repayments.end(), handed.repayments.begin(), handed.repayments.end());
  ExpireOverdue();
  for (const std::string& wallet : wallets) Settle(wallet, now_);
  int64_t& ahead = member_.origins.lots_ahead;
  ahead = std::max(ahead, handed.last_lot - member_.entry_count);
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
