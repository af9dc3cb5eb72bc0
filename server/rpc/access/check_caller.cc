#include "server/rpc/access/check_caller.h"

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/domain/member/member_id.h"
#include "server/rpc/access/principal.h"

namespace dangol::rpc {

std::string ProblemOf(const Caller& caller) {
  if (std::string problem = ProblemOfName(caller.principal); !problem.empty()) return problem;
  if (caller.roles.empty()) {
    return "it has no role; there are pos, app, care, marketing, admin and auditor";
  }
  if (caller.store_ids.size() > limits::kMaxStoresPerCaller) {
    return absl::StrCat("it has more than ", limits::kMaxStoresPerCaller, " stores");
  }
  if (caller.store_ids.contains("")) return "one of its stores has no name";
  if (caller.roles.contains(Role::kPos) == caller.store_ids.empty()) {
    return "a pos needs store_ids, and nobody else has them";
  }
  const bool acts_for_somebody = !caller.member_id.empty() || caller.acts_for_members;
  if (caller.roles.contains(Role::kApp) != acts_for_somebody ||
      (!caller.member_id.empty() && caller.acts_for_members)) {
    return "an app needs member_id, or acts_for_members, and nobody else has them";
  }
  if (!caller.member_id.empty() && !domain::MemberId::Parse(caller.member_id).has_value()) {
    return "its member_id is not the id of a member";
  }
  return "";
}

}  // namespace dangol::rpc
