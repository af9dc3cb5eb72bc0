#ifndef DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_READS_H_
#define DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_READS_H_

#include "absl/status/status.h"
#include "dangol/v1/advocate_service.pb.h"
#include "server/rpc/handling.h"

// What is asked of advocates over members.
namespace dangol::rpc {

// Whom a member brought, or anybody who is one with them.
absl::Status ListReferredMembers(const v1::ListReferredMembersRequest& message, Backend& backend,
                                 storage::Reader& reader,
                                 v1::ListReferredMembersResponse& response);

// How many there are in each state, and what they bring.
absl::Status GetAdvocateReport(const v1::GetAdvocateReportRequest& message, Backend& backend,
                               storage::Reader& reader, v1::GetAdvocateReportResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ADVOCATE_ADVOCATE_READS_H_
