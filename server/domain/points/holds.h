#ifndef DANGOL_SERVER_DOMAIN_POINTS_HOLDS_H_
#define DANGOL_SERVER_DOMAIN_POINTS_HOLDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/draft.h"

namespace dangol::domain {

// Null where there is none with this id.
Reservation* FindReservation(absl::string_view id, Draft& draft);

// Sets the points of a new reservation aside, or spends them at once where it is captured;
// there must be as many.
const Reservation& Reserve(Reservation reservation, const Cause& cause, Draft& draft);

// Spends `points` of what is held, and releases the rest.
void Capture(Reservation& reservation, int64_t points, const Cause& cause, Book& book);

// Gives back all that is held. Returns the lots that it went to.
std::vector<size_t> Release(Reservation& reservation, ReservationStatus status, const Cause& cause,
                            absl::Time at, Book& book);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_HOLDS_H_
