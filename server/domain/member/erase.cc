#include "server/domain/member/erase.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/member/close.h"

namespace dangol::domain {
namespace {

void ForgetWords(History& history) {
  for (AdvocateRecord& record : history.advocate) {
    record.text.clear();
    record.undone_because.clear();
  }
  for (Survey& survey : history.care.surveys) survey.text.clear();
  for (WorkDone& done : history.care.done) done.text.clear();
  for (TierOverride& override : history.overrides) override.reason.clear();
}

// What is known of a member beside what they did.
void Forget(Member& member) {
  member.attributes.clear();
  for (History& history : member.histories) ForgetWords(history);
  if (member.joined.has_value()) member.joined->aliases.clear();
}

absl::Status CheckErase(const EraseMember& erase, const State& state) {
  if (state.member == nullptr) return MemberNotFound(erase.member);
  const Member& person = PersonOf(state)->member;
  if (person.status == MemberStatus::kErased) return MemberErased();
  if (person.joined.has_value()) return MemberInHousehold("member_id", person);
  const bool is_head = std::any_of(person.sharers.begin(), person.sharers.end(),
                                   [](const Sharer& sharer) { return sharer.household; });
  return is_head ? HouseholdNotEmpty() : absl::OkStatus();
}

const MemberState* FindAlso(const MemberId& id, const State& state) {
  const auto found = std::find_if(state.also.begin(), state.also.end(),
                                  [&](const MemberState* one) { return one->member.id == id; });
  return found == state.also.end() ? nullptr : *found;
}

}  // namespace

absl::StatusOr<Decision> DecideErase(const EraseMember& erase, absl::string_view principal,
                                     const State& state, const ProgramCatalog& catalog,
                                     absl::Time now) {
  RETURN_IF_ERROR(CheckErase(erase, state));
  Decision decision;
  for (const Sharer& merged : state.member->member.sharers) {
    const MemberState* const known = FindAlso(merged.id, state);
    if (known == nullptr) {
      decision.asks_for.push_back(merged.id);
      continue;
    }
    EraseMerged theirs;
    theirs.member.id = merged.id;
    theirs.member.resolve = Resolve::kToItself;
    theirs.survivor = state.member->member.id;
    State alone;
    alone.member = known;
    decision.consequences.push_back(
        {theirs, DecideEraseMerged(alone).effects, absl::StrCat("erase/", merged.id.ToString())});
  }
  if (!decision.asks_for.empty()) {
    decision.consequences.clear();
    return decision;
  }

  Draft draft(state, catalog, now);
  draft.Advance();
  if (draft.member().status != MemberStatus::kClosed)
    Close({std::string(principal), "", ""}, draft);
  draft.member().status = MemberStatus::kErased;
  Forget(draft.member());
  decision.outcome = MemberOutcome{draft.member(), {}};
  decision.effects = draft.Finish();
  decision.effects.erases = true;
  for (const Alias& alias : state.member->aliases) {
    decision.effects.aliases.push_back({alias, state.member->member.id, false, now});
  }
  return decision;
}

Decision DecideEraseMerged(const State& state) {
  Decision decision;
  decision.effects.member = state.member->member;
  Forget(*decision.effects.member);
  decision.effects.erases = true;
  return decision;
}

}  // namespace dangol::domain
