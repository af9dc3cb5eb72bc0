#ifndef DANGOL_SERVER_RPC_INCENTIVE_INCENTIVE_SERVICE_H_
#define DANGOL_SERVER_RPC_INCENTIVE_INCENTIVE_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.IncentiveService.
ServiceTable IncentiveService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_INCENTIVE_INCENTIVE_SERVICE_H_
