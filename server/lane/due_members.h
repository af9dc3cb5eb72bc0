#ifndef DANGOL_SERVER_LANE_DUE_MEMBERS_H_
#define DANGOL_SERVER_LANE_DUE_MEMBERS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "server/lane/lanes.h"
#include "server/lane/read_pool.h"

// Lets time have its effect on members to whom something is due.
namespace dangol::lane {

// At most `limit` of them, longest due first.
absl::StatusOr<std::vector<domain::MemberId>> FindDueMembers(ReadPool& reads, absl::Time now,
                                                             int limit);

// Submits an AdvanceMember for each, and waits until all of that is committed. An error where
// one of them failed. Several servers may do so at once: whoever comes second finds nothing due.
absl::Status AdvanceMembers(const std::vector<domain::MemberId>& members, absl::Time now,
                            Lanes& lanes);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_DUE_MEMBERS_H_
