#ifndef DANGOL_SERVER_RPC_RFM_RFM_SERVICE_H_
#define DANGOL_SERVER_RPC_RFM_RFM_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.RfmService.
ServiceTable RfmService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_RFM_RFM_SERVICE_H_
