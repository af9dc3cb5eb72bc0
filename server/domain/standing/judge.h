#ifndef DANGOL_SERVER_DOMAIN_STANDING_JUDGE_H_
#define DANGOL_SERVER_DOMAIN_STANDING_JUDGE_H_

#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/tier.h"

// A person's tiers: what follows from what they did, by the rules of each day.
//
// A day is judged as a whole, by what had been done at its end. At its first midnight a tier
// that has lasted to the day before is reviewed, and what a year has left over is carried; then
// whoever has reached a tier rises. A change of the program is one more reason to look: its day
// is judged by both versions. What comes of it is a list of spans. Who judges again from a day
// on drops the spans from there and goes on from the last that is left: an event in time is one
// step of this, and a late one, a return, a merge or an audit are several.
//
// What somebody decides on a person's tier (TierOverride) does not change the spans, but what
// they come to (TierOn): at its end the person has what they qualify for.
namespace dangol::domain {

// Judges a person anew from a day on, up to that of `now`: the first whose facts have changed.
// What is too late for a ladder's window to be known (limits::kHistoryDays) changes nothing
// before.
void JudgeTiers(const ProgramCatalog& catalog, absl::Time now, DayNumber from, Member& person);

// The same, where only time has gone by since person.advanced_until.
void AdvanceTiers(const ProgramCatalog& catalog, absl::Time now, Member& person);

// A person is one with another from now on, whose facts are theirs: judges them anew. What lies
// before the days that can be judged again is that of who stood higher at its end.
void JoinTiers(const ProgramCatalog& catalog, absl::Time now, const Member& merged,
               Member& survivor);

// When time alone changes something of a person's tiers next; InfiniteFuture where it never does.
// That another version of the program begins is no such time: it concerns everybody.
absl::Time TiersDueAt(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// Whether AdvanceTiers may change something.
bool AreTiersDue(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// Goods of a purchase of the day `of` have come back on `day`: ladders that keep until a review
// what they gave for a period that is over do not judge the days before again.
void SettleTiers(const ProgramCatalog& catalog, absl::Time now, DayNumber of, DayNumber day,
                 Member& person);

// What has been found between two judgements of one person; numbers it.
std::vector<TierRecord> RecordsOf(const Member& before, absl::Time now, Member& after);

// Null where the person never left the beginning of the ladder.
const LadderStanding* FindStanding(const Member& person, const std::string& ladder);

// The last span that begins on this day or before; an empty one where there is none.
TierSpan SpanOn(const Member& person, const Ladder& ladder, DayNumber day);

// What somebody has decided of a ladder, the newest last: whoever of those who are one it was
// about.
absl::InlinedVector<const TierOverride*, 2> DecisionsOf(const Member& person,
                                                        const std::string& ladder);

// The place of the tier at the end of a day, with what somebody has decided; -1 where there is
// none.
int TierOn(const Member& person, const Ladder& ladder, DayNumber day);

// Whether a person is in any of these tiers at the end of a day.
bool IsInAnyOf(const std::vector<TierName>& tiers, const Program& program, const Member& person,
               DayNumber day);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_JUDGE_H_
