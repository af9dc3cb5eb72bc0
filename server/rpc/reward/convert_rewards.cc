#include "server/rpc/reward/convert_rewards.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/reward/coupon_code.h"

namespace dangol::rpc {
namespace {

using domain::Benefit;
using domain::Money;

using Amounts = google::protobuf::RepeatedPtrField<v1::MinorAmount>;

void ToPart(const std::vector<Money>& amounts, Amounts& out) {
  for (const Money& amount : amounts) {
    v1::MinorAmount& added = *out.Add();
    added.set_currency(amount.currency);
    added.set_minor(amount.minor);
  }
}

// Sets the benefit in whatever message has one.
template <typename Message>
void SetBenefit(const Benefit& benefit, Message& out) {
  switch (benefit.kind) {
    case Benefit::Kind::kNothing:
      break;
    case Benefit::Kind::kAmountOff:
      ToPart(benefit.amounts, *out.mutable_amount_off()->mutable_amounts());
      break;
    case Benefit::Kind::kPercentOff:
      out.mutable_percent_off()->set_percent(benefit.percent);
      break;
    case Benefit::Kind::kCashback:
      ToPart(benefit.amounts, *out.mutable_cashback()->mutable_amounts());
      break;
    case Benefit::Kind::kGift:
      out.mutable_gift()->set_sku(benefit.sku);
      break;
  }
}

void ToPart(const domain::Prize& prize, v1::Prize& out) {
  out.set_id(prize.id);
  out.set_name(prize.name);
  out.set_odds_ppm(prize.odds_ppm);
  SetBenefit(prize.benefit, out);
  if (prize.benefit.kind == Benefit::Kind::kNothing) out.mutable_nothing();
}

void ToPart(const domain::Reward& reward, const domain::Program& program, v1::Reward& out) {
  out.set_id(reward.id);
  out.set_name(reward.name);
  out.set_wallet(program.wallets[static_cast<size_t>(reward.wallet)].id);
  out.set_points(reward.points);
  out.set_stock(reward.stock);
  for (const domain::RewardLimit& limit : reward.limits) {
    v1::RewardLimit& added = *out.add_limits();
    added.set_per(static_cast<v1::CapPeriod>(static_cast<int>(limit.per) + 1));
    added.set_pieces(limit.pieces);
  }
  if (reward.first_day.has_value())
    out.mutable_dates()->set_first(absl::FormatCivilTime(*reward.first_day));
  if (reward.last_day.has_value())
    out.mutable_dates()->set_last(absl::FormatCivilTime(*reward.last_day));
  for (const auto& [key, value] : reward.attributes) (*out.mutable_attributes())[key] = value;
  out.set_validity_days(reward.validity_days);
  SetBenefit(reward.benefit, out);
  for (const domain::Prize& prize : reward.prizes) {
    ToPart(prize, *out.mutable_scratch()->add_prizes());
  }
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::IssueCouponRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::IssueCoupon issue;
  issue.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Name(Path("reward_id"), message.reward_id(), limits::kMaxNameBytes);
  RETURN_IF_ERROR(validator.status());
  issue.coupon_id = message.request_id();
  issue.reward_id = message.reward_id();
  issue.code = NewCouponCode();
  issue.seed = NewSeed();
  return RequestFor(message.request_id(), std::move(issue));
}

absl::StatusOr<lane::Request> ToRequest(const v1::UseCouponRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::UseCoupon use;
  use.code = use.member.coupon_code = CouponCode(Path("code"), message.code(), validator);
  validator.Text(Path("reference"), message.reference(), limits::kMaxCouponReferenceBytes);
  RETURN_IF_ERROR(validator.status());
  use.reference = message.reference();
  return RequestFor(message.request_id(), std::move(use));
}

absl::StatusOr<lane::Request> ToRequest(const v1::CancelCouponRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::CancelCoupon cancel;
  cancel.code = cancel.member.coupon_code = CouponCode(Path("code"), message.code(), validator);
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(cancel));
}

std::string CouponCode(const Path& path, const std::string& typed, Validator& validator) {
  std::optional<std::string> code = ReadCouponCode(typed);
  validator.Check(code.has_value(), path,
                  "must be the 26 letters and digits of a coupon; a letter U is none of them");
  return code.value_or("");
}

void ToProto(const domain::MemberId& member, const domain::Coupon& coupon,
             const domain::CouponTerms& terms, v1::Coupon& out) {
  out.set_coupon_id(coupon.coupon_id);
  out.set_code(coupon.code);
  out.set_member_id(member.ToString());
  out.set_reward_id(coupon.reward_id);
  out.set_reward_name(terms.reward_name);
  out.set_prize_id(coupon.prize_id);
  out.set_prize_name(terms.prize_name);
  SetBenefit(terms.benefit, *out.mutable_benefit());
  out.set_wallet(coupon.wallet);
  out.set_points(coupon.points);
  out.set_program_version(coupon.program_version);
  out.set_status(static_cast<v1::CouponStatus>(coupon.status));
  *out.mutable_issued_at() = ToTimestamp(coupon.issued_at);
  if (coupon.expires_at != absl::InfiniteFuture())
    *out.mutable_expires_at() = ToTimestamp(coupon.expires_at);
  if (coupon.ended_at.has_value()) *out.mutable_ended_at() = ToTimestamp(*coupon.ended_at);
  out.set_reference(coupon.reference);
}

void ToProto(const domain::Offer& offer, const domain::Program& program, v1::RewardOffer& out) {
  ToPart(*offer.reward, program, *out.mutable_reward());
  for (const domain::Obstacle obstacle : offer.obstacles) {
    out.add_obstacles(static_cast<v1::RewardObstacle>(obstacle));
  }
  out.set_points_missing(std::max<int64_t>(offer.reward->points - offer.available, 0));
  if (offer.stock_left.has_value()) out.set_stock_left(*offer.stock_left);
  if (offer.member_left.has_value()) out.set_member_left(*offer.member_left);
}

}  // namespace dangol::rpc
