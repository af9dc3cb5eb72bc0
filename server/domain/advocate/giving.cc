#include "server/domain/advocate/giving.h"

#include <algorithm>
#include <variant>

#include "server/domain/advocate/advocate_errors.h"
#include "server/domain/advocate/judge_advocacy.h"
#include "server/domain/program/reigns.h"

namespace dangol::domain {

absl::Status CheckGiven(const AdjustmentReason& reason, const Member& person,
                        const Program& program, absl::Time now) {
  if (reason.for_advocates || !SpeaksForTheHouse(person, program.time_zone, now)) {
    return absl::OkStatus();
  }
  return AdvocateNotRewarded(reason.code);
}

absl::Status CheckTransfer(const Member& giver, const Member& receiver,
                           const ProgramCatalog& catalog, absl::Time now) {
  const Program& program = *catalog.At(now)->program;
  const bool is_house =
      !program.house_attribute.empty() &&
      std::any_of(giver.attributes.begin(), giver.attributes.end(),
                  [&](const auto& one) { return one.first == program.house_attribute; });
  if (!is_house) return absl::OkStatus();
  Member judged = receiver;
  JudgeAdvocacy(catalog, now, kNever, receiver.advanced_until, judged);
  return SpeaksForTheHouse(judged, program.time_zone, now) ? AdvocateNotPaidByHouse()
                                                           : absl::OkStatus();
}

absl::Status CheckReward(const Reward& reward, const Member& person, const Program& program,
                         absl::Time now) {
  if (reward.points > 0 || reward.for_advocates) return absl::OkStatus();
  if (!SpeaksForTheHouse(person, program.time_zone, now)) return absl::OkStatus();
  return RewardNotForAdvocates(reward.id);
}

bool RewardsAdvocacy(const Incentive& incentive) {
  return std::holds_alternative<Referrer>(incentive.kind);
}

}  // namespace dangol::domain
