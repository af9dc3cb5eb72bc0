#ifndef DANGOL_SERVER_DOMAIN_POINTS_HOLDS_H_
#define DANGOL_SERVER_DOMAIN_POINTS_HOLDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/draft.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

// Null where there is none with this id.
Reservation* FindReservation(absl::string_view id, Draft& draft);

// Sets the points of a new reservation aside, or spends them at once where it is captured;
// there must be as many.
const Reservation& Reserve(Reservation reservation, const Cause& cause, Draft& draft);

// Spends `points` of what is held, and releases the rest.
void Capture(Reservation& reservation, int64_t points, const Cause& cause, Book& book);

// Points that were to be spent and are not all there.
struct Spent {
  int64_t taken = 0;
  int64_t owed = 0;
  int64_t written_off = 0;
  int64_t missing = 0;
};

// Spends what is there of so many points; for the rest the policy tells. What is taken, and what
// is owed, joins the lots of the reservation.
Spent SpendOrOwe(int64_t points, DebtPolicy policy, const Cause& cause, Reservation& reservation,
                 Book& book);

// Brings what was given back of captured points to the share of the goods that has come back:
// gives back more, or takes it again. Returns how many it gave back.
absl::StatusOr<int64_t> SettleReturned(DebtPolicy policy, const Cause& cause,
                                       Reservation& reservation, Book& book);

// Gives back all that is held. Returns the lots that it went to.
std::vector<size_t> Release(Reservation& reservation, ReservationStatus status, const Cause& cause,
                            absl::Time at, Book& book);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_HOLDS_H_
