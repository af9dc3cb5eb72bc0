#include "server/rpc/points/reservation_reads.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/rpc/member_read.h"
#include "server/rpc/points/convert_spending.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// What time has done is not recorded at once.
domain::Reservation AsOf(absl::Time now, domain::Reservation reservation) {
  const bool is_over =
      reservation.status == domain::ReservationStatus::kHeld && reservation.lapses_at <= now;
  if (is_over) reservation.status = domain::ReservationStatus::kLapsed;
  return reservation;
}

}  // namespace

absl::Status GetReservation(const v1::GetReservationRequest& message, Backend& backend,
                            storage::Reader& reader, v1::GetReservationResponse& response) {
  Validator validator;
  validator.RequestId(Path("reservation_id"), message.reservation_id());
  RETURN_IF_ERROR(validator.status());
  domain::MemberRef ref;
  ref.reservation_id = message.reservation_id();
  ASSIGN_OR_RETURN(const Found found, LoadMember(backend, reader, [&](const auto&, absl::Time) {
                     domain::Reads reads;
                     reads.member = ref;
                     reads.needs.reservations = {ref.reservation_id};
                     return reads;
                   }));
  const domain::MemberState* const state = found.loaded.Find(ref);
  if (state == nullptr) return domain::ReservationNotFound(ref.reservation_id);
  for (const domain::Reservation& reservation : state->reservations) {
    if (reservation.reservation_id != ref.reservation_id) continue;
    ToProto(state->member.id, AsOf(found.now, reservation), *response.mutable_reservation());
    return absl::OkStatus();
  }
  return domain::ReservationNotFound(ref.reservation_id);
}

absl::Status ListReservations(const v1::ListReservationsRequest& message, Backend& backend,
                              storage::Reader& reader, v1::ListReservationsResponse& response) {
  Validator validator;
  const domain::MemberRef ref =
      validator.MemberRef(Path("member"), message.has_member(), message.member());
  const int page_size = validator.PageSize(Path("page_size"), message.page_size());
  validator.Check(v1::ReservationStatus_IsValid(message.status()), Path("status"),
                  "is not a ReservationStatus");
  RETURN_IF_ERROR(validator.status());
  ASSIGN_OR_RETURN(const PurseOfList owner, FindPurse(ref, backend, reader));
  const absl::Time now = backend.clock.Now();
  const auto tell = [&](const domain::Reservation& stored) {
    const domain::Reservation reservation = AsOf(now, stored);
    const bool is_wanted =
        message.status() == v1::RESERVATION_STATUS_UNSPECIFIED ||
        message.status() == static_cast<v1::ReservationStatus>(reservation.status);
    if (!is_wanted || !owner.Tells(reservation.person)) return false;
    ToProto(owner.purse, reservation, *response.add_reservations());
    return true;
  };
  return FillPage<domain::Reservation>(
      absl::StrCat("reservations/", owner.purse.ToString(), "/", message.status()),
      message.page_token(), page_size,
      [&](const std::string& after, int limit) {
        return reader.ListReservations(owner.purse, after, limit);
      },
      [](const domain::Reservation& reservation) -> const std::string& {
        return reservation.reservation_id;
      },
      tell, response);
}

}  // namespace dangol::rpc
