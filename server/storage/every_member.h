#ifndef DANGOL_SERVER_STORAGE_EVERY_MEMBER_H_
#define DANGOL_SERVER_STORAGE_EVERY_MEMBER_H_

#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/storage/storage.h"

namespace dangol::storage {

// Reads all members whom a filter selects, without aliases and accounts, page by page in the order
// of their ids, and calls visit(member) for each. Ends where a page or a visit fails.
inline absl::Status ForEachMember(MemberFilter filter, Reader& reader,
                                  absl::FunctionRef<absl::Status(const domain::Member&)> visit) {
  filter.bare = true;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<domain::MemberState> page,
                     reader.ListMembers(filter, limits::kMaxPageSize));
    for (const domain::MemberState& state : page) RETURN_IF_ERROR(visit(state.member));
    if (page.size() < static_cast<size_t>(limits::kMaxPageSize)) return absl::OkStatus();
    filter.after = page.back().member.id;
  }
}

}  // namespace dangol::storage

#endif  // DANGOL_SERVER_STORAGE_EVERY_MEMBER_H_
