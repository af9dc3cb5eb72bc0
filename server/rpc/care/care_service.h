#ifndef DANGOL_SERVER_RPC_CARE_CARE_SERVICE_H_
#define DANGOL_SERVER_RPC_CARE_CARE_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.CareService.
ServiceTable CareService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CARE_CARE_SERVICE_H_
