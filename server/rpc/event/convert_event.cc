#include "server/rpc/event/convert_event.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "server/domain/command.h"
#include "server/domain/news.h"
#include "server/rpc/day.h"
#include "server/rpc/member/convert_member.h"

namespace dangol::rpc {
namespace {

// A kind is the place of its command in the list: a test compares the names.
static_assert(v1::EventKind_MAX == std::variant_size_v<domain::Action>);

void ToPart(const domain::PointsNews& points, v1::PointsChange& out) {
  out.set_wallet(points.wallet);
  out.set_kind(static_cast<v1::EntryKind>(points.kind));
  out.set_pending(points.pending);
  out.set_available(points.available);
  out.set_held(points.held);
}

void ToPart(const domain::TierNews& tier, v1::TierChange& out) {
  out.set_ladder_id(tier.ladder);
  out.set_tier_id(tier.tier);
  out.set_reason(static_cast<v1::TierReason>(tier.reason));
  out.set_day(DayText(tier.day));
  out.set_withdrawn(tier.withdrawn);
}

void ToPart(const domain::AwardNews& award, v1::AwardChange& out) {
  out.set_cause(award.cause);
  out.set_number(award.number);
  out.set_fallen(award.fallen);
}

void ToPart(const domain::CouponNews& coupon, v1::CouponChange& out) {
  out.set_coupon_id(coupon.coupon_id);
  out.set_reward_id(coupon.reward_id);
  out.set_status(static_cast<v1::CouponStatus>(coupon.status));
}

void ToPart(const domain::WorkNews& work, v1::WorkChange& out) {
  out.set_kind(static_cast<v1::WorkKind>(work.kind));
  out.set_item_id(work.item_id);
  out.set_open(work.status == domain::WorkStatus::kOpen);
}

template <typename Row, typename Message>
void AddAll(const std::vector<Row>& rows, google::protobuf::RepeatedPtrField<Message>& out) {
  for (const Row& row : rows) ToPart(row, *out.Add());
}

}  // namespace

void ToProto(const storage::LoggedCommand& command, v1::Event& out) {
  out.set_event_id(absl::StrCat(command.partition, "-", command.position));
  out.set_partition(command.partition);
  out.set_position(command.position);
  out.set_kind(static_cast<v1::EventKind>(command.kind));
  if (!command.member_id.IsNil()) out.set_member_id(command.member_id.ToString());
  if (!command.person.IsNil()) out.set_person_id(command.person.ToString());
  // What the server calls its own commands is nobody's business.
  if (command.key.scope != storage::RequestScope::kSystem) out.set_request_id(command.key.id);
  out.set_principal(command.principal);
  *out.mutable_recorded_at() = ToTimestamp(command.recorded_at);
  AddAll(command.news.points, *out.mutable_points());
  AddAll(command.news.tiers, *out.mutable_tiers());
  AddAll(command.news.awards, *out.mutable_awards());
  AddAll(command.news.coupons, *out.mutable_coupons());
  AddAll(command.news.work, *out.mutable_work());
  out.set_program_version(command.news.program_version);
}

}  // namespace dangol::rpc
