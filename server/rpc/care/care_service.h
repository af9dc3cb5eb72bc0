#ifndef DANGOL_SERVER_RPC_CARE_CARE_SERVICE_H_
#define DANGOL_SERVER_RPC_CARE_CARE_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "server/rpc/handling.h"

namespace dangol::rpc {

// dangol.v1.CareService.
std::unique_ptr<grpc::Service> MakeCareService(const Backend& backend);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CARE_CARE_SERVICE_H_
