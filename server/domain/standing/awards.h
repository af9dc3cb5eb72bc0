#ifndef DANGOL_SERVER_DOMAIN_STANDING_AWARDS_H_
#define DANGOL_SERVER_DOMAIN_STANDING_AWARDS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/incentive/incentives_due.h"
#include "server/domain/member/member.h"
#include "server/domain/points/book.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/shared_counter.h"
#include "server/domain/standing/award.h"

// What a person is given for what they did: what is due by the facts, minus what was due before a
// decision. Only that difference is posted, so what fell with a return stands again with the next
// purchase and is given once, and neither a merge nor an unmerge nor a name of a tier posts
// anything.
namespace dangol::domain {

// All that is due of tiers, and of incentives from a day on, in the order of time; of one day
// tiers come first, and incentives as the program has them.
// `standings`: as of AddIncentivesDue.
std::vector<AwardDue> AwardsDue(const ProgramCatalog& catalog, absl::Time now, DayNumber from,
                                const Member& person,
                                std::vector<IncentiveStanding>* standings = nullptr);

// Posts to the person's purse what is due now and was not `before`, and takes back what was and
// is not, as far as it was given: of its own lot first, then of others, and then as the program
// says of debts. What was given up so is not given a second time. What a budget has no room for
// is not given. `from`: as of AwardsDue. `may_refuse`: a program that rejects debts refuses the
// whole; else, where a fact is recorded that has happened, they are owed.
absl::Status PostAwards(const std::vector<AwardDue>& before, const std::vector<AwardDue>& now,
                        DayNumber from, const ProgramCatalog& catalog, const Cause& cause,
                        bool may_refuse, Member& person, Book& book, CounterDraft& counters);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_AWARDS_H_
