#include "server/rpc/access/caller.h"

namespace dangol::rpc {

absl::string_view NameOf(Role role) {
  switch (role) {
    case Role::kPos:
      return "pos";
    case Role::kApp:
      return "app";
    case Role::kCare:
      return "care";
    case Role::kMarketing:
      return "marketing";
    case Role::kAdmin:
      return "admin";
    case Role::kAuditor:
      return "auditor";
  }
  return "";
}

std::optional<Role> RoleNamed(absl::string_view name) {
  for (const Role role : kRoles) {
    if (NameOf(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace dangol::rpc
