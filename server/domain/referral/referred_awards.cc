#include "server/domain/referral/referred_awards.h"

#include <algorithm>
#include <variant>

#include "server/domain/program/reigns.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/standing/awards.h"

namespace dangol::domain {
namespace {

bool IsForReferred(const AwardDue& award, const ProgramCatalog& catalog) {
  return std::any_of(catalog.versions().begin(), catalog.versions().end(),
                     [&](const ProgramVersion& version) {
                       const std::vector<Incentive>& all = version.program->incentives;
                       return std::any_of(all.begin(), all.end(), [&](const Incentive& incentive) {
                         return std::holds_alternative<Referred>(incentive.kind) &&
                                CauseOf(incentive) == award.cause;
                       });
                     });
}

// What a person has due for having been brought.
std::vector<AwardDue> DueAsReferred(const Member& person, const ProgramCatalog& catalog,
                                    absl::Time now) {
  if (ReferralBeforePurchases(person) == nullptr) return {};
  std::vector<AwardDue> due = AwardsDue(catalog, now, kAlways, person);
  std::erase_if(due, [&](const AwardDue& award) { return !IsForReferred(award, catalog); });
  return due;
}

bool HasCause(const std::vector<AwardDue>& due, const AwardDue& award) {
  return std::any_of(due.begin(), due.end(),
                     [&](const AwardDue& other) { return other.cause == award.cause; });
}

bool HasFallen(const std::vector<Award>& awards, const AwardDue& due) {
  return std::any_of(awards.begin(), awards.end(),
                     [&](const Award& award) { return award.fallen && award.cause == due.cause; });
}

}  // namespace

absl::Status RestandReferred(const std::vector<Member>& persons, bool again,
                             const ProgramCatalog& catalog, const Cause& cause, Draft& draft) {
  std::vector<AwardDue> due;
  for (const Member& person : persons) {
    for (AwardDue& award : DueAsReferred(person, catalog, draft.now())) {
      due.push_back(std::move(award));
    }
  }
  const std::vector<AwardDue> before = DueAsReferred(draft.person(), catalog, draft.now());
  std::vector<AwardDue> now = before;
  std::erase_if(now, [&](const AwardDue& award) { return !HasCause(due, award); });
  for (const AwardDue& award : due) {
    const bool is_back = again && !HasCause(now, award) && HasFallen(draft.book().awards(), award);
    if (is_back) now.push_back(award);
  }
  return draft.PostDue(before, now, cause);
}

}  // namespace dangol::domain
