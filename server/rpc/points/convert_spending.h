#ifndef DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_
#define DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_

#include "absl/status/statusor.h"
#include "dangol/v1/points_service.pb.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::ReservePointsRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::CapturePointsRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::VoidReservationRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RedeemPointsRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AdjustPointsRequest& message);

void ToProto(const domain::ReservationOutcome& outcome, v1::ReservePointsResponse& out);
void ToProto(const domain::BalanceOutcome& outcome, v1::AdjustPointsResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_
