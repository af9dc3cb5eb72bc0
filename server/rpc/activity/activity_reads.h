#ifndef DANGOL_SERVER_RPC_ACTIVITY_ACTIVITY_READS_H_
#define DANGOL_SERVER_RPC_ACTIVITY_ACTIVITY_READS_H_

#include "absl/status/status.h"
#include "dangol/v1/activity_service.pb.h"
#include "server/rpc/handling.h"
#include "server/storage/storage.h"

namespace dangol::rpc {

// Validates its message and fills in a page of a member's activities.
absl::Status ListActivities(const v1::ListActivitiesRequest& message, Backend&,
                            storage::Reader& reader, v1::ListActivitiesResponse& response);

// Validates its message and works out a member's profile. Reads everything of the window, in
// bounded memory; once more where something was recorded of the member meanwhile.
absl::Status GetProfile(const v1::GetProfileRequest& message, Backend& backend,
                        storage::Reader& reader, v1::GetProfileResponse& response);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACTIVITY_ACTIVITY_READS_H_
