#include "server/rpc/tier/convert_tier.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/day.h"
#include "server/rpc/handling.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using domain::Indicator;
using domain::Judged;

using Values = google::protobuf::RepeatedPtrField<v1::CriterionValue>;

void TellValues(const std::vector<Judged>& values, Values& out) {
  for (const Judged& judged : values) {
    v1::CriterionValue& value = *out.Add();
    rpc::ToProto(judged.criterion, *value.mutable_criterion());
    value.mutable_criterion()->set_at_least(judged.threshold);
    const bool is_bounded = judged.days.from != std::numeric_limits<domain::DayNumber>::min();
    if (is_bounded) value.set_first_day(DayText(judged.days.from));
    value.set_last_day(DayText(judged.days.until - 1));
    value.set_value(judged.value);
    value.set_carried(judged.carried);
    value.set_imported(judged.imported);
    value.set_missing(std::max<int64_t>(judged.threshold - judged.value, 0));
  }
}

void TellNext(const domain::TierLabel& next, const std::vector<Judged>& criteria, bool any,
              v1::NextTier& out) {
  ToProto(next, *out.mutable_tier());
  TellValues(criteria, *out.mutable_criteria());
  out.set_any(any);
}

template <typename Response>
void TellOutcome(const domain::TierOutcome& outcome, Response& out) {
  out.set_member_id(outcome.member_id.ToString());
  for (const domain::TierStatus& status : outcome.ladders) ToProto(status, *out.add_ladders());
}

// What a sum is of; nothing where it can be of no such thing.
std::optional<domain::LifetimeSum> ReadCounted(const v1::TierCriterion& message, const Path& path,
                                               Validator& validator) {
  switch (message.indicator_case()) {
    case v1::TierCriterion::kQualifyingPoints:
      validator.Name(Path(path, "qualifying_points"), message.qualifying_points(),
                     limits::kMaxNameBytes);
      return domain::LifetimeSum{Indicator::kQualifyingPoints, message.qualifying_points()};
    case v1::TierCriterion::kNetSpend:
      validator.Currency(Path(path, "net_spend"), message.net_spend());
      return domain::LifetimeSum{Indicator::kNetSpend, message.net_spend()};
    case v1::TierCriterion::kPurchases:
      return domain::LifetimeSum{Indicator::kPurchases, ""};
    case v1::TierCriterion::kVisits:
      return domain::LifetimeSum{Indicator::kVisits, ""};
    case v1::TierCriterion::kActivities:
      validator.Name(Path(path, "activities"), message.activities(), limits::kMaxNameBytes);
      return domain::LifetimeSum{Indicator::kActivities, message.activities()};
    default:
      validator.Fail(path,
                     "must be qualifying_points, net_spend, purchases {}, visits {} or activities");
      return std::nullopt;
  }
}

std::vector<domain::LifetimeSum> ReadSums(
    const google::protobuf::RepeatedPtrField<v1::LifetimeSum>& messages, Validator& validator) {
  const Path list("sums");
  std::vector<domain::LifetimeSum> sums;
  if (messages.size() > limits::kMaxLifetimeSums) {
    validator.Fail(list, absl::StrCat("has more than ", limits::kMaxLifetimeSums, " items"));
    return sums;
  }
  for (int i = 0; i < messages.size(); ++i) {
    const Path path(list, i);
    auto sum = ReadCounted(messages[i].counted(), Path(path, "counted"), validator);
    const int64_t amount = messages[i].amount();
    if (amount < 0 || amount > limits::kMaxLifetimeSum) {
      validator.Fail(Path(path, "amount"), absl::StrCat("must be 0 to ", limits::kMaxLifetimeSum));
    }
    if (!sum.has_value()) continue;
    const bool is_new = std::none_of(sums.begin(), sums.end(), [&](const auto& other) {
      return other.indicator == sum->indicator && other.of == sum->of;
    });
    validator.Check(is_new, Path(path, "counted"), "is there twice; add its amounts up");
    sum->amount = amount;
    sums.push_back(*std::move(sum));
  }
  return sums;
}

}  // namespace

void ToProto(const domain::Criterion& criterion, v1::TierCriterion& out) {
  switch (criterion.indicator) {
    case Indicator::kQualifyingPoints:
      out.set_qualifying_points(criterion.of);
      break;
    case Indicator::kNetSpend:
      out.set_net_spend(criterion.of);
      break;
    case Indicator::kPurchases:
      out.mutable_purchases();
      break;
    case Indicator::kVisits:
      out.mutable_visits();
      break;
    case Indicator::kActiveMonths:
      out.mutable_active_months();
      break;
    case Indicator::kActivities:
      out.set_activities(criterion.of);
      break;
    case Indicator::kActivityScore:
      out.mutable_activity_score();
      break;
    case Indicator::kSegment:
      for (const std::string& id : criterion.segments) out.mutable_segments()->add_ids(id);
      break;
  }
  out.set_at_least(criterion.at_least);
  out.set_lifetime(criterion.lifetime);
}

