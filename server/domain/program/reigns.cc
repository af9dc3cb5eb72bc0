#include "server/domain/program/reigns.h"

#include "server/domain/program/calendar.h"

namespace dangol::domain {

Reigns ReignsOf(const ProgramCatalog& catalog, absl::Time now) {
  absl::InlinedVector<const ProgramVersion*, 2> in_force;
  for (const ProgramVersion& version : catalog.versions()) {
    if (version.effective_from > now) continue;
    // A later version goes before those that were to begin at its time or later.
    while (!in_force.empty() && in_force.back()->effective_from >= version.effective_from) {
      in_force.pop_back();
    }
    in_force.push_back(&version);
  }
  Reigns reigns;
  for (const ProgramVersion* version : in_force) {
    Reign reign;
    reign.program = version->program.get();
    if (!reigns.empty()) {
      const absl::TimeZone zone = reign.program->time_zone;
      reign.first = DayIn(version->effective_from, zone);
      reign.from_midnight = StartOfDay(DayOf(reign.first), zone) == version->effective_from;
      reigns.back().last = reign.from_midnight ? reign.first - 1 : reign.first;
    }
    reigns.push_back(reign);
  }
  return reigns;
}

}  // namespace dangol::domain
