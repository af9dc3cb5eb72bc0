#include "server/domain/activity/record_activity.h"

#include <utility>

#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/purchase/record_purchase.h"

namespace dangol::domain {
namespace {

// Puts what an activity means in the place of what it meant, and tells its day as it is then.
absl::StatusOr<ActivityOutcome> Conclude(const Activity& activity, const Fact& should,
                                         const Fact& stands, absl::string_view principal,
                                         const ProgramCatalog& catalog, Draft& draft) {
  const DayNumber day = should.day;
  const Cause cause{std::string(principal), activity.activity_id, ""};
  RETURN_IF_ERROR(draft.Restand(activity.person, should, stands, cause));
  ActivityOutcome outcome;
  outcome.activity = activity;
  outcome.daily_cap = DailyCapOf(activity.kind, day, catalog);
  outcome.recorded = RecordedOn(draft.person().histories, activity.kind, day);
  outcome.counted = UnderCap(outcome.recorded, outcome.daily_cap);
  return outcome;
}

// Whether one more of them counts, or takes its place among those that do.
Counting CountingOf(const ActivityOutcome& after) {
  if (after.activity.suspended) return Counting::kSuspended;
  const bool is_rewarded = after.activity.rewarded;
  const int64_t recorded = is_rewarded ? after.recorded.rewarded : after.recorded.spontaneous;
  const int64_t counted = is_rewarded ? after.counted.rewarded : after.counted.spontaneous;
  return counted == recorded ? Counting::kCounted : Counting::kOverDailyCap;
}

const Activity* FindActivity(absl::string_view id, const MemberState& member) {
  for (const Activity& known : member.activities) {
    if (known.activity_id == id) return &known;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<Decision> DecideRecordActivity(const RecordActivity& command,
                                              absl::string_view principal, const State& state,
                                              const ProgramCatalog& catalog, absl::Time now) {
  Activity activity = command.activity;
  activity.occurred_at = command.occurred_at.value_or(now);
  const ProgramVersion* const version = catalog.At(activity.occurred_at);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  const ActivityKind* const kind = FindActivityKind(activity.kind, program);
  RETURN_IF_ERROR(Combine(
      CheckOccurred("occurred_at", activity.occurred_at, *catalog.At(now)->program, now),
      kind == nullptr ? ActivityNotDeclared(activity.kind, program.name) : absl::OkStatus()));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  const Member& who = PersonOf(state)->member;
  activity.member_id = activity.person = who.id;
  activity.recorded_at = now;
  activity.program_version = version->version;
  activity.suspended = who.status != MemberStatus::kActive;

  Draft draft(state, catalog, now);
  draft.Advance();
  if (!kind->ignored_by_expiry && !activity.suspended) draft.NoteActivity(activity.occurred_at);
  ASSIGN_OR_RETURN(ActivityOutcome outcome,
                   Conclude(activity, FactOf(activity, program), {}, principal, catalog, draft));
  outcome.counting = CountingOf(outcome);
  Decision decision;
  decision.effects = draft.Finish();
  OfPerson(decision.effects).activity = std::move(activity);
  decision.outcome = std::move(outcome);
  return decision;
}

absl::StatusOr<Decision> DecideUndoActivity(const UndoActivity& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now) {
  if (state.member == nullptr) return ActivityNotFound(command.activity_id);
  RETURN_IF_ERROR(CheckNotClosed(state));
  const Activity* const found = FindActivity(command.activity_id, *PersonOf(state));
  if (found == nullptr || found->undone_at != absl::InfiniteFuture()) {
    return ActivityNotFound(command.activity_id);
  }
  const ProgramVersion* const version = catalog.Find(found->program_version);
  if (version == nullptr) return ProgramMissing();
  Draft draft(state, catalog, now);
  draft.Advance();
  Activity undone = *found;
  undone.undone_at = draft.now();
  ASSIGN_OR_RETURN(ActivityOutcome outcome,
                   Conclude(undone, FactOf(undone, *version->program),
                            FactOf(*found, *version->program), principal, catalog, draft));
  outcome.counting = Counting::kUndone;
  Decision decision;
  decision.effects = draft.Finish();
  OfPerson(decision.effects).undone_activity = std::move(undone);
  decision.outcome = std::move(outcome);
  return decision;
}

}  // namespace dangol::domain
