#ifndef DANGOL_SERVER_RPC_CARE_CONVERT_COMPLAINT_H_
#define DANGOL_SERVER_RPC_CARE_CONVERT_COMPLAINT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dangol/v1/care_service.pb.h"
#include "server/domain/care/complaint.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

// Between complaints as the API says them and the domain's.
namespace dangol::rpc {

absl::StatusOr<lane::Request> ToRequest(const v1::FileComplaintRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AcknowledgeComplaintRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::AssignComplaintRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::GrantGoodwillRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::ResolveComplaintRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::RecordVerdictRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::ReopenComplaintRequest& message);

// A complaint of a member as of a moment.
void ToProto(const domain::Complaint& complaint, const domain::MemberId& member,
             const std::string& escalated_to, absl::Time now, v1::Complaint& out);

void ToProto(const domain::ComplaintOutcome& outcome, v1::GrantGoodwillResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CARE_CONVERT_COMPLAINT_H_
