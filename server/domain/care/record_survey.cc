#include "server/domain/care/record_survey.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/strikes.h"
#include "server/domain/care/care_errors.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/purchase/record_purchase.h"

namespace dangol::domain {

absl::StatusOr<Decision> DecideRecordSurvey(const RecordSurvey& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  if (!program.care.has_value()) return CareNotDeclared(program.name);
  if (!program.care->surveys.has_value()) return SurveysNotDeclared(program.name);
  const absl::Time at = command.occurred_at.value_or(now);
  RETURN_IF_ERROR(CheckOccurred("occurred_at", at, program, now));
  if (state.member == nullptr) return MemberNotFound(command.member);
  RETURN_IF_ERROR(CheckNotClosed(state));
  Draft draft(state, catalog, now);
  draft.Advance();
  std::vector<Survey>& surveys = HistoryOf(draft.person().id, draft.person()).care.surveys;
  if (surveys.size() >= limits::kMaxSurveys) return TooManySurveys();
  Survey& survey = surveys.emplace_back(command.survey);
  survey.at = std::min(at, now);  // Two clocks differ.
  survey.recorded_at = now;
  survey.principal = std::string(principal);
  draft.NoteFactsAt(survey.at);
  Decision decision;
  decision.outcome =
      SurveyOutcome{survey, draft.person().id, IsWaiting(survey, catalog, draft.person())};
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace dangol::domain
