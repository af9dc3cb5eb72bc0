#ifndef DANGOL_SERVER_RPC_ACTIVITY_ACTIVITY_SERVICE_H_
#define DANGOL_SERVER_RPC_ACTIVITY_ACTIVITY_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.ActivityService.
ServiceTable ActivityService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACTIVITY_ACTIVITY_SERVICE_H_
