// What time does to a draft, and the end of a membership.

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "server/domain/points/draft.h"

namespace dangol::domain {
namespace {

constexpr int kMatures = 0;
constexpr int kLapses = 1;
constexpr int kExpires = 2;

}  // namespace

bool Draft::Event::operator>(const Event& other) const {
  return std::tie(at, order, is_others, index) >
         std::tie(other.at, other.order, other.is_others, other.index);
}

void Draft::Advance() {
  const absl::Time from = std::exchange(member_.advanced_until, now_);
  if (member_.next_due_at > now_) return;
  Require(state_.has_lots, "the lots of a member who is due are not there");
  Events events;
  for (size_t i = 0; i < lots_.size(); ++i) AddEvents(i, from, events);
  reservations_by_id_ = ReservationsById();
  for (size_t rank = 0; rank < reservations_by_id_.size(); ++rank) {
    const Reservation& reservation = reservations_[reservations_by_id_[rank]];
    if (reservation.status == ReservationStatus::kHeld && reservation.lapses_at <= now_) {
      events.push_back({reservation.lapses_at, kLapses, false, rank});
    }
  }
  PassTime(std::move(events));
  ExpireCoupons();
}

std::vector<size_t> Draft::ReservationsById() const {
  std::vector<size_t> order(reservations_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [this](size_t a, size_t b) {
    return reservations_[a].reservation_id < reservations_[b].reservation_id;
  });
  return order;
}

void Draft::Close(const Cause& cause) {
  EndCoupons();
  for (const size_t i : ReservationsById()) {
    if (reservations_[i].status == ReservationStatus::kHeld) {
      Release(reservations_[i], ReservationStatus::kVoided, cause);
    }
  }
  for (Lot& lot : lots_) {
    if (lot.remaining > 0) Expire(lot, now_, cause);
  }
  for (size_t i = 0; i < lots_.size(); ++i) {
    if (lots_[i].remaining == 0) continue;
    const int64_t owed = -std::exchange(lots_[i].remaining, 0);
    LedgerEntry entry = EntryFor(lots_[i], EntryKind::kWriteOff, owed, now_, cause);
    entry.debit = LedgerAccount::kWrittenOff;
    entry.credit = LedgerAccount::kAvailable;
    Post(std::move(entry));
  }
}

void Draft::AddEvents(size_t index, absl::Time from, Events& events) const {
  const Lot& lot = lots_[index];
  const auto passes = [&](absl::Time time) { return from < time && time <= now_; };
  if (StartsPending(lot) && passes(lot.available_from)) {
    events.push_back({lot.available_from, kMatures, lot.person != member_.id, index});
  }
  const absl::Time expiry = ExpiryOf(lot);
  if (passes(expiry)) events.push_back({expiry, kExpires, lot.person != member_.id, index});
}

// What lapses may bring a lot back whose own events are still to come, so the events
// are not known at the beginning.
void Draft::PassTime(Events events) {
  const auto later = std::greater<Event>();
  std::make_heap(events.begin(), events.end(), later);
  std::set<std::string> matured;  // Wallets.
  while (!events.empty()) {
    std::pop_heap(events.begin(), events.end(), later);
    const Event event = events.back();
    events.pop_back();
    if (event.order == kLapses) {
      Reservation& reservation = reservations_[reservations_by_id_[event.index]];
      ReleaseAt(reservation, ReservationStatus::kLapsed, OfTime(), event.at, &events);
      std::make_heap(events.begin(), events.end(), later);
      continue;
    }
    Lot& lot = lots_[event.index];
    if (event.order == kMatures) {
      if (lot.remaining > 0) Mature(lot, event.at, OfTime());
      matured.insert(lot.wallet);
      // What matures at one moment does so before any of it repays a debt.
      const bool more =
          !events.empty() && events.front().at == event.at && events.front().order == kMatures;
      if (more) continue;
      for (const std::string& wallet : std::exchange(matured, {})) Settle(wallet, event.at);
    } else if (lot.remaining > 0) {
      Expire(lot, event.at, OfTime());
    }
  }
}

void Draft::Mature(Lot& lot, absl::Time at, const Cause& cause) {
  LedgerEntry entry = EntryFor(lot, EntryKind::kMature, lot.remaining, at, cause);
  entry.debit = LedgerAccount::kPending;
  entry.credit = LedgerAccount::kAvailable;
  Post(std::move(entry));
}

void Draft::Expire(Lot& lot, absl::Time at, const Cause& cause) {
  SettleLast(lot, at);
  if (lot.remaining == 0) return;
  LedgerEntry entry = EntryFor(lot, EntryKind::kExpire, lot.remaining, at, cause);
  entry.debit = AccountAt(lot, at);
  entry.credit = LedgerAccount::kExpired;
  lot.remaining = 0;
  Post(std::move(entry));
}

void Draft::ReleaseAt(Reservation& reservation, ReservationStatus status, const Cause& cause,
                      absl::Time at, Events* events) {
  reservation.status = status;
  Cause because = cause;
  because.reference = reservation.reservation_id;
  for (const Lot& held : std::exchange(reservation.lots, {})) {
    const size_t index =
        PutBackAt(held, held.remaining, EntryKind::kRelease, LedgerAccount::kHeld, because, at);
    if (events != nullptr) AddEvents(index, at, *events);
  }
}

// Without the stored lots: not later than the next thing that time causes to them.
absl::Time Draft::NextDue() const {
  if (member_.merged.has_value()) return absl::InfiniteFuture();
  absl::Time due = state_.has_lots ? absl::InfiniteFuture() : member_.next_due_at;
  const auto note = [&](absl::Time time) {
    if (time > now_) due = std::min(due, time);
  };
  note(handed_due_);
  for (const Lot& lot : lots_) {
    if (lot.remaining <= 0) continue;
    note(lot.available_from);
    note(ExpiryOf(lot));
  }
  for (const Reservation& reservation : reservations_) {
    if (reservation.status == ReservationStatus::kHeld && !HasLeft(reservation.person)) {
      note(reservation.lapses_at);
    }
  }
  for (const Coupon& coupon : coupons_) {
    if (coupon.status == CouponStatus::kIssued && !HasLeft(coupon.person)) note(coupon.expires_at);
  }
  return due;
}

}  // namespace dangol::domain
