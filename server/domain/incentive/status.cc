#include "server/domain/incentive/status.h"

#include <algorithm>

#include "server/domain/incentive/audience.h"
#include "server/domain/program/reigns.h"
#include "server/domain/purchase/matching.h"
#include "server/domain/referral/referrals.h"
#include "server/domain/standing/award.h"

namespace dangol::domain {
namespace {

using Obstacles = std::vector<IncentiveObstacle>;

void AddPersonal(const Incentive& incentive, const Program& program, const ProgramCatalog& catalog,
                 const Member& person, DayNumber today, const IncentiveStatus& status,
                 Obstacles& obstacles) {
  const auto note = [&](bool holds, IncentiveObstacle obstacle) {
    if (holds) obstacles.push_back(obstacle);
  };
  note(!IsInTiersOf(incentive, program, person, today), IncentiveObstacle::kNotInTier);
  note(!IsInSegmentsOf(incentive, program, catalog, person, today),
       IncentiveObstacle::kNotInSegment);
  note(!MatchesMember(incentive.when, person.attributes, /*is_first=*/true),
       IncentiveObstacle::kAttributes);
  note(incentive.member_max > 0 && status.awards >= incentive.member_max,
       IncentiveObstacle::kLimitReached);
  note(person.status != MemberStatus::kActive, IncentiveObstacle::kSuspended);
  note(!IsReferredFor(incentive, person), IncentiveObstacle::kNotReferred);
}

IncentiveStatus Tell(const Incentive& incentive, const IncentiveStanding& standing,
                     const ProgramCatalog& catalog, absl::Time now, const Member* person,
                     const SharedCounters* counters) {
  const Program& program = *catalog.At(now)->program;
  const DayNumber today = DayIn(now, program.time_zone);
  IncentiveStatus status;
  status.id = incentive.id;
  status.name = incentive.name;
  status.kind = kIncentiveKindNames[incentive.kind.index()];
  status.progress = standing.progress;
  status.awards = standing.awards;
  status.wallet = incentive.reward.wallet;
  status.points = incentive.reward.points;
  if (incentive.boost.has_value()) status.boost_percent = incentive.boost->percent;
  status.first_day = incentive.when.first_day;
  status.last_day = incentive.when.last_day;
  if (incentive.budget > 0) {
    status.budget = BudgetCounter(CauseOf(incentive));
    const int64_t used = UsedOf(counters, status.budget);
    status.budget_left = std::max<int64_t>(incentive.budget - used, 0);
    if (*status.budget_left == 0) status.obstacles.push_back(IncentiveObstacle::kBudget);
  }
  const absl::CivilDay day = DayOf(today);
  if (status.first_day.has_value() && day < *status.first_day) {
    status.obstacles.push_back(IncentiveObstacle::kNotYet);
  }
  if (status.last_day.has_value() && *status.last_day < day) {
    status.obstacles.push_back(IncentiveObstacle::kOver);
  }
  if (person != nullptr) {
    AddPersonal(incentive, program, catalog, *person, today, status, status.obstacles);
  }
  return status;
}

}  // namespace

IncentiveStatus StatusOf(const Incentive& incentive, const ProgramCatalog& catalog, absl::Time now,
                         const Member* person, const SharedCounters* counters) {
  const DayNumber today = DayIn(now, catalog.At(now)->program->time_zone);
  const IncentiveStanding standing =
      StandingOn(incentive, catalog, now, today, person == nullptr ? Member() : *person);
  return Tell(incentive, standing, catalog, now, person, counters);
}

std::vector<IncentiveStatus> IncentivesOf(const Fact& fact,
                                          const std::vector<IncentiveStanding>& standings,
                                          const ProgramCatalog& catalog, absl::Time now,
                                          const Member& person, const SharedCounters* counters) {
  std::vector<IncentiveStatus> all;
  const Program& program = *catalog.At(now)->program;
  for (const IncentiveStanding& standing : standings) {
    const bool has_begun = standing.progress.have > 0 || standing.progress.until != kNoDay;
    const bool counts = std::any_of(fact.marks.begin(), fact.marks.end(), [&](const Mark& mark) {
      return mark.measure == Measure::kStamps && mark.of == standing.incentive;
    });
    const Incentive* const incentive = FindIncentive(standing.incentive, program);
    if (!has_begun || !counts || incentive == nullptr) continue;
    all.push_back(Tell(*incentive, standing, catalog, now, &person, counters));
  }
  return all;
}

std::vector<std::string> IncentiveBudgets(const ProgramCatalog& catalog) {
  std::vector<std::string> counters;
  for (const ProgramVersion& version : catalog.versions()) {
    for (const Incentive& incentive : version.program->incentives) {
      if (incentive.budget == 0) continue;
      std::string counter = BudgetCounter(CauseOf(incentive));
      if (std::find(counters.begin(), counters.end(), counter) == counters.end()) {
        counters.push_back(std::move(counter));
      }
    }
  }
  return counters;
}

}  // namespace dangol::domain
