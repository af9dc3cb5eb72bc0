#ifndef DANGOL_SERVER_RPC_EVENT_EVENT_SERVICE_H_
#define DANGOL_SERVER_RPC_EVENT_EVENT_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// What happened, as a stream.
ServiceTable EventService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_EVENT_EVENT_SERVICE_H_
