#ifndef DANGOL_SERVER_DOMAIN_MEMBER_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member_id.h"

namespace dangol::domain {

enum class MemberStatus : int8_t { kActive = 1, kSuspended = 2, kClosed = 3, kErased = 4 };

// An external name of a member; belongs to at most one.
struct Alias {
  std::string kind;
  std::string value;

  friend auto operator<=>(const Alias&, const Alias&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const Alias& alias) {
    return H::combine(std::move(state), alias.kind, alias.value);
  }
};

// Names a member: by id, as the one whose purchase, reservation or coupon this is, or else
// by alias.
struct MemberRef {
  std::optional<MemberId> id;
  Alias alias;
  std::string purchase_id = "";
  std::string reservation_id = "";
  std::string coupon_code = "";
};

// Facts about a member that conditions may ask for, ordered by key.
using Attributes = std::vector<std::pair<std::string, std::string>>;

// A participant of the program.
struct Member {
  MemberId id;
  MemberStatus status = MemberStatus::kActive;
  absl::Time enrolled_at;
  Attributes attributes;
  int64_t purchase_count = 0;
  std::optional<absl::Time> first_purchase_at;
  std::optional<absl::Time> last_purchase_at;
  // When they last did something themselves (domain::Draft::NoteActivity).
  std::optional<absl::Time> last_activity_at;
  // The number of the last ledger entry.
  int64_t entry_count = 0;
  // What time alone causes is in the ledger up to this moment.
  absl::Time advanced_until;
  // When time causes something next: not later than the first event of any of
  // the member's lots.
  absl::Time next_due_at = absl::InfiniteFuture();
  // The version of the stored row that this was made from; 0 for a new member.
  // A write succeeds only where the row still has it.
  int64_t version = 0;

  friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_H_
