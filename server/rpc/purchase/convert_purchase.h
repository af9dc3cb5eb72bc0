#ifndef DANGOL_SERVER_RPC_PURCHASE_CONVERT_PURCHASE_H_
#define DANGOL_SERVER_RPC_PURCHASE_CONVERT_PURCHASE_H_

#include "absl/status/statusor.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/purchase/purchase.h"
#include "server/lane/request.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {

// Validates a purchase, which is at `path` of its message, and makes the lane's
// request of it.
absl::StatusOr<lane::Request> ToRequest(const v1::Purchase& purchase, const Path& path);

// For one whose purchase is field "purchase".
absl::StatusOr<lane::Request> ToRequest(const v1::RecordPurchaseRequest& message);

// Validates a purchase that is only judged, and may lack an id; its fields are at "purchase".
absl::StatusOr<domain::Command> ToCommand(const v1::PreviewPurchaseRequest& message);

void ToProto(const domain::PurchaseOutcome& outcome, v1::PurchaseOutcome& out);
void ToProto(const domain::PurchaseOutcome& outcome, v1::RecordPurchaseResponse& out);
void ToProto(const domain::Purchase& purchase, v1::RecordedPurchase& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PURCHASE_CONVERT_PURCHASE_H_
