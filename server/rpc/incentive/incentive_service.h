#ifndef DANGOL_SERVER_RPC_INCENTIVE_INCENTIVE_SERVICE_H_
#define DANGOL_SERVER_RPC_INCENTIVE_INCENTIVE_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "server/rpc/handling.h"

namespace dangol::rpc {

// dangol.v1.IncentiveService.
std::unique_ptr<grpc::Service> MakeIncentiveService(const Backend& backend);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_INCENTIVE_INCENTIVE_SERVICE_H_
