#ifndef DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SERVICE_H_
#define DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.ProgramService.
ServiceTable ProgramService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PROGRAM_PROGRAM_SERVICE_H_
