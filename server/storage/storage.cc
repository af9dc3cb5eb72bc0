#include "server/storage/storage.h"

namespace dangol::storage {

std::optional<RequestKey> OriginOf(const domain::MemberRef& ref) {
  if (!ref.purchase_id.empty()) return RequestKey{RequestScope::kPurchase, ref.purchase_id};
  if (!ref.reservation_id.empty()) return RequestKey{RequestScope::kRequest, ref.reservation_id};
  if (!ref.coupon_code.empty()) return RequestKey{RequestScope::kCoupon, ref.coupon_code};
  return std::nullopt;
}

const domain::MemberState* Loaded::Find(const domain::MemberRef& ref) const {
  domain::MemberId id;
  if (ref.id.has_value()) {
    id = *ref.id;
  } else if (const std::optional<RequestKey> key = OriginOf(ref); key.has_value()) {
    const auto origin = origins.find(*key);
    if (origin == origins.end()) return nullptr;
    id = origin->second;
  } else {
    const auto owner = aliases.find(ref.alias);
    if (owner == aliases.end()) return nullptr;
    id = owner->second;
  }
  const auto member = members.find(id);
  return member == members.end() ? nullptr : &member->second;
}

}  // namespace dangol::storage
