#include "server/domain/referral/tell_referrers.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/referral/record_referral.h"
#include "server/domain/referral/referrals.h"

namespace dangol::domain {
namespace {

// Puts what referrers are to be told in the place of what they were, and says what changed.
void Settle(const ProgramCatalog& catalog, Member& member, std::vector<CountReferral>& changes) {
  const bool is_any =
      std::any_of(member.histories.begin(), member.histories.end(),
                  [](const History& history) { return history.referral.has_value(); });
  if (!is_any) return;
  const Referral* const counts = ReferralOf(member);
  const std::vector<Conversion> conversions = ConversionsOf(member, catalog);
  for (History& history : member.histories) {
    if (!history.referral.has_value()) continue;
    Referral& referral = *history.referral;
    std::vector<Conversion> now;
    if (&referral == counts) now = conversions;
    if (referral.told == now) continue;
    CountReferral& change = changes.emplace_back();
    change.member.id = change.person = referral.referrer;
    change.referred = history.person.IsNil() ? member.id : history.person;
    change.before = std::exchange(referral.told, now);
    change.after = std::move(now);
    change.number = ++referral.told_count;
  }
}

void Settle(const ProgramCatalog& catalog, Effects& effects, std::vector<CountReferral>& changes) {
  if (effects.member.has_value()) Settle(catalog, *effects.member, changes);
  for (Effects& theirs : effects.of_person) Settle(catalog, theirs, changes);
}

// Those whom a decision concerns, as they are after it.
class Afterwards {
 public:
  Afterwards(const Decision& decision, const State& state) : known_(state.also) {
    for (const MemberState* one : {state.member, state.person, state.other, state.other_person}) {
      if (one != nullptr) known_.push_back(one);
    }
    if (state.counters != nullptr) counters_ = *state.counters;
    Add(decision.effects);
    for (const Consequence& consequence : decision.consequences) Add(consequence.effects);
    if (!decision.effects.move.has_value()) return;
    const Move& move = *decision.effects.move;
    ApplyMove(move, changed_.at(move.from), changed_.at(move.to));
  }

  void Add(const Effects& effects) {
    for (const CounterUse& use : effects.counters) counters_[use.name].used = use.after;
    for (const Effects& theirs : effects.of_person) Add(theirs);
    if (!effects.member.has_value()) return;
    const MemberId id = effects.member->id;
    if (!changed_.contains(id)) {
      if (const MemberState* const known = Find(id); known != nullptr) changed_[id] = *known;
    }
    Apply(effects, changed_[id]);
  }

  // What is decided about a person is decided upon.
  State StateOf(const MemberId& id) const {
    State state;
    state.counters = &counters_;
    const MemberState* person = Find(id);
    while (person != nullptr && ResolvesFurther(Resolve::kToPerson, person->member)) {
      person = Find(person->member.joined->into);
    }
    state.member = person;
    while (state.member != nullptr && state.member->member.joined.has_value()) {
      state.member = Find(state.member->member.joined->into);
    }
    if (state.member != person) state.person = person;
    return state;
  }

 private:
  const MemberState* Find(const MemberId& id) const {
    if (const auto changed = changed_.find(id); changed != changed_.end()) return &changed->second;
    for (const MemberState* one : known_) {
      if (one->member.id == id) return one;
    }
    return nullptr;
  }

  std::vector<const MemberState*> known_;
  absl::node_hash_map<MemberId, MemberState> changed_;
  SharedCounters counters_;
};

bool Knows(const State& state, const MemberId& id) {
  return std::any_of(state.also.begin(), state.also.end(),
                     [&](const MemberState* one) { return one->member.id == id; });
}

}  // namespace

absl::Status TellReferrers(const Command& command, const State& state,
                           const ProgramCatalog& catalog, absl::Time now, Decision& decision) {
  std::vector<CountReferral> changes;
  Settle(catalog, decision.effects, changes);
  for (Consequence& consequence : decision.consequences) {
    Settle(catalog, consequence.effects, changes);
  }
  if (changes.empty() || state.again) return absl::OkStatus();
  for (const CountReferral& change : changes) {
    if (!Knows(state, change.person)) decision.asks_for.push_back(change.person);
  }
  if (!decision.asks_for.empty()) return absl::OkStatus();
  Afterwards after(decision, state);
  for (CountReferral& change : changes) {
    ASSIGN_OR_RETURN(
        Decision counted,
        DecideCountReferral(change, command.principal, after.StateOf(change.person), catalog, now));
    after.Add(counted.effects);
    const std::string id =
        absl::StrCat("referral/", change.referred.ToString(), "/", change.number);
    decision.consequences.push_back({std::move(change), std::move(counted.effects), id});
  }
  return absl::OkStatus();
}

}  // namespace dangol::domain
