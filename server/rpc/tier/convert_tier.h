#ifndef DANGOL_SERVER_RPC_TIER_CONVERT_TIER_H_
#define DANGOL_SERVER_RPC_TIER_CONVERT_TIER_H_

#include <string>

#include "absl/status/statusor.h"
#include "dangol/v1/tier_service.pb.h"
#include "server/domain/decide.h"
#include "server/domain/standing/status.h"
#include "server/lane/request.h"

// Between tiers as the API says them and the domain's.
namespace dangol::rpc {

absl::StatusOr<lane::Request> ToRequest(const v1::OverrideTierRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::EndTierOverrideRequest& message);
absl::StatusOr<lane::Request> ToRequest(const v1::ImportLifetimeSumsRequest& message);

void ToProto(const domain::TierOutcome& outcome, v1::OverrideTierResponse& out);
void ToProto(const domain::TierOutcome& outcome, v1::EndTierOverrideResponse& out);
void ToProto(const domain::TierOutcome& outcome, v1::ImportLifetimeSumsResponse& out);

void ToProto(const domain::Criterion& criterion, v1::TierCriterion& out);
void ToProto(const domain::TierStatus& status, v1::TierStatus& out);
// `last_day`: of the tier before the review.
void ToProto(const domain::ReviewForecast& review, domain::DayNumber last_day, v1::TierReview& out);
void ToProto(const domain::TierChange& change, v1::TierProgress& out);
void ToProto(const domain::TierOverride& decided, v1::TierDecision& out);
void ToProto(const domain::TierLabel& label, v1::TierLabel& out);
void ToProto(const domain::ImportOf& import, v1::LifetimeImport& out);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_TIER_CONVERT_TIER_H_
