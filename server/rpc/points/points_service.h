#ifndef DANGOL_SERVER_RPC_POINTS_POINTS_SERVICE_H_
#define DANGOL_SERVER_RPC_POINTS_POINTS_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "server/rpc/handling.h"

namespace dangol::rpc {

// dangol.v1.PointsService.
std::unique_ptr<grpc::Service> MakePointsService(const Backend& backend);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_POINTS_SERVICE_H_
