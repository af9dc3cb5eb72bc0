#include "server/domain/member/merge.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/member/hand_over.h"
#include "server/domain/referral/referred_awards.h"
#include "server/domain/standing/judge.h"

namespace dangol::domain {
namespace {

// Both are brought to the same moment: what matures or expires on the way does so once.
absl::Time CommonNow(const State& state, absl::Time now) {
  return std::max({now, state.member->member.advanced_until, state.other->member.advanced_until});
}

// Of every kind; those that stand.
int64_t ActivitiesOf(const Member& member) {
  int64_t sum = 0;
  for (const History& history : member.histories) {
    for (const Series& series : history.series) {
      if (series.measure != Measure::kActivity) continue;
      sum += std::accumulate(series.sums.begin(), series.sums.end(), series.before);
    }
  }
  return sum;
}

absl::Status CheckMerge(const MergeMembers& command, const State& state) {
  if (state.member == nullptr) return MemberNotFound(command.member);
  if (state.other == nullptr) return SurvivorNotFound(command.into, command.household);
  if (state.other == state.member) return MergeWithThemselves(command.household);
  const Member& merged = state.member->member;
  const Member& survivor = state.other->member;
  const char* const into = command.household ? "household" : "into";
  if (merged.status != MemberStatus::kActive) return MergeOfNotActive("member", merged);
  if (merged.joined.has_value()) return MemberInHousehold("member", merged);
  if (survivor.status != MemberStatus::kActive) return MergeOfNotActive(into, survivor);
  if (survivor.joined.has_value()) return MemberInHousehold(into, survivor);
  if (!command.household &&
      state.member->aliases.size() + state.other->aliases.size() > limits::kMaxAliasesPerMember) {
    return TooManyAliases();
  }
  if (survivor.sharers.size() + merged.sharers.size() >= limits::kMaxSharers) {
    return TooManySharers();
  }
  const int64_t purchases = TotalOf(merged.histories, Measure::kPurchases) +
                            TotalOf(survivor.histories, Measure::kPurchases);
  if (!command.household && purchases > limits::kMaxPurchasesPerMerge) {
    return MergeOfTooMuch("purchases", limits::kMaxPurchasesPerMerge);
  }
  const int64_t activities = ActivitiesOf(merged) + ActivitiesOf(survivor);
  if (!command.household && activities > limits::kMaxActivitiesPerMerge) {
    return MergeOfTooMuch("activities", limits::kMaxActivitiesPerMerge);
  }
  const size_t lots = state.member->lots.size() + state.other->lots.size();
  if (lots > limits::kMaxLotsPerMerge) return MergeOfTooMuch("lots", limits::kMaxLotsPerMerge);
  return absl::OkStatus();
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
void MoveAliases(const std::vector<Alias>& aliases, const Move& move, absl::Time at,
                 Decision& decision) {
  for (const Alias& alias : aliases) {
    decision.effects.aliases.push_back({alias, move.from, false, at});
    decision.consequences.front().effects.aliases.push_back({alias, move.to, true});
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

// Of whose history this is, of the member who has it.
absl::Time EnrolledAt(const History& history, const Member& member) {
  return history.enrolled_at.value_or(member.enrolled_at);
}

// What these persons did, from the one to the other.
void MoveHistories(const std::vector<MemberId>& persons, Member& from, Member& to) {
  // Who did nothing was a member since some time all the same.
  if (!persons.empty()) HistoryOf(from.id, from);
  for (History& history : std::exchange(from.histories, {})) {
    const MemberId person = history.person.IsNil() ? from.id : history.person;
    const bool moves = std::find(persons.begin(), persons.end(), person) != persons.end();
    Member& member = moves ? to : from;
    if (moves) history.enrolled_at = EnrolledAt(history, from);
    if (moves && person == to.id) history.enrolled_at.reset();
    history.person = person == member.id ? MemberId() : person;
    if (history.IsEmpty()) continue;
    member.histories.push_back(std::move(history));
  }
}

// Both with what each of them did then.
std::pair<Member, Member> AfterMove(const Draft& giver, const Draft& taker, const Move& move) {
  std::pair<Member, Member> both(giver.member(), taker.member());
  MoveHistories(move.facts_of, both.first, both.second);
  return both;
}

// By the facts that are theirs now. An unmerge neither gives a gift nor takes one.
void JudgeAnew(const ProgramCatalog& catalog, absl::Time now, Member& person) {
  JudgeTiers(catalog, now, std::numeric_limits<DayNumber>::min(), person);
}

absl::Status CheckUnmerge(const UnmergeMember& command, const State& state) {
  if (state.member == nullptr || state.other == nullptr) {
    return command.household ? MemberNotFound(command.member)
                             : MergedMemberNotFound(command.member);
  }
  const Member& survivor = state.member->member;
  const Member& merged = state.other->member;
  const bool is_so = merged.joined.has_value() && merged.joined->household == command.household;
  if (!is_so) return command.household ? NotInHousehold(merged.id) : NotMerged(merged.id);
  // The head of a household may have been merged: that leaves everybody free to go.
  if (!command.household && survivor.id != merged.joined->into) {
    return MergedOnward(merged.joined->into, survivor.id);
  }
  // Who was merged into somebody is one person with them, and was forgotten with them.
  if (!command.household && survivor.status == MemberStatus::kErased) return MemberErased();
  // Who has ended their membership, and all that they had, keeps nobody.
  if (survivor.status == MemberStatus::kSuspended) {
    return command.household ? HouseholdSuspended() : MergeOfNotActive("", survivor);
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
  const Cause cause{std::string(principal), command.merge_id, ""};
  if (!command.household) {
    const std::vector<Member> joint = {AfterMove(giver, taker, move).second};
    RETURN_IF_ERROR(RestandReferred(joint, /*again=*/false, catalog, cause, giver));
    RETURN_IF_ERROR(RestandReferred(joint, /*again=*/false, catalog, cause, taker));
  }
  JoinPurse(giver.member(), taker.member(), command.household);
  const HandedOver handed = HandOver(move.purse_of, cause, giver);
  RETURN_IF_ERROR(CheckRoomFor(handed, taker));
  TakeOver(handed, cause, taker);
  MoveHistories(move.facts_of, giver.member(), taker.member());
  // A merge gives no gift.
  if (!command.household) JoinTiers(catalog, at, giver.member(), taker.member());
  giver.NoteFacts(kAlways);
  taker.NoteFacts(kAlways);
  Joined joined{to, command.household, at, {}};
  if (!command.household) {
    giver.member().status = MemberStatus::kMerged;
    joined.aliases = state.member->aliases;
  }
  std::vector<GonePoints> gone = giver.Gone();
  const std::vector<Alias> aliases = joined.aliases;
  giver.member().joined = std::move(joined);

  MergeOutcome outcome;
  outcome.survivor = taker.member();
  outcome.merged = giver.member();
  outcome.balances = taker.book().Accounts();
  Decision decision;
  decision.effects = giver.Finish();
  decision.effects.move = move;
  AbsorbMember absorb;
  absorb.member.id = to;
  absorb.merged = from;
  absorb.merge_id = command.merge_id;
  decision.consequences.push_back({std::move(absorb), taker.Finish()});
  Effects& taken = decision.consequences.front().effects;
  taken.gone = std::move(gone);
  MoveAliases(aliases, move, at, decision);
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
  const Joined joined = *std::exchange(taker.member().joined, std::nullopt);
  if (joined.since != absl::InfinitePast()) {
    taker.member().former_owners.push_back({joined.into, joined.since, at});
  }
  taker.member().status = MemberStatus::kActive;
  const Move move = MoveOf(giver.member(), taker.member(), to, command.household);
  const Cause cause{std::string(principal), command.unmerge_id, ""};
  if (!command.household) {
    const auto [survivor, parted] = AfterMove(giver, taker, move);
    RETURN_IF_ERROR(RestandReferred({survivor, parted}, /*again=*/true, catalog, cause, giver));
  }
  // First, since it tells what has expired of either.
  PartPurse(giver.member(), taker.member());
  TakeOver(HandOver(move.purse_of, cause, giver), cause, taker);
  MoveHistories(move.facts_of, giver.member(), taker.member());
  JudgeAnew(catalog, at, giver.member());
  giver.NoteFacts(kAlways);
  JudgeAnew(catalog, at, taker.member());
  taker.NoteFacts(kAlways);
  std::vector<GonePoints> gone = giver.Gone();

  UnmergeOutcome outcome;
  outcome.member = taker.member();
  outcome.survivor = giver.member();
  outcome.balances = taker.book().Accounts();
  outcome.aliases = StillOwned(joined.aliases, *state.member);
  const std::vector<Alias> aliases = outcome.aliases;
  if (command.household) outcome.aliases = state.other->aliases;
  Decision decision;
  decision.effects = giver.Finish();
  decision.effects.move = move;
  RestoreMember restore;
  restore.member.id = to;
  restore.from = from;
  restore.unmerge_id = command.unmerge_id;
  decision.consequences.push_back({std::move(restore), taker.Finish()});
  decision.consequences.front().effects.gone = std::move(gone);
  MoveAliases(aliases, move, at, decision);
  decision.outcome = std::move(outcome);
  return decision;
}

}  // namespace dangol::domain
