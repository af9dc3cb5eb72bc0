#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_JUDGE_ADVOCACY_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_JUDGE_ADVOCACY_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::domain {

// Judges anew how somebody stands as a VVIP and as an advocate, and what is to be done for them:
// Member::advocacy. `from`: the first day of which something else is known than when that was done
// last, at `judged`; kNever where nothing is, and only time has passed.
void JudgeAdvocacy(const ProgramCatalog& catalog, absl::Time now, DayNumber from, absl::Time judged,
                   Member& person);

// When time causes something to that next.
absl::Time AdvocacyDueAt(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// How somebody stands at a moment, whenever they were judged last.
struct AdvocateStanding {
  Advocacy advocacy;
  bool is_vvip = false;
  int64_t influence = 0;  // By the end of the day before, in thousandths of a point.
  std::string manager;    // Who looks after them; empty: nobody.

  WordOfMouthState word_of_mouth() const {
    return advocacy.word_of_mouth.empty() ? WordOfMouthState::kNone
                                          : advocacy.word_of_mouth.back().state;
  }
};
AdvocateStanding StandingOf(const Member& person, const ProgramCatalog& catalog, absl::Time now);

// Whether somebody is a VVIP now, whenever they were judged last.
bool IsVvip(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// Whether somebody may be in an audience, an export or a campaign. Everything that selects members
// for marketing asks this and nothing else: a VVIP never is, nor whoever has left.
bool IsForMarketing(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// Whether somebody speaks for the house at a moment, as a testifier or by word of mouth: nothing is
// to be given to them as a reward for it, and complaints of theirs are looked into sooner.
bool SpeaksForTheHouse(const Member& person, absl::TimeZone zone, absl::Time at);

// A VVIP's relationship manager; empty where nobody is. By whatever is on record of the person.
std::string ManagerOf(const Member& person, absl::Time now);

// Whether anything of this is known of somebody, so that they are found among all.
bool IsNotable(const Member& person);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_JUDGE_ADVOCACY_H_
