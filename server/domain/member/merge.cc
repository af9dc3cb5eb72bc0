#include "server/domain/member/merge.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/points/draft.h"

namespace dangol::domain {
namespace {

// Both are brought to the same moment: what matures or expires on the way does so once.
absl::Time CommonNow(const State& state, absl::Time now) {
  return std::max({now, state.member->member.advanced_until, state.other->member.advanced_until});
}

absl::Status CheckMerge(const MergeMembers& command, const State& state) {
  if (state.member == nullptr) return MemberNotFound(command.member);
  if (state.other == nullptr) return SurvivorNotFound(command.into, command.household);
  if (state.other == state.member) return MergeWithThemselves(command.household);
  const Member& merged = state.member->member;
  const Member& survivor = state.other->member;
  const char* const into = command.household ? "household" : "into";
  if (merged.status != MemberStatus::kActive) return MergeOfNotActive("member", merged);
  if (merged.merged.has_value()) return MemberInHousehold("member", merged);
  if (survivor.status != MemberStatus::kActive) return MergeOfNotActive(into, survivor);
  if (survivor.merged.has_value()) return MemberInHousehold(into, survivor);
  if (!command.household &&
      state.member->aliases.size() + state.other->aliases.size() > limits::kMaxAliasesPerMember) {
    return TooManyAliases();
  }
  if (survivor.origins.last + LastUsed(merged.origins) >= limits::kMaxOrigins) {
    return MergedTooOften();
  }
  if (merged.purchase_count + survivor.purchase_count > limits::kMaxPurchasesPerMerge) {
    return MergeOfTooMuch("purchases", limits::kMaxPurchasesPerMerge);
  }
  const size_t lots = state.member->lots.size() + state.other->lots.size();
  if (lots > limits::kMaxLotsPerMerge) return MergeOfTooMuch("lots", limits::kMaxLotsPerMerge);
  return absl::OkStatus();
}

std::optional<absl::Time> Earlier(std::optional<absl::Time> a, std::optional<absl::Time> b) {
  return a.has_value() && b.has_value() ? std::min(*a, *b) : (a.has_value() ? a : b);
}

// What has expired of a purchase is known where the purchase is: it is taken from what the
// one knows, and added to what the other does.
void MoveExpired(std::vector<ExpiredPoints> expired, Decision& decision) {
  std::erase_if(expired, [](const ExpiredPoints& known) {
    return known.points == 0 || known.purchase_id.empty();
  });
  decision.consequence->effects.expired = expired;
  for (ExpiredPoints& known : expired) known.points = -known.points;
  decision.effects.expired = std::move(expired);
}

// The giver's half comes first: they lose an alias before the taker gets it.
void MoveAliases(const std::vector<Alias>& aliases, const Move& move, Decision& decision) {
  for (const Alias& alias : aliases) {
    decision.effects.aliases.push_back({alias, move.from, false});
    decision.consequence->effects.aliases.push_back({alias, move.to, true});
  }
}

std::vector<Alias> StillOwned(const std::vector<Alias>& aliases, const MemberState& owner) {
  std::vector<Alias> owned;
  for (const Alias& alias : aliases) {
    const bool is_owned =
        std::find(owner.aliases.begin(), owner.aliases.end(), alias) != owner.aliases.end();
    if (is_owned) owned.push_back(alias);
  }
  return owned;
}

std::vector<Alias> AliasesAfter(const MemberState& state, const Effects& effects) {
  MemberState after;
  after.aliases = state.aliases;
  Effects changes;
  changes.aliases = effects.aliases;
  Apply(changes, after);
  return std::move(after.aliases);
}

// What counts toward tiers of what purchases earned, returns taken off.
std::vector<Account> QualifyingOf(const std::vector<Purchase>& purchases) {
  std::vector<Account> sums;
  for (const Purchase& purchase : purchases) {
    for (const PurchaseLine& line : purchase.lines) {
      for (const LinePoints& earned : line.earned) {
        auto sum = std::find_if(sums.begin(), sums.end(), [&](const Account& account) {
          return account.wallet == earned.wallet;
        });
        if (sum == sums.end()) sum = sums.insert(sum, Account{earned.wallet});
        sum->qualifying += earned.qualifying - earned.qualifying_reversed;
      }
    }
  }
  return sums;
}

// The purchases of the survivor, by whose they are.
struct Parted {
  std::vector<Purchase> moved;
  absl::flat_hash_set<std::string> ids;  // Of those that are moved.
  std::optional<absl::Time> first_moved;
  std::optional<absl::Time> last_moved;
  std::optional<absl::Time> first_left;
  std::optional<absl::Time> last_left;
};

Parted Part(const std::vector<Purchase>& purchases, const Move& move) {
  Parted parted;
  for (const Purchase& purchase : purchases) {
    const bool is_moved = move.Has(purchase.origin);
    const absl::Time at = purchase.occurred_at;
    auto& first = is_moved ? parted.first_moved : parted.first_left;
    auto& last = is_moved ? parted.last_moved : parted.last_left;
    first = std::min(first.value_or(at), at);
    last = std::max(last.value_or(at), at);
    if (!is_moved) continue;
    parted.ids.insert(purchase.purchase_id);
    parted.moved.push_back(purchase);
  }
  return parted;
}

std::optional<absl::Time> LastOf(const std::vector<Activity>& activities) {
  std::optional<absl::Time> last;
  for (const Activity& activity : activities) last = std::max(last, activity.at);
  return last;
}

// With their own, where nobody else is one with them.
std::vector<Activity> ActivitiesOf(const Member& member) {
  if (!member.origins.activities.empty()) return member.origins.activities;
  return {{0, member.last_activity_at}};
}

void Join(const Move& move, Member& merged, Member& survivor) {
  survivor.purchase_count += merged.purchase_count;
  survivor.first_purchase_at = Earlier(survivor.first_purchase_at, merged.first_purchase_at);
  survivor.last_purchase_at = std::max(survivor.last_purchase_at, merged.last_purchase_at);
  survivor.origins.last = move.last + move.shift;
  std::vector<Activity> activities = ActivitiesOf(survivor);
  std::vector<Activity> theirs = ActivitiesOf(merged);
  MoveRows(move, theirs, activities, [](const Activity&) {});
  survivor.last_activity_at = LastOf(activities);
  survivor.origins.activities = std::move(activities);
  merged.origins.activities.clear();
}

void Separate(const Parted& parted, const Move& move, Member& merged, Member& survivor) {
  merged.purchase_count = static_cast<int64_t>(parted.moved.size());
  survivor.purchase_count -= merged.purchase_count;
  merged.first_purchase_at = parted.first_moved;
  merged.last_purchase_at = parted.last_moved;
  survivor.first_purchase_at = parted.first_left;
  survivor.last_purchase_at = parted.last_left;
  // Who was merged before that was kept: of both the same is known.
  if (survivor.origins.activities.empty()) {
    merged.last_activity_at = survivor.last_activity_at;
    return;
  }
  std::vector<Activity> theirs;
  MoveRows(move, survivor.origins.activities, theirs, [](const Activity&) {});
  merged.last_activity_at = LastOf(theirs);
  survivor.last_activity_at = LastOf(survivor.origins.activities);
  merged.origins.activities = std::move(theirs);
  for (Member* member : {&merged, &survivor}) {
    if (member->origins.activities.size() == 1) member->origins.activities.clear();
  }
}

// What counts toward tiers of what is theirs, and no more.
void SeparateQualifying(const Parted& parted, const MemberState& merged, Draft& giver,
                        Draft& taker) {
  for (const Account& sum : QualifyingOf(parted.moved)) {
    giver.AddQualifying(sum.wallet, -sum.qualifying);
    taker.AddQualifying(sum.wallet, sum.qualifying);
  }
  // What they had before, with everybody who was one with them then.
  for (const Account& account : merged.accounts) {
    if (account.qualifying != 0) taker.AddQualifying(account.wallet, -account.qualifying);
  }
}

absl::Status CheckUnmerge(const UnmergeMember& command, const State& state) {
  if (state.member == nullptr || state.other == nullptr) {
    return command.household ? MemberNotFound(command.member)
                             : MergedMemberNotFound(command.member);
  }
  const Member& survivor = state.member->member;
  const Member& merged = state.other->member;
  const bool is_so = merged.merged.has_value() && merged.merged->household == command.household;
  if (!is_so) return command.household ? NotInHousehold(merged.id) : NotMerged(merged.id);
  // The head of a household may have been merged: that leaves everybody free to go.
  if (!command.household && survivor.id != merged.merged->into) {
    return MergedOnward(merged.merged->into, survivor.id);
  }
  // Who has ended their membership, and all that they had, keeps nobody.
  if (survivor.status == MemberStatus::kSuspended) {
    return command.household ? HouseholdSuspended() : MergeOfNotActive("", survivor);
  }
  if (survivor.purchase_count > limits::kMaxPurchasesPerUnmerge) {
    return MergeOfTooMuch("purchases", limits::kMaxPurchasesPerUnmerge);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Decision> DecideMerge(const MergeMembers& command, absl::string_view principal,
                                     const State& state, const ProgramCatalog& catalog,
                                     absl::Time now) {
  RETURN_IF_ERROR(CheckMerge(command, state));
  const absl::Time at = CommonNow(state, now);
  Draft giver(*state.member, catalog, at);
  Draft taker(*state.other, catalog, at);
  giver.Advance();
  taker.Advance();
  const MemberId from = giver.member().id;
  const MemberId to = taker.member().id;
  const Move move{from, to, 0, LastUsed(giver.member().origins), taker.member().origins.last + 1};
  const Draft::Cause cause{std::string(principal), command.merge_id, ""};
  Join(move, giver.member(), taker.member());
  RETURN_IF_ERROR(taker.TakeOver(giver.HandOver(move, cause), cause));
  for (const Account& account : state.member->accounts) {
    if (account.qualifying != 0) taker.AddQualifying(account.wallet, account.qualifying);
  }
  std::vector<ExpiredPoints> expired = giver.Expired();
  Merged merged{to, command.household, move.shift, move.shift + move.last, at, {}};
  if (!command.household) {
    giver.member().status = MemberStatus::kMerged;
    merged.aliases = state.member->aliases;
  }
  const std::vector<Alias> aliases = merged.aliases;
  giver.member().merged = std::move(merged);

  MergeOutcome outcome;
  outcome.survivor = taker.member();
  outcome.merged = giver.member();
  outcome.balances = taker.Accounts();
  Decision decision;
  decision.effects = giver.Finish();
  decision.effects.move = move;
  AbsorbMember absorb;
  absorb.member.id = to;
  absorb.merged = from;
  absorb.merge_id = command.merge_id;
  decision.consequence = Consequence{std::move(absorb), taker.Finish()};
  Effects& taken = decision.consequence->effects;
  MoveExpired(std::move(expired), decision);
  MoveAliases(aliases, move, decision);
  outcome.aliases = AliasesAfter(*state.other, taken);
  decision.outcome = std::move(outcome);
  return decision;
}

absl::StatusOr<Decision> DecideUnmerge(const UnmergeMember& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now) {
  RETURN_IF_ERROR(CheckUnmerge(command, state));
  const absl::Time at = CommonNow(state, now);
  Draft giver(*state.member, catalog, at);
  Draft taker(*state.other, catalog, at);
  giver.Advance();
  taker.Advance();
  const MemberId from = giver.member().id;
  const MemberId to = taker.member().id;
  const Merged merged = *std::exchange(taker.member().merged, std::nullopt);
  if (merged.since != absl::InfinitePast()) {
    taker.member().former_owners.push_back({merged.into, merged.since, at});
  }
  taker.member().status = MemberStatus::kActive;
  // It is another one with whom the head of a household was merged into since.
  const int origin = state.origin != 0 ? state.origin : merged.origin;
  const Move move{from, to, origin, origin + merged.last_origin - merged.origin, -origin};
  const Parted parted = Part(state.member->purchases, move);
  const Draft::Cause cause{std::string(principal), command.unmerge_id, ""};
  // First, since it tells what has expired of either.
  Separate(parted, move, taker.member(), giver.member());
  RETURN_IF_ERROR(taker.TakeOver(giver.HandOver(move, cause), cause));
  SeparateQualifying(parted, *state.other, giver, taker);
  std::vector<ExpiredPoints> expired = giver.Expired();
  std::erase_if(expired, [&](const ExpiredPoints& points) {
    return !parted.ids.contains(points.purchase_id);
  });

  UnmergeOutcome outcome;
  outcome.member = taker.member();
  outcome.survivor = giver.member();
  outcome.balances = taker.Accounts();
  outcome.aliases = StillOwned(merged.aliases, *state.member);
  const std::vector<Alias> aliases = outcome.aliases;
  if (command.household) outcome.aliases = state.other->aliases;
  Decision decision;
  decision.effects = giver.Finish();
  decision.effects.move = move;
  RestoreMember restore;
  restore.member.id = to;
  restore.from = from;
  restore.unmerge_id = command.unmerge_id;
  decision.consequence = Consequence{std::move(restore), taker.Finish()};
  MoveExpired(std::move(expired), decision);
  MoveAliases(aliases, move, decision);
  decision.outcome = std::move(outcome);
  return decision;
}

}  // namespace dangol::domain
