#ifndef DANGOL_SERVER_RPC_ACTIVITY_CONVERT_ACTIVITY_H_
#define DANGOL_SERVER_RPC_ACTIVITY_CONVERT_ACTIVITY_H_

#include "absl/status/statusor.h"
#include "dangol/v1/activity_service.pb.h"
#include "server/domain/activity/activity.h"
#include "server/domain/decide.h"
#include "server/lane/request.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {

// Validates an activity, which is at `path` of its message, and makes the lane's request of it.
absl::StatusOr<lane::Request> ToRequest(const v1::Activity& activity, const Path& path);

// For one whose activity is field "activity".
absl::StatusOr<lane::Request> ToRequest(const v1::RecordActivityRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::UndoActivityRequest& message);

void ToProto(const domain::Activity& activity, v1::RecordedActivity& out);
void ToProto(const domain::ActivityCount& count, v1::ActivityCount& out);
void ToProto(const domain::ActivityOutcome& outcome, v1::RecordActivityResponse& out);
void ToProto(const domain::ActivityOutcome& outcome, v1::UndoActivityResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACTIVITY_CONVERT_ACTIVITY_H_
