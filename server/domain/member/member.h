#ifndef DANGOL_SERVER_DOMAIN_MEMBER_MEMBER_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_MEMBER_H_

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "server/domain/points/ledger.h"

namespace dangol::domain {

enum class MemberStatus : int8_t {
  kActive = 1,
  kSuspended = 2,
  kClosed = 3,
  kErased = 4,
  kMerged = 5,  // Joined to another, who has everything now (Merged).
};

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

// Whom a reference means, where the one whom it names has handed everything to another.
enum class Meaning : int8_t {
  kOwner,   // Who has the points: the survivor of a merge, the head of a household.
  kPerson,  // The survivor of a merge; of a household the one who is named.
  kItself,  // Who is named, whatever became of them.
};

// Names a member: by id, as the one whose purchase, reservation or coupon this is, or else
// by alias.
struct MemberRef {
  std::optional<MemberId> id;
  Alias alias;
  std::string purchase_id = "";
  std::string reservation_id = "";
  std::string coupon_code = "";
  Meaning meaning = Meaning::kOwner;
};

// Facts about a member that conditions may ask for, ordered by key.
using Attributes = std::vector<std::pair<std::string, std::string>>;

// What is kept with a member who handed everything to another: who was merged, or belongs
// to a household.
struct Merged {
  MemberId into;  // The survivor, or the head of the household.
  bool household = false;
  // What came with them has origins from this one on in the survivor (origin.h).
  int origin = 0;
  int last_origin = 0;                      // Up to this one.
  absl::Time since = absl::InfinitePast();  // When they handed it over, if that is known.
  std::vector<Alias> aliases;               // Those that went to the survivor of a merge.

  friend bool operator==(const Merged&, const Merged&) = default;
};

// Who had what a member has, for a while that is over.
struct FormerOwner {
  MemberId id;
  absl::Time since;
  absl::Time until;

  friend bool operator==(const FormerOwner&, const FormerOwner&) = default;
};

// When one of those who are one was last active; who it was is not told of what they do
// together, so that counts for all.
struct Activity {
  int origin = 0;
  std::optional<absl::Time> at;

  friend bool operator==(const Activity&, const Activity&) = default;
};

// What is known of whose a member's things are (origin.h).
struct Origins {
  int last = 0;  // The last that was ever given to anybody. None is given twice.
  // The last of lots that own holds and coupons have taken, which stay when others part.
  int kept = 0;
  // By how much the number of a new lot is ahead of that of the entry which opens it: all
  // lots of whoever handed something to this member have lower ones.
  int64_t lots_ahead = 0;
  // Of everybody who is one with this member, and with 0 their own; empty without any.
  std::vector<Activity> activities;
  // What is undone when they part, the oldest first.
  std::vector<Repayment> repayments;

  friend bool operator==(const Origins&, const Origins&) = default;
};

// The last origin that anything of the member has.
inline int LastUsed(const Origins& origins) {
  int last = origins.kept;
  for (const Activity& activity : origins.activities) last = std::max(last, activity.origin);
  return last;
}

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
  std::optional<Merged> merged;
  Origins origins;
  std::vector<FormerOwner> former_owners;  // The first first.
  // The version of the stored row that this was made from; 0 for a new member.
  // A write succeeds only where the row still has it.
  int64_t version = 0;

  friend bool operator==(const Member&, const Member&) = default;
};

// Who had at a moment what the member has or had, if that was somebody else.
std::optional<MemberId> OwnerAt(const Member& member, absl::Time time);

// Whether a reference with this meaning, to this member, means another.
inline bool LeadsOn(Meaning meaning, const Member& member) {
  if (!member.merged.has_value() || meaning == Meaning::kItself) return false;
  return meaning == Meaning::kOwner || !member.merged->household;
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_MEMBER_H_
