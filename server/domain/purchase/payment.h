#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_PAYMENT_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_PAYMENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/draft.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"

// Points that pay for goods. Purchase, capture and return of the same goods end alike in any
// order, since a reservation knows which purchase it pays for and how much of it has come back.
namespace dangol::domain {

enum class PaymentStatus : int8_t {
  kHeld = 1,    // Points are held for it, and wait for their capture.
  kPaid = 2,    // Points were spent for it.
  kUnpaid = 3,  // Points did not pay.
};

// What the points did that are said to have paid for a purchase.
struct Payment {
  std::string reservation_id;
  std::string wallet;
  PaymentStatus status = PaymentStatus::kUnpaid;
  int64_t points = 0;  // Held or spent for it.
  // Of these: the hold had ended, and they were taken now, or made a debt.
  int64_t taken_now = 0;
  int64_t owed = 0;
  int64_t written_off = 0;        // Beside these: were not there any more, and given up.
  int64_t missing = 0;            // Beside these: nobody paid them.
  std::string other_purchase_id;  // The reservation pays for this one, and for one only.
  int64_t unpaid_minor = 0;       // Of paid_with_points_minor: more than the points are worth.
};

// Lets the reservation that a purchase names pay for it, if it names one. Goods and what paid
// for them are one person's, so that a return finds both: sets purchase.person. The sale has
// happened: only a reservation that never was is refused. `may_spend`: whether points may be
// taken where the hold has ended. There must be a program at `now`.
absl::StatusOr<std::optional<Payment>> PayWithPoints(const ProgramCatalog& catalog, absl::Time now,
                                                     bool may_spend, const Cause& cause,
                                                     Purchase& purchase, Draft& draft);

// Gives back as large a part of the points that had paid as has come back of the purchase; or
// takes them again, where less of it has than before. Returns how many it gave back.
absl::StatusOr<int64_t> SettlePayment(const Purchase& purchase, DebtPolicy policy,
                                      const Cause& cause, Draft& draft);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_PAYMENT_H_
