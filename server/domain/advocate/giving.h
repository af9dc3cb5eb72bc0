#ifndef DANGOL_SERVER_DOMAIN_ADVOCATE_GIVING_H_
#define DANGOL_SERVER_DOMAIN_ADVOCATE_GIVING_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"

// Whoever speaks for the house (SpeaksForTheHouse) is not paid for it, in whatever way: everything
// that gives somebody points, coupons or awards asks here.
namespace dangol::domain {

// Whether somebody can be given points by hand for this reason: who speaks for the house only for
// one that says so, since what is paid for is no testimony (ADVOCATE_NOT_REWARDED).
absl::Status CheckGiven(const AdjustmentReason& reason, const Member& person,
                        const Program& program, absl::Time now);

// The same of points that somebody else gives them: refused where that is the house itself. The
// receiver is as they are stored.
absl::Status CheckTransfer(const Member& giver, const Member& receiver,
                           const ProgramCatalog& catalog, absl::Time now);

// The same of a reward that is given away: one that they pay for is no reward for that.
absl::Status CheckReward(const Reward& reward, const Member& person, const Program& program,
                         absl::Time now);

// Whether an incentive rewards somebody for speaking for the house: whoever does is not among those
// whom it is for.
bool RewardsAdvocacy(const Incentive& incentive);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ADVOCATE_GIVING_H_
