#ifndef DANGOL_SERVER_RPC_CLOCK_CLOCK_SERVICE_H_
#define DANGOL_SERVER_RPC_CLOCK_CLOCK_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.ClockService.
ServiceTable ClockService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CLOCK_CLOCK_SERVICE_H_