absl::StatusOr<lane::Request> ToRequest(const v1::OverrideTierRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::OverrideTier decided;
  decided.override_id = message.request_id();
  decided.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Name(Path("ladder"), message.ladder(), limits::kMaxNameBytes);
  validator.Name(Path("tier"), message.tier(), limits::kMaxNameBytes);
  decided.ladder = message.ladder();
  decided.tier = message.tier();
  validator.Check(v1::TierDecisionKind_IsValid(message.kind()), Path("kind"),
                  "is not a TierDecisionKind");
  if (message.kind() != v1::TIER_DECISION_KIND_UNSPECIFIED) {
    decided.kind = static_cast<domain::TierOverride::Kind>(message.kind());
  }
  const std::optional<absl::CivilDay> until = ReadDay(Path("until"), message.until(), validator);
  if (until.has_value()) decided.until = domain::NumberOf(*until);
  validator.Text(Path("reason"), message.reason(), limits::kMaxTierReasonBytes, /*required=*/true);
  decided.reason = message.reason();
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(decided));
}

absl::StatusOr<lane::Request> ToRequest(const v1::EndTierOverrideRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::EndTierOverride ended;
  ended.request_id = message.request_id();
  ended.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.RequestId(Path("override_id"), message.override_id());
  ended.override_id = message.override_id();
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(ended));
}

absl::StatusOr<lane::Request> ToRequest(const v1::ImportLifetimeSumsRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  domain::ImportLifetimeSums import;
  import.request_id = message.request_id();
  import.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  const Path source("source");
  validator.Text(source, message.source(), limits::kMaxLifetimeSourceBytes, /*required=*/true);
  // It is a name: with a space more it would be another one.
  validator.Check(message.source() == absl::StripAsciiWhitespace(message.source()), source,
                  "begins or ends with a space; leave it out");
  import.source = message.source();
  validator.Check(!message.day().empty(), Path("day"), "is required, such as 2025-12-31");
  const std::optional<absl::CivilDay> day = ReadDay(Path("day"), message.day(), validator);
  if (day.has_value()) import.day = domain::NumberOf(*day);
  import.sums = ReadSums(message.sums(), validator);
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(import));
}

void ToProto(const domain::TierOutcome& outcome, v1::OverrideTierResponse& out) {
  TellOutcome(outcome, out);
}

void ToProto(const domain::TierOutcome& outcome, v1::EndTierOverrideResponse& out) {
  TellOutcome(outcome, out);
}

void ToProto(const domain::TierOutcome& outcome, v1::ImportLifetimeSumsResponse& out) {
  TellOutcome(outcome, out);
  for (const domain::ImportOf& import : outcome.imports) ToProto(import, *out.add_imports());
}

void ToProto(const domain::ReviewForecast& review, domain::DayNumber last_day,
             v1::TierReview& out) {
  out.set_last_day(DayText(last_day));
  ToProto(review.tier, *out.mutable_tier());
  out.set_grace(review.grace);
  out.set_at_risk(review.at_risk);
  TellValues(review.criteria, *out.mutable_criteria());
  out.set_any(review.any);
}

void ToProto(const domain::TierStatus& status, v1::TierStatus& out) {
  out.set_ladder(status.ladder);
  ToProto(status.tier, *out.mutable_tier());
  ToProto(status.qualified, *out.mutable_qualified());
  if (status.decided.has_value()) ToProto(*status.decided, *out.mutable_decision());
  if (status.span.day != 0) {
    out.set_reason(static_cast<v1::TierReason>(status.span.reason));
    out.set_since(DayText(status.span.reached_on));
  }
  TellValues(status.criteria, *out.mutable_criteria());
  out.set_criteria_any(status.any);
  if (!status.next.id.empty()) {
    TellNext(status.next, status.next_criteria, status.next_any, *out.mutable_next());
    if (status.next_until != 0) out.mutable_next()->set_until(DayText(status.next_until));
  }
  if (status.span.valid_until != 0) {
    ToProto(status.review, status.span.valid_until, *out.mutable_review());
  }
}

void ToProto(const domain::TierChange& change, v1::TierProgress& out) {
  out.set_ladder(change.ladder);
  ToProto(change.before, *out.mutable_before());
  ToProto(change.after, *out.mutable_after());
  if (!change.next.id.empty()) {
    TellNext(change.next, change.next_criteria, change.next_any, *out.mutable_next());
  }
}

void ToProto(const domain::TierOverride& decided, v1::TierDecision& out) {
  out.set_override_id(decided.request_id);
  out.set_ladder(decided.ladder);
  out.set_tier(decided.tier);
  out.set_kind(static_cast<v1::TierDecisionKind>(decided.kind));
  out.set_from(DayText(decided.from));
  if (decided.until != 0) out.set_until(DayText(decided.until));
  out.set_reason(decided.reason);
  out.set_principal(decided.principal);
}

void ToProto(const domain::TierLabel& label, v1::TierLabel& out) {
  out.set_id(label.id);
  out.set_name(label.name);
}

void ToProto(const domain::ImportOf& import, v1::LifetimeImport& out) {
  out.set_request_id(import.import.request_id);
  out.set_source(import.import.source);
  out.set_day(DayText(import.import.day));
  for (const domain::LifetimeSum& sum : import.import.sums) {
    v1::LifetimeSum& told = *out.add_sums();
    ToProto(domain::Criterion{sum.indicator, sum.of, /*at_least=*/0}, *told.mutable_counted());
    told.set_amount(sum.amount);
  }
  out.set_principal(import.import.principal);
  if (!import.person.IsNil()) out.set_merged_member_id(import.person.ToString());
}

}  // namespace dangol::rpc
