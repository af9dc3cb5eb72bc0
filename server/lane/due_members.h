#ifndef DANGOL_SERVER_LANE_DUE_MEMBERS_H_
#define DANGOL_SERVER_LANE_DUE_MEMBERS_H_

#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/lane/lanes.h"
#include "server/lane/read_pool.h"
#include "server/lane/request.h"

namespace dangol::lane {

// Lets time have its effect on the members to whom something is due at `now`, longest due first:
// submits an AdvanceMember for each, and waits until all of that is committed. While a page of
// them is, the next one is read, so that the lanes find what they need and go on writing.
// Returns how many there were, which is about `limit` at most.
//
// CANCELLED where `is_cut_off`, which is asked before each page; else an error where one of the
// members failed, after all others were advanced. Several servers may do so at once: whoever comes
// second finds nothing due.
absl::StatusOr<size_t> AdvanceDueMembers(ReadPool& reads, Lanes& lanes, absl::Time now,
                                         size_t limit, absl::FunctionRef<bool()> is_cut_off);

// Submits so many requests, a page of them at a time, and waits until all are committed. An error
// where one of them failed, after all others.
absl::Status SubmitForAll(size_t count, absl::FunctionRef<Request(size_t)> make, Lanes& lanes);

// The same as AdvanceDueMembers for these members, whether anything is due to them or not.
absl::Status AdvanceMembers(const std::vector<domain::MemberId>& members, absl::Time now,
                            Lanes& lanes);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_DUE_MEMBERS_H_
