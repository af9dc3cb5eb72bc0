#ifndef DANGOL_SERVER_RPC_AUDIT_AUDIT_SERVICE_H_
#define DANGOL_SERVER_RPC_AUDIT_AUDIT_SERVICE_H_

#include "server/rpc/method.h"

namespace dangol::rpc {

// dangol.v1.AuditService.
ServiceTable AuditService();

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_AUDIT_AUDIT_SERVICE_H_
