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

// All that lies in the member's purse goes into the one of the survivor, or of the head of
// the household: points as they are, with their names and dates, debts, what is held, coupons.
//
// Of who is merged all else goes to the survivor too: purchases, returns, what counts toward
// tiers and caps, aliases. Attributes and the day of enrolment stay the survivor's. Who joins
// a household shares points and nothing else.
absl::StatusOr<Decision> DecideMerge(const MergeMembers& command, absl::string_view principal,
                                     const State& state, const ProgramCatalog& catalog,
                                     absl::Time now);

// Gives back what is left of the points that the person earned, what they owe, their holds
// and coupons, and after a merge what they had done before it. Where nothing was done in
// between, both are as they were.
absl::StatusOr<Decision> DecideUnmerge(const UnmergeMember& command, absl::string_view principal,
                                       const State& state, const ProgramCatalog& catalog,
                                       absl::Time now);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_MEMBER_MERGE_H_
