#ifndef DANGOL_SERVER_RPC_TIER_TIER_SERVICE_H_
#define DANGOL_SERVER_RPC_TIER_TIER_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.TierService.
ServiceTable TierService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TIER_TIER_SERVICE_H_
