#ifndef DANGOL_SERVER_DOMAIN_STATE_H_
#define DANGOL_SERVER_DOMAIN_STATE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/domain/activity/activity.h"
#include "server/domain/care/work_item.h"
#include "server/domain/command.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/points/reservation.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/shared_counter.h"
#include "server/domain/standing/award.h"

namespace dangol::domain {

// Points of a purchase that have gone from a purse otherwise than by spending or returns: what
// the ledger of that purse says.
struct GonePoints {
  MemberId purse;
  std::string purchase_id;
  std::string wallet;
  int64_t expired = 0;
  int64_t given = 0;  // To other members.

  friend bool operator==(const GonePoints&, const GonePoints&) = default;
};

// Everything of a member that a decision may depend on.
struct MemberState {
  Member member;
  std::vector<Account> accounts;  // One for each wallet that was ever credited.
  // Lots with points remaining or owed, by expires_at and number; empty unless loaded.
  std::vector<Lot> lots;
  bool has_lots = false;
  std::vector<Alias> aliases;  // Empty unless asked for.
  // Those that are held, where the lots are loaded; and those asked for.
  std::vector<Reservation> reservations;
  // Those that are issued, where the lots are loaded; and those asked for. In any order.
  std::vector<Coupon> coupons;
  // All that lie in the purse, where the lots are loaded. In any order.
  std::vector<Award> awards;
  // Those asked for, in any order.
  std::vector<Purchase> purchases;
  std::vector<Return> returns;       // Those asked for, in any order.
  std::vector<Activity> activities;  // Those asked for, in any order.
  // Whether what is recorded from now on joins them: somebody may look for any of them.
  bool has_purchases = false;
  // Of the adjustments asked for, in this purse or where its points lay before: the lots that they
  // gave to or took from, as they are or were there, and all entries of these in any of them.
  std::vector<Lot> adjusted_lots;
  std::vector<LedgerEntry> adjusted_entries;
  std::vector<TierRecord> tier_records;  // Those that were made since it was loaded.
  std::vector<WorkItem> work_items;      // Those asked for, in any order.
  // What has gone of the points of those purchases, in their purse and in those where they
  // lay before (Member::purses).
  std::vector<GonePoints> gone;
};

// Whether a decision about this member needs the lots whatever it is about: time has
// something to do to them, or may take back a gift for a tier, new points would repay a debt, or
// what has fallen may stand again.
bool NeedsLots(const Member& member, const std::vector<Account>& accounts, absl::Time now);

using AliasOwners = absl::flat_hash_map<Alias, MemberId>;

// What a command is decided upon. A view: it owns nothing.
struct State {
  const MemberState* member = nullptr;   // Whom the command concerns, if there is such a member.
  const AliasOwners* aliases = nullptr;  // Owners of the aliases that the command names.
  const SharedCounters* counters = nullptr;  // Null: nothing has been used of any.
  const MemberState* other = nullptr;        // Whom it concerns beside them (OtherMemberOf).
  // Who of their household that is; null where it is themselves.
  const MemberState* other_person = nullptr;
  // Who acts, where `member` is the head of their household; else null. They share the
  // purse of `member` and nothing else.
  const MemberState* person = nullptr;
  // Whom a decision turned out to concern (Decision::asks_for), and those whose purses they use.
  std::vector<const MemberState*> also;
  // The command took effect and is decided again: whoever else it concerns is not known, but for
  // the other half of a merge, and has nothing against it.
  bool again = false;
};

// Who acts, whosever purse they use; null if there is no such member.
inline const MemberState* PersonOf(const State& state) {
  return state.person == nullptr ? state.member : state.person;
}

// Null where it is not known.
inline const Purchase* FindPurchase(absl::string_view id, const MemberState& member) {
  const auto found = std::find_if(member.purchases.begin(), member.purchases.end(),
                                  [&](const Purchase& known) { return known.purchase_id == id; });
  return found == member.purchases.end() ? nullptr : &*found;
}

// The coupons of a reward that were issued at this time or later and not cancelled.
struct CouponsOfReward {
  std::string reward_id;
  absl::Time since;
};

// The newest purchases that occurred from the one time to before the other.
struct PurchasesWithin {
  absl::Time from;
  absl::Time until = absl::InfiniteFuture();
  size_t limit = 0;

