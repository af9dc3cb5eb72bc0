#include "server/domain/decide.h"
#include "server/domain/draft.h"
#include "server/domain/standing/judge.h"

namespace dangol::domain {

Effects Advance(const MemberState& state, const ProgramCatalog& catalog, absl::Time now) {
  if (state.member.next_due_at > now && !AreTiersDue(catalog, now, state.member)) return {};
  Draft draft(state, catalog, now);
  draft.Advance();
  return draft.Finish();
}

}  // namespace dangol::domain
