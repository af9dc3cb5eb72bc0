#ifndef DANGOL_SERVER_RPC_REWARD_REWARD_SERVICE_H_
#define DANGOL_SERVER_RPC_REWARD_REWARD_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.RewardService.
ServiceTable RewardService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_REWARD_REWARD_SERVICE_H_
