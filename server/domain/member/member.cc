#include "server/domain/member/member.h"

namespace dangol::domain {

std::optional<MemberId> OwnerAt(const Member& member, absl::Time time) {
  if (member.merged.has_value() && member.merged->since <= time) return member.merged->into;
  for (const FormerOwner& owner : member.former_owners) {
    if (owner.since <= time && time < owner.until) return owner.id;
  }
  return std::nullopt;
}

}  // namespace dangol::domain
