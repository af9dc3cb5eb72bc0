#ifndef DANGOL_SERVER_RPC_PURCHASE_PURCHASE_STREAM_H_
#define DANGOL_SERVER_RPC_PURCHASE_PURCHASE_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <string>

#include "absl/status/statusor.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// A call of StreamPurchases. Owns itself, until gRPC is done with it.
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* MakePurchaseStream(
    const Backend& backend, const Call& call);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PURCHASE_PURCHASE_STREAM_H_
