#ifndef DANGOL_SERVER_RPC_PURCHASE_PURCHASE_LISTS_H_
#define DANGOL_SERVER_RPC_PURCHASE_PURCHASE_LISTS_H_

#include "absl/status/status.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/rpc/handling.h"
#include "server/storage/storage.h"

namespace dangol::rpc {

// Each validates its message and fills in a page of a member's purchases or returns.
absl::Status ListPurchases(const v1::ListPurchasesRequest& message, Backend&,
                           storage::Reader& reader, v1::ListPurchasesResponse& response);
absl::Status ListReturns(const v1::ListReturnsRequest& message, Backend&, storage::Reader& reader,
                         v1::ListReturnsResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PURCHASE_PURCHASE_LISTS_H_
