#include "server/domain/member/merge.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  if (survivor.sharers.size() + merged.sharers.size() >= limits::kMaxSharers) {
    return TooManySharers();
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

std::vector<MemberId> IdsOf(const std::vector<Sharer>& sharers) {
  std::vector<MemberId> ids;
  ids.reserve(sharers.size());
  for (const Sharer& sharer : sharers) ids.push_back(sharer.id);
  return ids;
}

// What goes from one purse to the other with a person. Who joins a household keeps what they
// did; who is merged does not.
Move MoveOf(const Member& purse, const Member& to, const MemberId& person, bool household) {
  Move move{purse.id, to.id, IdsOf(SharersUnder(purse, person)), {}};
  if (!household) move.facts_of = IdsOf(SharersUnder(purse, person, /*merged=*/true));
  return move;
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
  std::optional<absl::Time> first_moved;
  std::optional<absl::Time> last_moved;
  std::optional<absl::Time> first_left;
  std::optional<absl::Time> last_left;
};

Parted Part(const std::vector<Purchase>& purchases, const Move& move) {
  Parted parted;
  for (const Purchase& purchase : purchases) {
    const bool is_moved = std::find(move.facts_of.begin(), move.facts_of.end(), purchase.person) !=
                          move.facts_of.end();
    const absl::Time at = purchase.occurred_at;
    auto& first = is_moved ? parted.first_moved : parted.first_left;
    auto& last = is_moved ? parted.last_moved : parted.last_left;
    first = std::min(first.value_or(at), at);
    last = std::max(last.value_or(at), at);
    if (!is_moved) continue;
    parted.moved.push_back(purchase);
  }
  return parted;
}

void JoinFacts(const Member& merged, Member& survivor) {
  survivor.purchase_count += merged.purchase_count;
  survivor.first_purchase_at = Earlier(survivor.first_purchase_at, merged.first_purchase_at);
  survivor.last_purchase_at = std::max(survivor.last_purchase_at, merged.last_purchase_at);
}

void PartFacts(const Parted& parted, Member& merged, Member& survivor) {
  merged.purchase_count = static_cast<int64_t>(parted.moved.size());
  survivor.purchase_count -= merged.purchase_count;
  merged.first_purchase_at = parted.first_moved;
  merged.last_purchase_at = parted.last_moved;
  survivor.first_purchase_at = parted.first_left;
  survivor.last_purchase_at = parted.last_left;
}

// What counts toward tiers of what is theirs, and no more.
void SeparateQualifying(const Parted& parted, const MemberState& merged, Draft& giver,
                        Draft& taker) {
  for (const Account& sum : QualifyingOf(parted.moved)) {
    giver.AddQualifying(sum.wallet, -sum.qualifying);
    taker.AddQualifying(sum.wallet, sum.qualifying);
  }
  // What they had when they were merged is in these sums.
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
  const Move move = MoveOf(giver.member(), taker.member(), from, command.household);
  const Draft::Cause cause{std::string(principal), command.merge_id, ""};
  JoinPurse(giver.member(), taker.member(), command.household);
  RETURN_IF_ERROR(taker.TakeOver(giver.HandOver(move.purse_of, cause), cause));
  Merged merged{to, command.household, at, {}};
  if (!command.household) {
    JoinFacts(giver.member(), taker.member());
    for (const Account& account : state.member->accounts) {
      if (account.qualifying != 0) taker.AddQualifying(account.wallet, account.qualifying);
    }
    giver.member().status = MemberStatus::kMerged;
    merged.aliases = state.member->aliases;
  }
  std::vector<ExpiredPoints> expired = giver.Expired();
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
  decision.consequence->effects.expired = std::move(expired);
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
  const Move move = MoveOf(giver.member(), taker.member(), to, command.household);
  const Parted parted = Part(state.member->purchases, move);
  const Draft::Cause cause{std::string(principal), command.unmerge_id, ""};
  // First, since it tells what has expired of either.
  PartPurse(giver.member(), taker.member());
  RETURN_IF_ERROR(taker.TakeOver(giver.HandOver(move.purse_of, cause), cause));
  if (!command.household) {
    PartFacts(parted, taker.member(), giver.member());
    SeparateQualifying(parted, *state.other, giver, taker);
  }
  std::vector<ExpiredPoints> expired = giver.Expired();

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
  decision.consequence->effects.expired = std::move(expired);
  MoveAliases(aliases, move, decision);
  decision.outcome = std::move(outcome);
  return decision;
}

}  // namespace dangol::domain
