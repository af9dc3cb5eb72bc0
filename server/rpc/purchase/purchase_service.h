#ifndef DANGOL_SERVER_RPC_PURCHASE_PURCHASE_SERVICE_H_
#define DANGOL_SERVER_RPC_PURCHASE_PURCHASE_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.PurchaseService.
ServiceTable PurchaseService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PURCHASE_PURCHASE_SERVICE_H_
