#ifndef DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_SERVICE_H_
#define DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "server/rpc/handling.h"

namespace dangol::rpc {

// dangol.v1.AdvocateService.
std::unique_ptr<grpc::Service> MakeAdvocateService(const Backend& backend);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_SERVICE_H_
