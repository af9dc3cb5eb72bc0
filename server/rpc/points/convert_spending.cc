#include "server/rpc/points/convert_spending.h"

#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

constexpr int64_t kMaxPoints = limits::kMaxPointsMoved;

// What Reserve and Redeem have in common.
template <typename Message>
domain::ReservePoints ToReservation(const Message& message, Validator& validator) {
  validator.RequestId(Path("request_id"), message.request_id());
  domain::ReservePoints reserve;
  reserve.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Text(Path("wallet"), message.wallet(), limits::kMaxNameBytes);
  validator.Check(message.points() >= 1 && message.points() <= kMaxPoints, Path("points"),
                  "must be 1 to 10^15");
  reserve.reservation_id = message.request_id();
  reserve.wallet = message.wallet();
  reserve.points = message.points();
  return reserve;
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::ReservePointsRequest& message) {
  Validator validator;
  domain::ReservePoints reserve = ToReservation(message, validator);
  reserve.time_to_live = limits::kDefaultTimeToLive;
  if (message.has_time_to_live()) {
    reserve.time_to_live = validator.Duration(Path("time_to_live"), message.time_to_live(),
                                              limits::kMinTimeToLive, limits::kMaxTimeToLive);
  }
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(reserve));
}

absl::StatusOr<lane::Request> ToRequest(const v1::RedeemPointsRequest& message) {
  Validator validator;
  domain::ReservePoints redeem = ToReservation(message, validator);
  redeem.capture = true;
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(redeem));
}

absl::StatusOr<lane::Request> ToRequest(const v1::CapturePointsRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  validator.RequestId(Path("reservation_id"), message.reservation_id());
  validator.Check(message.points() >= 0 && message.points() <= kMaxPoints, Path("points"),
                  "must be 0 to 10^15; leave it out for all that is held");
  RETURN_IF_ERROR(validator.status());
  domain::CapturePoints capture;
  capture.member.reservation_id = message.reservation_id();
  capture.reservation_id = message.reservation_id();
  if (message.has_points()) capture.points = message.points();
  return RequestFor(message.request_id(), std::move(capture));
}

absl::StatusOr<lane::Request> ToRequest(const v1::VoidReservationRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  validator.RequestId(Path("reservation_id"), message.reservation_id());
  RETURN_IF_ERROR(validator.status());
  domain::VoidReservation release;
  release.member.reservation_id = message.reservation_id();
  release.reservation_id = message.reservation_id();
  return RequestFor(message.request_id(), std::move(release));
}

absl::StatusOr<lane::Request> ToRequest(const v1::AdjustPointsRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::AdjustPoints adjust;
  adjust.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Text(Path("wallet"), message.wallet(), limits::kMaxNameBytes);
  if (message.undoes().empty()) {
    validator.Check(
        message.points() != 0 && message.points() >= -kMaxPoints && message.points() <= kMaxPoints,
        Path("points"), "must be 1 to 10^15, or as much below 0 to take points");
  } else {
    validator.RequestId(Path("undoes"), message.undoes());
    validator.Check(message.points() == 0 && message.wallet().empty(), Path("undoes"),
                    "leaves no room for a wallet or points: all of that adjustment is undone");
  }
  validator.Text(Path("reason"), message.reason(), limits::kMaxNameBytes, /*required=*/true);
  RETURN_IF_ERROR(validator.status());
  adjust.wallet = message.wallet();
  adjust.points = message.points();
  adjust.reason = message.reason();
  adjust.adjustment_id = message.request_id();
  adjust.undoes = message.undoes();
  return RequestFor(message.request_id(), std::move(adjust));
}

void ToProto(const domain::MemberId& member, const domain::Reservation& reservation,
             v1::Reservation& told) {
  told.set_reservation_id(reservation.reservation_id);
  told.set_member_id(member.ToString());
  told.set_wallet(reservation.wallet);
  told.set_points(reservation.points);
  told.set_captured(reservation.captured);
  told.set_restored(reservation.restored);
  told.set_status(static_cast<v1::ReservationStatus>(reservation.status));
  *told.mutable_reserved_at() = ToTimestamp(reservation.reserved_at);
  *told.mutable_lapses_at() = ToTimestamp(reservation.lapses_at);
  told.set_purchase_id(reservation.purchase_id);
}

}  // namespace dangol::rpc
