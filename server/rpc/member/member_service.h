#ifndef DANGOL_SERVER_RPC_MEMBER_MEMBER_SERVICE_H_
#define DANGOL_SERVER_RPC_MEMBER_MEMBER_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.MemberService.
ServiceTable MemberService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_MEMBER_MEMBER_SERVICE_H_
