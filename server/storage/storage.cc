#include "server/storage/storage.h"

namespace dangol::storage {

const domain::MemberState* Loaded::Find(const domain::MemberRef& ref) const {
  domain::MemberId id;
  if (ref.id.has_value()) {
    id = *ref.id;
  } else {
    const auto owner = aliases.find(ref.alias);
    if (owner == aliases.end()) return nullptr;
    id = owner->second;
  }
  const auto member = members.find(id);
  return member == members.end() ? nullptr : &member->second;
}

}  // namespace dangol::storage
