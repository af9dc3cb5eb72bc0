#ifndef DANGOL_SERVER_RPC_CARE_WORK_QUEUE_H_
#define DANGOL_SERVER_RPC_CARE_WORK_QUEUE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dangol/v1/care_service.pb.h"
#include "server/domain/care/complaint.h"
#include "server/domain/member/member_id.h"
#include "server/domain/program/program_catalog.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// Tells a complaint as of now.
void TellComplaint(const domain::Complaint& complaint, const domain::MemberId& member,
                   const domain::ProgramCatalog& catalog, absl::Time now, v1::Complaint& out);

// The queue of what is to be done.
absl::Status ListWorkItems(const v1::ListWorkItemsRequest& message, Backend& backend,
                           storage::Reader& reader, v1::ListWorkItemsResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CARE_WORK_QUEUE_H_
