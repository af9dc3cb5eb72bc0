#ifndef DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_SERVICE_H_
#define DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.AdvocateService.
ServiceTable AdvocateService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_SERVICE_H_
