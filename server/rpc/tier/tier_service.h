#ifndef DANGOL_SERVER_RPC_TIER_TIER_SERVICE_H_
#define DANGOL_SERVER_RPC_TIER_TIER_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "server/rpc/handling.h"

namespace dangol::rpc {

// dangol.v1.TierService.
std::unique_ptr<grpc::Service> MakeTierService(const Backend& backend);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TIER_TIER_SERVICE_H_
