#include "server/domain/points/holds.h"

#include <algorithm>
#include <utility>

#include "server/domain/errors.h"
#include "server/domain/points/missing.h"
#include "server/domain/program/arithmetic.h"

namespace dangol::domain {
namespace {

// The lots that were taken last come back first.
void GiveBack(int64_t points, const Cause& cause, Reservation& reservation, Book& book) {
  reservation.restored += points;
  while (points > 0 && !reservation.lots.empty()) {
    Lot& lot = reservation.lots.back();
    const int64_t part = std::min(points, lot.remaining);
    const Lot taken = lot;
    points -= part;
    lot.remaining -= part;
    if (lot.remaining == 0) reservation.lots.pop_back();
    book.PutBack(taken, part, EntryKind::kRestore, LedgerAccount::kRedeemed, cause, book.now());
  }
}

}  // namespace

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

Spent SpendOrOwe(int64_t points, DebtPolicy policy, const Cause& cause, Reservation& reservation,
                 Book& book) {
  Spent spent;
  const std::string& wallet = reservation.wallet;
  spent.taken = std::clamp<int64_t>(book.Available(wallet), 0, points);
  if (spent.taken > 0) {
    for (Lot& lot :
         book.Take(wallet, spent.taken, EntryKind::kRedeem, LedgerAccount::kRedeemed, cause)) {
      reservation.lots.push_back(std::move(lot));
    }
  }
  const int64_t left = points - spent.taken;
  if (left == 0) return spent;
  Lot of;
  of.person = reservation.person;
  of.wallet = wallet;
  const Missing missing =
      TakeMissing(policy, of, left, EntryKind::kRedeem, LedgerAccount::kRedeemed, cause, book);
  spent.owed = missing.owed;
  spent.written_off = missing.written_off;
  spent.missing = missing.refused;
  if (missing.debt.has_value()) {
    reservation.lots.push_back(book.lots()[*missing.debt]);
    reservation.lots.back().remaining = left;
  }
  return spent;
}

absl::StatusOr<int64_t> SettleReturned(DebtPolicy policy, const Cause& cause, Reservation& paid,
                                       Book& book) {
  if (paid.status != ReservationStatus::kCaptured || paid.goods == 0) return 0;
  const int64_t in_all = ShareOf(paid.captured, paid.goods_returned, paid.goods);
  const int64_t change = in_all - paid.restored;
  if (change >= 0) {
    // What was given up is not there to be given back.
    int64_t spent = 0;
    for (const Lot& lot : paid.lots) spent += lot.remaining;
    const int64_t given = std::min(change, spent);
    GiveBack(given, cause, paid, book);
    return given;
  }
  const Spent spent = SpendOrOwe(-change, policy, cause, paid, book);
  if (spent.missing > 0) return InsufficientPoints(paid.wallet, -change, spent.taken);
  paid.restored += change;
  return change;
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
