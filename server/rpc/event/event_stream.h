#ifndef DANGOL_SERVER_RPC_EVENT_EVENT_STREAM_H_
#define DANGOL_SERVER_RPC_EVENT_EVENT_STREAM_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// A call of WatchEvents. Owns itself, until gRPC is done with it.
WriteReactor* MakeEventStream(Backend& backend, const Call& call, const grpc::ByteBuffer& in);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_EVENT_EVENT_STREAM_H_
