#ifndef DANGOL_SERVER_RPC_INSIGHT_INSIGHT_SERVICE_H_
#define DANGOL_SERVER_RPC_INSIGHT_INSIGHT_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.InsightService.
ServiceTable InsightService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_INSIGHT_INSIGHT_SERVICE_H_
