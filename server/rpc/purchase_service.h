#ifndef DANGOL_SERVER_RPC_PURCHASE_SERVICE_H_
#define DANGOL_SERVER_RPC_PURCHASE_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "server/rpc/handling.h"
#include "server/rpc/purchase_stream.h"

namespace dangol::rpc {

// dangol.v1.PurchaseService. Its streams are in `streams`, which outlives it.
std::unique_ptr<grpc::Service> MakePurchaseService(const Backend& backend, StreamRegistry& streams);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PURCHASE_SERVICE_H_
