#include "server/rpc/activity/activity_service.h"

#include "dangol/v1/activity_service.pb.h"
#include "server/common/limits.h"
#include "server/rpc/activity/activity_reads.h"
#include "server/rpc/activity/convert_activity.h"
#include "server/rpc/batch.h"
#include "server/rpc/method.h"

namespace dangol::rpc {

std::unique_ptr<grpc::Service> MakeActivityService(const Backend& backend) {
  return MakeService(
      backend, "dangol.v1.ActivityService",
      {Mutation<v1::RecordActivityRequest, domain::ActivityOutcome, v1::RecordActivityResponse>(
           ToRequest, ToProto, "activity."),
       BatchMutation<v1::BatchRecordActivitiesRequest, v1::BatchRecordActivitiesResponse,
                     v1::Activity>(
           {"activities", "activity", &v1::BatchRecordActivitiesRequest::activities,
            limits::kMaxActivitiesPerBatch},
           ToRequest),
       Mutation<v1::UndoActivityRequest, domain::ActivityOutcome, v1::UndoActivityResponse>(
           ToRequest, ToProto),
       ReadWith<v1::ListActivitiesRequest, v1::ListActivitiesResponse>(ListActivities),
       ReadWith<v1::GetProfileRequest, v1::GetProfileResponse>(GetProfile)});
}

}  // namespace dangol::rpc
