#include "server/rpc/activity/activity_service.h"

#include "dangol/v1/activity_service.pb.h"
#include "server/common/limits.h"
#include "server/rpc/activity/activity_reads.h"
#include "server/rpc/activity/convert_activity.h"
#include "server/rpc/batch.h"
#include "server/rpc/method.h"

namespace dangol::rpc {

ServiceTable ActivityService() {
  using enum When;
  return {"dangol.v1.ActivityService",
          {Mutation<v1::RecordActivityRequest, domain::ActivityOutcome, v1::RecordActivityResponse>(
               ToRequest, ToProto, "activity.")
               .For({.pos = kAlways, .app = kForMembers}),
           BatchMutation<v1::BatchRecordActivitiesRequest, v1::BatchRecordActivitiesResponse,
                         v1::Activity>(
               {"activities", "activity", &v1::BatchRecordActivitiesRequest::activities,
                limits::kMaxActivitiesPerBatch},
               ToRequest)
               .For({.pos = kAlways, .app = kForMembers}),
           Mutation<v1::UndoActivityRequest, domain::ActivityOutcome, v1::UndoActivityResponse>(
               ToRequest, ToProto)
               .For({.app = kForMembers, .care = kAlways}),
           ReadWith<v1::ListActivitiesRequest, v1::ListActivitiesResponse>(ListActivities)
               .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways}),
           ReadWith<v1::GetProfileRequest, v1::GetProfileResponse>(GetProfile)
               .For({.app = kOwnMember, .care = kAlways, .auditor = kAlways})}};
}

}  // namespace dangol::rpc
