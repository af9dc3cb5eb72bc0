#ifndef DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_
#define DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_

#include "absl/status/statusor.h"
#include "dangol/v1/points_service.pb.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"
#include "server/rpc/points/convert_points.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::ReservePointsRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::CapturePointsRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::VoidReservationRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RedeemPointsRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AdjustPointsRequest& message);

void ToProto(const domain::MemberId& member, const domain::Reservation& reservation,
             v1::Reservation& out);

// Of every response that has a reservation.
template <typename Response>
void ToProto(const domain::ReservationOutcome& outcome, Response& out) {
  ToProto(outcome.member_id, outcome.reservation, *out.mutable_reservation());
  ToProto(outcome.balances, *out.mutable_balances());
}

// Of every response that tells no more than balances.
template <typename Response>
void ToProto(const domain::BalanceOutcome& outcome, Response& out) {
  out.set_member_id(outcome.member_id.ToString());
  ToProto(outcome.balances, *out.mutable_balances());
}

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_
