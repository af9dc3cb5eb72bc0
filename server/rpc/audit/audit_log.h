#ifndef DANGOL_SERVER_RPC_AUDIT_AUDIT_LOG_H_
#define DANGOL_SERVER_RPC_AUDIT_AUDIT_LOG_H_

#include "absl/status/status.h"
#include "dangol/v1/audit_service.pb.h"
#include "server/rpc/handling.h"
#include "server/storage/storage.h"

// Reads of the audit log.
namespace dangol::rpc {

absl::Status ListAuditLog(const v1::ListAuditLogRequest& message, Backend& backend,
                          storage::Reader& reader, v1::ListAuditLogResponse& response);

absl::Status VerifyAuditLog(const v1::VerifyAuditLogRequest& message, Backend& backend,
                            storage::Reader& reader, v1::VerifyAuditLogResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_AUDIT_AUDIT_LOG_H_
