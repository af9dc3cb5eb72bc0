#ifndef DANGOL_SERVER_RPC_ACTIVITY_CONVERT_PROFILE_H_
#define DANGOL_SERVER_RPC_ACTIVITY_CONVERT_PROFILE_H_

#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "dangol/v1/activity_service.pb.h"
#include "server/domain/member/member.h"
#include "server/domain/standing/profile.h"

namespace dangol::rpc {

// Whose profile is asked for, and of which days.
struct ProfileQuery {
  domain::MemberRef member;
  std::optional<absl::CivilDay> first_day;
  std::optional<absl::CivilDay> last_day;
  size_t favourites = 0;
};

absl::StatusOr<ProfileQuery> ToQuery(const v1::GetProfileRequest& message);

// The window, where today is this day.
domain::Days WindowOf(const ProfileQuery& query, domain::DayNumber today);

void ToProto(const domain::Profile& profile, v1::GetProfileResponse& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACTIVITY_CONVERT_PROFILE_H_
