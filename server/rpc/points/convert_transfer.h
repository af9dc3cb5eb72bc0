#ifndef DANGOL_SERVER_RPC_POINTS_CONVERT_TRANSFER_H_
#define DANGOL_SERVER_RPC_POINTS_CONVERT_TRANSFER_H_

#include "absl/status/statusor.h"
#include "dangol/v1/points_service.pb.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// Validates the message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::TransferPointsRequest& message);

void ToProto(const domain::TransferOutcome& outcome, v1::TransferPointsResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_CONVERT_TRANSFER_H_
