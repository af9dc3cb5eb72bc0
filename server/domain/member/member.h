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
#include "server/domain/advocate/advocacy.h"
#include "server/domain/member/member_id.h"
#include "server/domain/points/ledger.h"
#include "server/domain/standing/history.h"

namespace dangol::domain {

enum class MemberStatus : int8_t {
  kActive = 1,
  kSuspended = 2,
  kClosed = 3,
  kErased = 4,
  kMerged = 5,  // Joined to another, who has everything now (MergeMembers).
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

  static void Fields(auto& row, auto& v) {
    v(1, row.kind);
    v(2, row.value);
  }
};

// Whom a reference means, where the one whom it names has handed everything to another.
enum class Resolve : int8_t {
  kToOwner,   // Who has the points: the survivor of a merge, the head of a household.
  kToPerson,  // The survivor of a merge; of a household the one who is named.
  kToItself,  // Who is named, whatever became of them.
};

// Names a member: by id, as the one whose purchase, reservation, coupon, return, activity or
// complaint this is, or else by alias.
struct MemberRef {
  std::optional<MemberId> id;
  Alias alias;
  std::string purchase_id = "";
  std::string reservation_id = "";
  std::string coupon_code = "";
  std::string return_id = "";
  std::string activity_id = "";
  std::string complaint_id = "";
  // Whose the alias was then, where that is not now: it may have gone to another since. It is
  // not part of what the caller says, but follows from it (MemberOf).
  std::optional<absl::Time> as_of = std::nullopt;
  Resolve resolve = Resolve::kToOwner;

  static void Fields(auto& row, auto& v) {
    v(1, row.id);
    v(2, row.alias);
    v(3, row.purchase_id);
    v(4, row.reservation_id);
    v(5, row.coupon_code);
    v(6, row.resolve);
    v(7, row.return_id);
    v(8, row.activity_id);
    v(9, row.complaint_id);
  }
};

// Facts about a member that conditions may ask for, ordered by key.
using Attributes = std::vector<std::pair<std::string, std::string>>;

// Whose purse a member uses, where that is another's: of who was merged it is the survivor's,
// of who belongs to a household its head's.
struct Joined {
  MemberId into;  // The survivor, or the head of the household.
  bool household = false;
  absl::Time since = absl::InfinitePast();
  std::vector<Alias> aliases;  // Those that went to the survivor of a merge.

  friend bool operator==(const Joined&, const Joined&) = default;
};

// Somebody else whose points lie in a member's purse.
struct Sharer {
  MemberId id;
  // With whom they came: the member, or another sharer whose purse was shared before.
  MemberId via;
  bool household = false;  // They belong to the household of `via`; else they were merged into it.
  std::optional<absl::Time> last_activity_at;  // Their own.

  friend bool operator==(const Sharer&, const Sharer&) = default;
};

// Who had what a member has, for a while that is over.
struct FormerOwner {
  MemberId id;
  absl::Time since;
  absl::Time until;

  friend bool operator==(const FormerOwner&, const FormerOwner&) = default;
};

// A participant of the program.
struct Member {
  MemberId id;
  MemberStatus status = MemberStatus::kActive;
  absl::Time enrolled_at;
  Attributes attributes;
  // What they did, and those who were merged into them.
  std::vector<History> histories;
  // What their tiers were over time, by ladder; it follows from the histories (JudgeTiers).
  std::vector<LadderStanding> ladders;
  // How they stand as a VVIP and as an advocate; it follows from the histories (JudgeAdvocacy).
  Advocacy advocacy;
  // The number of the last TierRecord.
  int64_t tier_record_count = 0;
  // The latest rules that were known when they were last advanced (ProgramCatalog::rules).
  int64_t known_rules = 0;
  // The number of the last Award that was given to them as a person.
  int64_t award_count = 0;
  // How many awards that have fallen lie in their purse: they may stand again.
  int64_t fallen_awards = 0;
  // The last day whose dates were granted to them (DatesDue).
  DayNumber granted_until = 0;
  // When somebody whose points lie in their purse last did something by themselves
  // (Draft::NoteActivity).
  std::optional<absl::Time> last_activity_at;
  // The number of the last ledger entry.
  int64_t entry_count = 0;
  // What time alone causes is in the ledger up to this moment.
  absl::Time advanced_until;
  // When time causes something next: not later than the first event of any of
  // the member's lots, and the next of their tiers.
  absl::Time next_due_at = absl::InfiniteFuture();
  // The same of what lies in their purse alone: lots, holds and coupons. Empty: it never does.
  // So what only concerns their tiers happens without lots.
  std::optional<absl::Time> points_due_at;
  std::optional<Joined> joined;
  // Whose points lie in their purse beside their own, by id; empty while they use another's.
  std::vector<Sharer> sharers;
  // Where there are sharers: when the member themselves last did something.
  std::optional<absl::Time> own_activity_at;
  std::vector<FormerOwner> former_owners;  // The first first.
  // Others' purses in which points that lie in this one, or left it at last, ever lay, each once.
  std::vector<MemberId> purses;
  // The version of the stored row that this was made from; 0 for a new member.
  // A write succeeds only where the row still has it.
  int64_t version = 0;

  friend bool operator==(const Member&, const Member&) = default;

  // What is kept as a record: it grows with the member, and nobody asks for it over members.
  static void Fields(auto& row, auto& v) {
    v(1, row.histories);
    v(2, row.ladders);
    v(3, row.tier_record_count);
    v(4, row.known_rules);
    v(5, row.award_count);
    v(6, row.fallen_awards);
    v(7, row.granted_until);
    v(8, row.points_due_at);
    v(9, row.advocacy);
  }
};

// What a person did who is, or was merged into, the member; an empty history where they did
// nothing.
History& HistoryOf(const MemberId& person, Member& member);

// Who had at a moment what the member has or had, if that was somebody else.
std::optional<MemberId> OwnerAt(const Member& member, absl::Time time);

// Whether points that this person earned belong into the purse: the member and the sharers.
bool Shares(const Member& purse, const MemberId& person);

// Those who came into the purse with a person, who is the first of them. `merged`: only those
// who are one with that person.
std::vector<Sharer> SharersUnder(const Member& purse, const MemberId& person, bool merged = false);

// Somebody who uses the purse did something by themselves; their last activity only ever
// moves forward.
void NoteActivity(const MemberId& person, absl::Time at, Member& purse);

// A purse with all that lies in it joins another: its owner and sharers share that one.
void JoinPurse(Member& purse, Member& into, bool household);

// Undoes it for a person, with everybody who came with them.
void PartPurse(Member& purse, Member& person);

// Whether a reference with this meaning, to this member, means another.
inline bool ResolvesFurther(Resolve resolve, const Member& member) {
  if (!member.joined.has_value() || resolve == Resolve::kToItself) return false;
  return resolve == Resolve::kToOwner || !member.joined->household;
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_MEMBER_H_
