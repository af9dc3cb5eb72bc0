#include "server/domain/care/complete_work.h"

#include <algorithm>
#include <string>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/judge_alerts.h"
#include "server/domain/care/care_errors.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"

namespace dangol::domain {
namespace {

// What was done goes along with what it was about: the complaint or the survey of this id, whoever
// its person is one with. Of anything else with the person.
History& HistoryAbout(const std::string& id, Member& person) {
  for (History& history : person.histories) {
    const CareFacts& care = history.care;
    const bool has_it =
        std::any_of(care.surveys.begin(), care.surveys.end(),
                    [&](const Survey& survey) { return survey.survey_id == id; }) ||
        std::any_of(care.complaints.begin(), care.complaints.end(),
                    [&](const ComplaintMark& mark) { return mark.complaint_id == id; });
    if (has_it) return history;
  }
  return HistoryOf(person.id, person);
}

}  // namespace

absl::StatusOr<Decision> DecideCompleteWork(const CompleteWork& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now) {
  if (command.kind == WorkKind::kComplaint) return WorkEndsByItself();
  if (catalog.At(now) == nullptr) return ProgramMissing();
  if (state.member == nullptr) return MemberNotFound(command.member);
  // Nothing is to be done any more for somebody who was erased.
  if (PersonOf(state)->member.status == MemberStatus::kErased)
    return WorkItemNotFound(command.item_id);
  Draft draft(state, catalog, now);
  draft.Advance();
  Member& person = draft.person();
  // As of now: time may have ended it, or brought it about.
  const std::vector<Alert> alerts = AlertsOf(catalog, draft.now(), person);
  const auto alert = std::find_if(alerts.begin(), alerts.end(), [&](const Alert& one) {
    return one.kind == command.kind && one.item_id == command.item_id;
  });
  if (alert == alerts.end()) return WorkItemNotFound(command.item_id);
  std::vector<WorkDone>& done = HistoryAbout(command.item_id, person).care.done;
  done.push_back({static_cast<int64_t>(command.kind), command.item_id, draft.now(),
                  command.request_id, std::string(principal), command.text});
  ForgetOldest(limits::kMaxWorkDone, done);
  draft.NoteFactsAt(draft.now());
  Decision decision;
  decision.outcome = WorkOutcome{*alert, person.id, draft.now()};
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace dangol::domain
