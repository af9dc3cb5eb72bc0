#ifndef DANGOL_SERVER_RPC_ACCESS_CHECK_CALLER_H_
#define DANGOL_SERVER_RPC_ACCESS_CHECK_CALLER_H_

#include <string>

#include "server/rpc/access/caller.h"

namespace dangol::rpc {

// Why nobody can be a caller like this, whoever says so; empty where somebody can.
std::string ProblemOf(const Caller& caller);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_CHECK_CALLER_H_
