#ifndef DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_
#define DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_

#include "absl/status/statusor.h"
#include "dangol/v1/points_service.pb.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::ReserveRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::CaptureRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::VoidRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RedeemRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AdjustRequest& message);

void ToProto(const domain::ReservationOutcome& outcome, v1::ReserveResponse& out);
void ToProto(const domain::BalanceOutcome& outcome, v1::AdjustResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_CONVERT_SPENDING_H_