  friend bool operator==(const PurchasesWithin&, const PurchasesWithin&) = default;
};

// What a decision needs to know of a member beside the member and accounts.
struct MemberNeeds {
  bool aliases = false;
  bool lots = false;
  bool gone = false;  // Of every purchase.
  // These purchases, where they are the member's, each with the reservation that paid.
  std::vector<std::string> purchases;
  std::optional<PurchasesWithin> purchases_within;
  std::vector<std::string> activities;  // Where they are the member's.
  std::vector<std::string> reservations;
  std::vector<std::string> work_items;   // By their ids, of whatever kind.
  std::vector<std::string> coupons;      // By their codes, where they are the member's.
  std::vector<std::string> adjustments;  // By their requests.
  std::vector<CouponsOfReward> coupons_of_rewards;
};

// What a command may read, to be loaded before it is decided. The lots of a
// member who NeedsLots are loaded in any case.
struct Reads {
  std::optional<MemberRef> member;
  MemberNeeds needs;
  std::vector<Alias> aliases;
  std::vector<std::string> counters;  // By name.
  std::optional<MemberRef> other;
  MemberNeeds other_needs;
};

// Without what IncentiveBudgets names: hardly any decision depends on those, and one that does says
// so (UsesIncentiveBudgets).
Reads ReadsOf(const Command& command, const ProgramCatalog& catalog, absl::Time now);

// A change of an alias's owner.
struct AliasChange {
  Alias alias;
  MemberId member_id;
  bool added = true;   // False: removed.
  absl::Time at = {};  // When it was removed.

  friend bool operator==(const AliasChange&, const AliasChange&) = default;
};

// What one member hands to another: what lies in the purse, and what persons who are one did.
struct Move {
  MemberId from;
  MemberId to;
  std::vector<MemberId> purse_of;  // Whose reservations, coupons and awards.
  std::vector<MemberId> facts_of;  // Whose purchases, returns, activities and work items.

  friend bool operator==(const Move&, const Move&) = default;
};

// What a decision changes: rows that are new, and rows as they are afterwards.
struct Effects {
  std::optional<Member> member;
  std::vector<Account> accounts;
  std::vector<Lot> lots;
  std::vector<LedgerEntry> entries;
  std::vector<AliasChange> aliases;
  std::optional<Purchase> purchase;
  std::vector<Purchase> returned_purchases;  // What returns have changed in them.
  std::optional<Return> purchase_return;
  std::optional<Return> undone_return;  // One that was there.
  std::optional<Activity> activity;
  std::optional<Activity> undone_activity;  // One that was there.
  std::vector<Reservation> reservations;
  std::vector<Coupon> coupons;
  std::vector<Award> awards;
  std::vector<TierRecord> tier_records;  // All of them new.
  std::vector<WorkItem> work_items;
  std::optional<ProgramVersion> program;
  std::optional<Norms> norms;
  std::vector<CounterUse> counters;  // Those that the decision depends on.
  std::optional<Move> move;          // What the member hands to another.
  // What is known to have gone from another's purse (JoinGone). A store finds it in the
  // ledgers.
  std::vector<GonePoints> gone;
  // What changes of who acted, where that is not the member: one at most.
  std::vector<Effects> of_person;
  // Who the member was is forgotten: what the log says of it goes, too.
  bool erases = false;
  // What the ledger says must be so and is not: nothing of this may be written.
  std::string fault;
};

// Whether anything is changed at all.
inline bool IsEffective(const Effects& effects) {
  return effects.member.has_value() || effects.program.has_value() || effects.norms.has_value();
}

// The effects on whoever acted.
inline Effects& OfPerson(Effects& effects) {
  return effects.of_person.empty() ? effects : effects.of_person.front();
}

// Folds effects into the state of the member that they are about, so that the
// next command sees them.
void Apply(const Effects& effects, MemberState& state);

// Gives what is moved to the other.
void ApplyMove(const Move& move, MemberState& from, MemberState& to);

// Gives those rows of persons to another.
template <typename Row, typename Change>
void MoveRows(const std::vector<MemberId>& persons, std::vector<Row>& from, std::vector<Row>& to,
              Change change) {
  const auto moved = std::stable_partition(from.begin(), from.end(), [&](const Row& row) {
    return std::find(persons.begin(), persons.end(), row.person) == persons.end();
  });
  for (auto row = moved; row != from.end(); ++row) {
    change(*row);
    to.push_back(std::move(*row));
  }
  from.erase(moved, from.end());
}

// Adds an entry to what is known, if points go by it so.
void AddGone(const LedgerEntry& entry, std::vector<GonePoints>& gone);
// Adds what another knows; both may know of the same purse.
void JoinGone(const std::vector<GonePoints>& more, std::vector<GonePoints>& gone);

// The member's account of a wallet; an empty one where there is none.
Account AccountOf(const MemberState& state, const std::string& wallet);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STATE_H_
