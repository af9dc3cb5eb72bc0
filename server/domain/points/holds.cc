#include "server/domain/points/holds.h"

#include <algorithm>
#include <utility>

namespace dangol::domain {

Reservation* FindReservation(absl::string_view id, Draft& draft) {
  for (Reservation& reservation : draft.reservations()) {
    if (reservation.reservation_id == id) return &reservation;
  }
  return nullptr;
}

const Reservation& Reserve(Reservation reservation, const Cause& cause, Draft& draft) {
  reservation.person = draft.person().id;
  const bool at_once = reservation.status == ReservationStatus::kCaptured;
  reservation.lots = draft.book().Take(
      reservation.wallet, reservation.points, at_once ? EntryKind::kRedeem : EntryKind::kHold,
      at_once ? LedgerAccount::kRedeemed : LedgerAccount::kHeld, cause);
  if (at_once) reservation.captured = reservation.points;
  return draft.reservations().emplace_back(std::move(reservation));
}

void Capture(Reservation& reservation, int64_t points, const Cause& cause, Book& book) {
  reservation.status = ReservationStatus::kCaptured;
  reservation.captured = points;
  std::vector<Lot> spent;
  for (const Lot& held : std::exchange(reservation.lots, {})) {
    const int64_t part = std::min(points, held.remaining);
    points -= part;
    if (part > 0) {
      book.PostBeside(held,
                      {EntryKind::kCapture, part, LedgerAccount::kHeld, LedgerAccount::kRedeemed},
                      book.now(), cause);
      spent.push_back(held);
      spent.back().remaining = part;
    }
    const int64_t rest = held.remaining - part;
    if (rest > 0) {
      book.PutBack(held, rest, EntryKind::kRelease, LedgerAccount::kHeld, cause, book.now());
    }
  }
  reservation.lots = std::move(spent);
}

std::vector<size_t> Release(Reservation& reservation, ReservationStatus status, const Cause& cause,
                            absl::Time at, Book& book) {
  reservation.status = status;
  Cause because = cause;
  because.reference = reservation.reservation_id;
  std::vector<size_t> lots;
  for (const Lot& held : std::exchange(reservation.lots, {})) {
    lots.push_back(
        book.PutBack(held, held.remaining, EntryKind::kRelease, LedgerAccount::kHeld, because, at));
  }
  return lots;
}

}  // namespace dangol::domain
