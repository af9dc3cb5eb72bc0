#ifndef DANGOL_SERVER_RPC_POINTS_POINTS_SERVICE_H_
#define DANGOL_SERVER_RPC_POINTS_POINTS_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.PointsService.
ServiceTable PointsService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_POINTS_POINTS_SERVICE_H_
