#ifndef DANGOL_SERVER_DOMAIN_POINTS_RESERVATION_H_
#define DANGOL_SERVER_DOMAIN_POINTS_RESERVATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/points/ledger.h"

namespace dangol::domain {

enum class ReservationStatus : int8_t { kHeld = 1, kCaptured = 2, kVoided = 3, kLapsed = 4 };

// Points that are set aside for a payment, and what became of them.
struct Reservation {
  std::string reservation_id;  // The id of the request that made it.
  std::string wallet;
  int64_t points = 0;    // As reserved.
  int64_t captured = 0;  // Of these: spent.
  int64_t restored = 0;  // Of those captured: given back because goods were returned.
  // The purchase that it pays for, empty while none has named it; what that is worth, or its
  // pieces where it costs nothing; and of these what has come back.
  std::string purchase_id;
  int64_t goods = 0;
  int64_t goods_returned = 0;
  ReservationStatus status = ReservationStatus::kHeld;
  absl::Time reserved_at;
  absl::Time lapses_at;  // While it is held: when it releases itself.
  // The lots that were taken from, in the order of spending, as they were; their
  // `remaining` is how much of what was taken is held or spent.
  std::vector<Lot> lots;
  MemberId person;  // Who set them aside, and takes them along.

  friend bool operator==(const Reservation&, const Reservation&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_RESERVATION_H_
