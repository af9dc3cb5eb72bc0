#ifndef DANGOL_SERVER_RPC_MEMBER_CONVERT_MERGE_H_
#define DANGOL_SERVER_RPC_MEMBER_CONVERT_MERGE_H_

#include "absl/status/statusor.h"
#include "dangol/v1/member_service.pb.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for.
absl::StatusOr<lane::Request> ToRequest(const v1::MergeMembersRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::UnmergeMemberRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::JoinHouseholdRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::LeaveHouseholdRequest& message);

void ToProto(const domain::MergeOutcome& outcome, v1::MergeMembersResponse& out);
void ToProto(const domain::UnmergeOutcome& outcome, v1::UnmergeMemberResponse& out);
void ToProto(const domain::MergeOutcome& outcome, v1::JoinHouseholdResponse& out);
void ToProto(const domain::UnmergeOutcome& outcome, v1::LeaveHouseholdResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_MEMBER_CONVERT_MERGE_H_
