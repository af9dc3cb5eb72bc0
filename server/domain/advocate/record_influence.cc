#include "server/domain/advocate/record_influence.h"

#include <algorithm>
#include <vector>

#include "server/common/limits.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"

namespace dangol::domain {

absl::StatusOr<Decision> DecideRecordInfluence(const RecordInfluence& command, const State& state,
                                               const ProgramCatalog& catalog, absl::Time now) {
  if (catalog.At(now) == nullptr) return ProgramMissing();
  if (state.member == nullptr) return MemberNotFound(command.member);
  Draft draft(state, catalog, now);
  draft.Advance();
  std::vector<InfluenceMark>& marks = HistoryOf(draft.person().id, draft.person()).care.influence;
  std::erase_if(marks, [&](const InfluenceMark& mark) { return mark.day >= command.mark.day; });
  // Those who are one with them have some of it on record already.
  InfluenceMark mark = command.mark;
  for (const History& history : draft.person().histories) {
    if (history.person.IsNil() || history.care.influence.empty()) continue;
    mark.thousandths -= history.care.influence.back().thousandths;
  }
  marks.push_back(mark);
  ForgetOldest(limits::kMaxInfluenceMarks, marks);
  draft.NoteFacts(command.mark.day);
  Decision decision;
  decision.effects = draft.Finish();
  return decision;
}

}  // namespace dangol::domain
