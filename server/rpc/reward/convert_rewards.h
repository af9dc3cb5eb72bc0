#ifndef DANGOL_SERVER_RPC_REWARD_CONVERT_REWARDS_H_
#define DANGOL_SERVER_RPC_REWARD_CONVERT_REWARDS_H_

#include "absl/status/statusor.h"
#include "dangol/v1/reward_service.pb.h"
#include "server/domain/decide.h"
#include "server/domain/reward/rewards.h"
#include "server/lane/request.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {

// Each validates its message and makes what it asks for. IssueCoupon gets a code and a
// seed, which are not in the message.
absl::StatusOr<lane::Request> ToRequest(const v1::IssueCouponRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::UseCouponRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::CancelCouponRequest& message);

// The code of a coupon as it is stored.
std::string CouponCode(const Path& path, const std::string& typed, Validator& validator);

void ToProto(const domain::MemberId& member, const domain::Coupon& coupon,
             const domain::CouponTerms& terms, v1::Coupon& out);
// Of every response that has a coupon.
template <typename Response>
void ToProto(const domain::CouponOutcome& outcome, Response& out) {
  ToProto(outcome.member_id, outcome.coupon, outcome.terms, *out.mutable_coupon());
  ToProto(outcome.balances, *out.mutable_balances());
}

// The reward is as `program` declares it.
void ToProto(const domain::Offer& offer, const domain::Program& program, v1::RewardOffer& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_REWARD_CONVERT_REWARDS_H_
