#ifndef DANGOL_SERVER_RPC_EVENT_CONVERT_EVENT_H_
#define DANGOL_SERVER_RPC_EVENT_CONVERT_EVENT_H_

#include "dangol/v1/event_service.pb.h"
#include "server/storage/storage.h"

namespace dangol::rpc {

// Puts a command of the log into the words of the API.
void ToProto(const storage::LoggedCommand& command, v1::Event& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_EVENT_CONVERT_EVENT_H_
