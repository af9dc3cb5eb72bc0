#ifndef DANGOL_SERVER_DOMAIN_MEMBER_MERGE_H_
#define DANGOL_SERVER_DOMAIN_MEMBER_MERGE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

// Decide for two members who turn out to be one, and the other way round. Both halves are
// decided together, upon both members: what the survivor's becomes is the consequence.
namespace dangol::domain {

// Everything that the member has goes to the survivor: points as they are, with their
// dates; what is held; coupons; debts; what counts toward tiers and caps; purchases,
// returns and aliases. Attributes and the day of enrolment stay the survivor's.
//
// Of whoever joins a household the head has as much, but they stay a member, who is found
// by their own aliases and whose purchases are known as theirs by the origin.
absl::StatusOr<Decision> DecideMerge(const MergeMembers& command, absl::string_view principal,
                                     const State& state, const ProgramCatalog& catalog,
                                     absl::Time now);

// Gives back what came with them and is still there. Where nothing was done in between,
// both are as they were. Otherwise what was spent meanwhile is spent, what returns of
// their purchases left (debts, points put back) goes back with these purchases, and what
// was bought meanwhile stays with the survivor, whatever alias it was bought by.
absl::StatusOr<Decision> DecideUnmerge(const UnmergeMember& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_MERGE_H_
