#include "server/domain/advocate/influence.h"

#include "server/domain/activity/activity_fact.h"
#include "server/domain/referral/referral.h"

namespace dangol::domain {

int64_t OwnReferralsOn(const Member& person, const Program& program, DayNumber day) {
  const WordOfMouth& terms = *program.word_of_mouth;
  const Days window{day + 1 - terms.window_days, day + 1};
  return terms.referral_points * kThousand *
         SumOf(person.histories, Measure::kReferrals, kUnpaidReferrals, window);
}

int64_t InfluenceOn(const Member& person, const Program& program, const ProgramCatalog& catalog,
                    DayNumber day) {
  const WordOfMouth& terms = *program.word_of_mouth;
  const Days window{day + 1 - terms.window_days, day + 1};
  int64_t influence = OwnReferralsOn(person, program, day);
  for (const AdvocateActivity& activity : terms.activities) {
    influence += activity.points * kThousand *
                 CountedOf(person.histories, activity.kind, window, catalog).spontaneous;
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
