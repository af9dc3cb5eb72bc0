#ifndef DANGOL_SERVER_RPC_PURCHASE_CONVERT_RETURN_H_
#define DANGOL_SERVER_RPC_PURCHASE_CONVERT_RETURN_H_

#include "absl/status/statusor.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/domain/decide.h"
#include "server/domain/purchase/purchase.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::RecordReturnRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::UndoReturnRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::ConfirmPurchaseRequest& message);

void ToProto(const domain::Return& recorded, v1::RecordedReturn& out);
void ToProto(const domain::ReturnOutcome& outcome, v1::RecordReturnResponse& out);
void ToProto(const domain::ReturnOutcome& outcome, v1::UndoReturnResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PURCHASE_CONVERT_RETURN_H_
