#include "server/domain/purchase/payment.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "server/domain/errors.h"
#include "server/domain/points/holds.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/purchase/rest.h"

namespace dangol::domain {
namespace {

void NoteGoods(const Purchase& purchase, Reservation& reservation) {
  const Goods goods = GoodsOf(purchase);
  reservation.purchase_id = purchase.purchase_id;
  reservation.goods = goods.all;
  reservation.goods_returned = goods.returned;
}

const PointValue* ValueIn(const std::string& currency, const ProgramCatalog::Declared& declared) {
  if (declared.wallet == nullptr || !declared.wallet->value.has_value()) return nullptr;
  const PointValue& value = *declared.wallet->value;
  const std::string& code = declared.program->currencies[static_cast<size_t>(value.currency)].code;
  return code == currency && value.minor > 0 ? &value : nullptr;
}

// How many points of an ended hold are to pay now: as many as were held, and no more than the
// purchase says that they are worth.
int64_t PointsToTake(const Purchase& purchase, const Reservation& reservation,
                     const PointValue* value) {
  if (purchase.paid_with_points_minor == 0) return 0;
  if (value == nullptr) return reservation.points;
  // Rounded up: a part of a point pays nothing.
  const absl::int128 needed =
      Scale(purchase.paid_with_points_minor, value->per_points, value->minor, Rounding::kCeiling);
  return needed < reservation.points ? static_cast<int64_t>(needed) : reservation.points;
}

// The hold had ended before the purchase named it.
void PayAfterTheEnd(int64_t points, bool may_spend, DebtPolicy policy, const Cause& cause,
                    Reservation& reservation, Payment& payment, Book& book) {
  payment.missing = points;
  if (points == 0 || !may_spend) return;
  const Spent spent = SpendOrOwe(points, policy, cause, reservation, book);
  payment.taken_now = spent.taken;
  payment.owed = spent.owed;
  payment.written_off = spent.written_off;
  payment.missing = spent.missing;
  payment.points = spent.taken + spent.owed;
  if (payment.points == 0 && payment.written_off == 0) return;
  payment.status = PaymentStatus::kPaid;
  reservation.status = ReservationStatus::kCaptured;
  reservation.captured = payment.points;
  reservation.restored = 0;
}

// Of what is said to be paid with points: what so many are not worth.
int64_t UnpaidMinor(const Purchase& purchase, int64_t points, const PointValue* value) {
  if (points == 0) return purchase.paid_with_points_minor;
  if (value == nullptr) return 0;
  const absl::int128 worth = Scale(points, value->minor, value->per_points, Rounding::kFloor);
  return worth < purchase.paid_with_points_minor
             ? purchase.paid_with_points_minor - static_cast<int64_t>(worth)
             : 0;
}

}  // namespace

absl::StatusOr<std::optional<Payment>> PayWithPoints(const ProgramCatalog& catalog, absl::Time now,
                                                     bool may_spend, const Cause& cause,
                                                     Purchase& purchase, Draft& draft) {
  if (purchase.reservation_id.empty()) return std::nullopt;
  Reservation* const reservation = FindReservation(purchase.reservation_id, draft);
  if (reservation == nullptr) return ReservationNotFound(purchase.reservation_id);
  Payment payment;
  payment.reservation_id = reservation->reservation_id;
  payment.wallet = reservation->wallet;
  if (!reservation->purchase_id.empty()) {
    payment.other_purchase_id = reservation->purchase_id;
    payment.unpaid_minor = purchase.paid_with_points_minor;
    return payment;
  }
  if (draft.IsOneWithPerson(reservation->person)) {
    purchase.person = reservation->person;
  } else {
    reservation->person = purchase.person;
  }
  const PointValue* const value =
      ValueIn(purchase.currency, catalog.LastDeclared(reservation->wallet, now));
  switch (reservation->status) {
    case ReservationStatus::kHeld:
      payment.status = PaymentStatus::kHeld;
      payment.points = reservation->points;
      break;
    case ReservationStatus::kCaptured:
      payment.status = PaymentStatus::kPaid;
      payment.points = reservation->captured;
      break;
    case ReservationStatus::kVoided:
    case ReservationStatus::kLapsed:
      PayAfterTheEnd(PointsToTake(purchase, *reservation, value), may_spend,
                     catalog.At(now)->program->debt_policy, cause, *reservation, payment,
                     draft.book());
      break;
  }
  if (payment.status != PaymentStatus::kUnpaid) NoteGoods(purchase, *reservation);
  payment.unpaid_minor = UnpaidMinor(purchase, payment.points, value);
  return payment;
}

absl::StatusOr<int64_t> SettlePayment(const Purchase& purchase, DebtPolicy policy,
                                      const Cause& cause, Draft& draft) {
  Reservation* const paid = FindReservation(purchase.reservation_id, draft);
  if (paid == nullptr || paid->purchase_id != purchase.purchase_id) return 0;
  NoteGoods(purchase, *paid);
  return SettleReturned(policy, cause, *paid, draft.book());
}

}  // namespace dangol::domain
