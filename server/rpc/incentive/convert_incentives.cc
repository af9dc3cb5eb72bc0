#include "server/rpc/incentive/convert_incentives.h"

#include <string>

#include "absl/time/civil_time.h"
#include "server/rpc/member/convert_member.h"

namespace dangol::rpc {
namespace {

std::string TextOf(domain::DayNumber day) { return absl::FormatCivilTime(domain::DayOf(day)); }

template <typename Message>
void AddObstacles(const domain::IncentiveStatus& status, Message& out) {
  for (const domain::IncentiveObstacle obstacle : status.obstacles) {
    out.add_obstacles(static_cast<v1::IncentiveObstacle>(obstacle));
  }
}

}  // namespace

void ToProto(const domain::IncentiveStatus& status, v1::IncentiveProgress& out) {
  out.set_incentive_id(status.id);
  out.set_name(status.name);
  out.set_kind(status.kind);
  out.set_have(status.progress.have);
  out.set_need(status.progress.need);
  if (status.progress.until != domain::kNoDay) out.set_until(TextOf(status.progress.until));
  out.set_awards(status.awards);
  out.set_wallet(status.wallet);
  out.set_points(status.points);
  out.set_boost_percent(static_cast<int32_t>(status.boost_percent));
  AddObstacles(status, out);
}

void ToProto(const domain::IncentiveStatus& status, v1::IncentiveOffer& out) {
  out.set_incentive_id(status.id);
  out.set_name(status.name);
  out.set_kind(status.kind);
  out.set_need(status.progress.need);
  out.set_wallet(status.wallet);
  out.set_points(status.points);
  out.set_boost_percent(static_cast<int32_t>(status.boost_percent));
  if (status.budget_left.has_value()) out.set_budget_left(*status.budget_left);
  if (status.first_day.has_value()) out.set_first_day(absl::FormatCivilTime(*status.first_day));
  if (status.last_day.has_value()) out.set_last_day(absl::FormatCivilTime(*status.last_day));
  AddObstacles(status, out);
}

void ToProto(const domain::IncentiveStep& step, v1::IncentiveStep& out) {
  out.set_day(TextOf(step.day));
  out.set_brought(step.brought);
  out.set_not_in_audience(!step.is_for_them);
  out.set_awards(step.awards);
  out.set_points(step.points);
  out.set_have(step.after.have);
  out.set_need(step.after.need);
}

void ToProto(const domain::Award& award, v1::Award& out) {
  out.set_cause(award.cause);
  out.set_day(TextOf(award.day));
  out.set_wallet(award.wallet);
  out.set_points(award.points);
  out.set_fallen(award.fallen);
  out.set_written_off(award.written_off);
  if (award.expires_at != absl::InfiniteFuture()) {
    *out.mutable_expires_at() = ToTimestamp(award.expires_at);
  }
  *out.mutable_recorded_at() = ToTimestamp(award.recorded_at);
  out.set_person_id(award.person.ToString());
}

}  // namespace dangol::rpc
