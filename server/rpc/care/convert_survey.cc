#include "server/rpc/care/convert_survey.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

// An answer on a scale; nothing where nobody was asked.
std::optional<int> ReadAnswer(const char* field, bool is_said, int answer, int least, int most,
                              Validator& validator) {
  if (!is_said) return std::nullopt;
  validator.Check(least <= answer && answer <= most, Path(field),
                  absl::StrCat("must be ", least, " to ", most));
  return answer;
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::RecordSurveyRequest& message) {
  Validator validator;
  domain::RecordSurvey record;
  domain::Survey& survey = record.survey;
  validator.RequestId(Path("request_id"), message.request_id());
  survey.survey_id = message.request_id();
  record.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  if (message.has_occurred_at()) {
    record.occurred_at = validator.Time(Path("occurred_at"), message.occurred_at());
  }
  validator.Text(Path("channel"), message.channel(), limits::kMaxChannelBytes);
  survey.channel = message.channel();
  validator.Text(Path("purchase_id"), message.purchase_id(), limits::kMaxRequestIdBytes);
  survey.purchase_id = message.purchase_id();
  survey.expectation =
      ReadAnswer("expectation", message.has_expectation(), message.expectation(), 1, 7, validator);
  survey.perception =
      ReadAnswer("perception", message.has_perception(), message.perception(), 1, 7, validator);
  survey.recommendation = ReadAnswer("recommendation", message.has_recommendation(),
                                     message.recommendation(), 0, 10, validator);
  const bool is_any = survey.expectation.has_value() || survey.perception.has_value() ||
                      survey.recommendation.has_value();
  validator.Check(is_any, Path("recommendation"),
                  "is missing, and so are expectation and perception: give at least one of them");
  validator.Text(Path("text"), message.text(), limits::kMaxAdvocateTextBytes);
  survey.text = message.text();
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(record));
}

absl::StatusOr<lane::Request> ToRequest(const v1::CompleteWorkItemRequest& message) {
  Validator validator;
  domain::CompleteWork complete;
  validator.RequestId(Path("request_id"), message.request_id());
  complete.request_id = message.request_id();
  complete.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Check(
      v1::WorkKind_IsValid(message.kind()) && message.kind() != v1::WORK_KIND_UNSPECIFIED,
      Path("kind"), "must be a WorkKind");
  complete.kind = static_cast<domain::WorkKind>(message.kind());
  validator.RequestId(Path("item_id"), message.item_id());
  complete.item_id = message.item_id();
  validator.Text(Path("text"), message.text(), limits::kMaxAdvocateTextBytes, /*required=*/true);
  complete.text = message.text();
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(complete));
}

void ToProto(const domain::Survey& survey, const domain::MemberId& member, v1::Survey& out) {
  out.set_survey_id(survey.survey_id);
  out.set_member_id(member.ToString());
  *out.mutable_occurred_at() = ToTimestamp(survey.at);
  *out.mutable_recorded_at() = ToTimestamp(survey.recorded_at);
  out.set_principal(survey.principal);
  out.set_channel(survey.channel);
  out.set_purchase_id(survey.purchase_id);
  if (survey.expectation.has_value()) out.set_expectation(*survey.expectation);
  if (survey.perception.has_value()) out.set_perception(*survey.perception);
  if (survey.expectation.has_value() && survey.perception.has_value()) {
    out.set_satisfaction(*survey.perception - *survey.expectation);
  }
  if (survey.recommendation.has_value()) out.set_recommendation(*survey.recommendation);
  out.set_text(survey.text);
}

void ToProto(const domain::SurveyOutcome& outcome, v1::RecordSurveyResponse& out) {
  ToProto(outcome.survey, outcome.member_id, *out.mutable_survey());
  out.mutable_survey()->set_open(outcome.is_waiting);
}

void ToProto(const domain::WorkOutcome& outcome, v1::CompleteWorkItemResponse& out) {
  v1::WorkItem& item = *out.mutable_item();
  item.set_kind(static_cast<v1::WorkKind>(outcome.alert.kind));
  item.set_item_id(outcome.alert.item_id);
  item.set_member_id(outcome.member_id.ToString());
  item.set_department(outcome.alert.department);
  item.set_owner(outcome.alert.owner);
  *item.mutable_opened_at() = ToTimestamp(outcome.alert.since);
  *item.mutable_due_at() = ToTimestamp(outcome.alert.due_at);
  item.set_overdue(outcome.alert.due_at <= outcome.now);
}

}  // namespace dangol::rpc
