#include "server/domain/incentive/audience.h"

#include "absl/algorithm/container.h"
#include "server/domain/advocate/giving.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/program/calendar.h"
#include "server/domain/standing/activity_score.h"
#include "server/domain/standing/judge.h"

namespace dangol::domain {

bool IsInTiersOf(const Incentive& incentive, const Program& program, const Member& person,
                 DayNumber day) {
  return incentive.tiers.empty() || IsInAnyOf(incentive.tiers, program, person, day - 1);
}

bool IsInSegmentsOf(const Incentive& incentive, const Program& program,
                    const ProgramCatalog& catalog, const Member& person, DayNumber day) {
  if (incentive.segments.empty()) return true;
  if (!program.rfm.has_value()) return false;
  const RfmCutPoints* const cut_points = CutPointsOn(program, catalog, day - 1);
  const Scored scored = ScoresOn(person.histories, program, catalog, cut_points, day - 1);
  return scored.segment >= 0 &&
         absl::c_linear_search(incentive.segments,
                               program.rfm->segments[static_cast<size_t>(scored.segment)].id);
}

bool IsRefusedTo(const Incentive& incentive, const Program& program, const Member& person,
                 DayNumber day) {
  if (!RewardsAdvocacy(incentive)) return false;
  return SpeaksForTheHouse(person, program.time_zone, StartOfDay(DayOf(day), program.time_zone));
}

}  // namespace dangol::domain
