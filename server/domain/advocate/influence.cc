#include "server/domain/advocate/influence.h"

#include <algorithm>
#include <string>
#include <variant>

#include "server/domain/activity/activity_fact.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/reigns.h"
#include "server/domain/referral/referral.h"

namespace dangol::domain {

int64_t OwnReferralsOn(const Member& person, const Program& program, DayNumber day) {
  const WordOfMouth& terms = *program.word_of_mouth;
  const Days window{day + 1 - terms.window_days, day + 1};
  return terms.referral_points * kThousand *
         SumOf(person.histories, Measure::kReferrals, kUnpaidReferrals, window);
}

namespace {

bool PaysFor(const std::string& kind, const Program& program) {
  return std::any_of(program.incentives.begin(), program.incentives.end(),
                     [&](const Incentive& incentive) {
                       const auto* const engagement = std::get_if<Engagement>(&incentive.kind);
                       return engagement != nullptr && engagement->activity == kind;
                     });
}

// How many of a kind count that nobody was paid for: by whoever asked for it, or by an incentive
// of any version that was in force on its day.
int64_t UnpaidOf(const std::string& kind, const Member& person, const ProgramCatalog& catalog,
                 Days window) {
  const absl::Time end =
      StartOfDay(DayOf(window.until), catalog.versions().back().program->time_zone);
  int64_t count = 0;
  DayNumber day = window.from;
  for (const Reign& reign : ReignsOf(catalog, end)) {
    if (!PaysFor(kind, *reign.program)) continue;
    if (reign.first > day) {
      const Days unpaid{day, std::min(reign.first, window.until)};
      if (unpaid.from < unpaid.until) {
        count += CountedOf(person.histories, kind, unpaid, catalog).spontaneous;
      }
    }
    day = std::max(day, reign.last == kNever ? window.until : reign.last + 1);
  }
  if (day < window.until) {
    count += CountedOf(person.histories, kind, {day, window.until}, catalog).spontaneous;
  }
  return count;
}

}  // namespace

int64_t InfluenceOn(const Member& person, const Program& program, const ProgramCatalog& catalog,
                    DayNumber day) {
  const WordOfMouth& terms = *program.word_of_mouth;
  const Days window{day + 1 - terms.window_days, day + 1};
  int64_t influence = OwnReferralsOn(person, program, day);
  for (const AdvocateActivity& activity : terms.activities) {
    influence += activity.points * kThousand * UnpaidOf(activity.kind, person, catalog, window);
  }
  for (const History& history : person.histories) {
    int64_t latest = 0;
    for (const InfluenceMark& mark : history.care.influence) {
      if (mark.day <= day) latest = mark.thousandths;
    }
    influence += latest;
  }
  return influence;
}

}  // namespace dangol::domain
