#ifndef DANGOL_SERVER_RPC_CARE_CARE_REPORT_H_
#define DANGOL_SERVER_RPC_CARE_CARE_REPORT_H_

#include "absl/status/status.h"
#include "dangol/v1/care_service.pb.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// Goes through all members, and tells what they complained of, what became of that, and what they
// answered.
absl::Status GetCareReport(const v1::GetCareReportRequest& message, Backend& backend,
                           storage::Reader& reader, v1::GetCareReportResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CARE_CARE_REPORT_H_
