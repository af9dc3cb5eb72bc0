#include "server/domain/standing/override_tier.h"

#include <string>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/standing/judge.h"

namespace dangol::domain {
namespace {

Decision Conclude(const ProgramCatalog& catalog, Draft& draft) {
  Decision decision;
  decision.outcome = TierOutcome{draft.person().id, StatusOf(draft.person(), catalog, draft.now())};
  decision.effects = draft.Finish();
  return decision;
}

size_t DecisionsOn(const Member& person) {
  size_t count = 0;
  for (const History& history : person.histories) count += history.overrides.size();
  return count;
}

// What it was meant to do: lift, or hold down.
TierOverride::Kind KindFor(const OverrideTier& command, const Ladder& ladder, int place,
                           const Member& person, DayNumber today) {
  if (command.kind.has_value()) return *command.kind;
  return place >= TierOn(person, ladder, today) ? TierOverride::Kind::kAtLeast
                                                : TierOverride::Kind::kAtMost;
}

}  // namespace

absl::StatusOr<Decision> DecideOverrideTier(const OverrideTier& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  const Ladder* const ladder = FindLadder(program, command.ladder);
  if (ladder == nullptr) return LadderNotFound(command.ladder, program.name);
  const int place = FindTier(*ladder, command.tier);
  if (place < 0) return TierNotFound(command.tier, command.ladder);
  const absl::CivilDay today = absl::ToCivilDay(now, program.time_zone);
  if (command.until.has_value() && *command.until < NumberOf(today)) {
    return OverrideIsOver(DayOf(*command.until), today);
  }
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  if (DecisionsOn(draft.person()) >= limits::kMaxTierOverrides) return TooManyOverrides();
  TierOverride decided;
  decided.request_id = command.override_id;
  decided.ladder = command.ladder;
  decided.tier = command.tier;
  decided.from = NumberOf(today);
  decided.until = command.until.value_or(0);
  decided.kind = KindFor(command, *ladder, place, draft.person(), decided.from);
  decided.reason = command.reason;
  decided.principal = std::string(principal);
  decided.decided_at = draft.now();
  HistoryOf(draft.person().id, draft.person()).overrides.push_back(std::move(decided));
  RETURN_IF_ERROR(
      draft.Rejudge(NumberOf(today), {std::string(principal), command.override_id, ""}));
  return Conclude(catalog, draft);
}

absl::StatusOr<Decision> DecideEndTierOverride(const EndTierOverride& command,
                                               absl::string_view principal, const State& state,
                                               const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  const DayNumber today = NumberOf(absl::ToCivilDay(now, version->program->time_zone));
  TierOverride* found = nullptr;
  for (History& history : draft.person().histories) {
    for (TierOverride& decided : history.overrides) {
      if (decided.request_id == command.override_id) found = &decided;
    }
  }
  if (found == nullptr) return OverrideNotFound(command.override_id);
  if (found->until != 0 && found->until < today) return OverrideHasEnded(command.override_id);
  found->until = today - 1;
  RETURN_IF_ERROR(draft.Rejudge(today, {std::string(principal), command.request_id, ""}));
  return Conclude(catalog, draft);
}

}  // namespace dangol::domain
