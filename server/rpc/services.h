#ifndef DANGOL_SERVER_RPC_SERVICES_H_
#define DANGOL_SERVER_RPC_SERVICES_H_

#include <vector>

#include "server/rpc/method.h"

namespace dangol::rpc {

// The services of the API, each with its methods and who may call them.
std::vector<ServiceTable> Services();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_SERVICES_H_
