#ifndef DANGOL_SERVER_RPC_ACCESS_CALLER_H_
#define DANGOL_SERVER_RPC_ACCESS_CALLER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dangol::rpc {

// What a caller is to the shop. Values as of v1::Role.
enum class Role : uint8_t {
  kPos = 1,
  kApp = 2,
  kCare = 3,
  kMarketing = 4,
  kAdmin = 5,
  kAuditor = 6
};

inline constexpr std::array<Role, 6> kRoles = {Role::kPos,       Role::kApp,   Role::kCare,
                                               Role::kMarketing, Role::kAdmin, Role::kAuditor};

// Such as "pos".
absl::string_view NameOf(Role role);
std::optional<Role> RoleNamed(absl::string_view name);

// A token bucket. Without calls per second there is none.
struct Rate {
  double calls_per_second = 0;
  double burst = 0;

  friend bool operator==(const Rate&, const Rate&) = default;
};

// Who calls, and all that what they may do depends on.
struct Caller {
  std::string principal;  // Stands in the books.
  std::set<Role> roles;
  std::set<std::string> store_ids;  // Of a pos.
  std::string member_id;            // The only member for whom an app acts.
  bool acts_for_members = false;    // An app acts for whomever its requests name.
  // How many points one call may give or take at most, where their role has a limit.
  int64_t adjust_points = 0;
  int64_t goodwill_points = 0;
  Rate rate;
  absl::Time expires_at = absl::InfiniteFuture();  // Of their token.
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_ACCESS_CALLER_H_
