#include "server/rpc/care/convert_complaint.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/points/convert_points.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using Kind = domain::ComplaintEventKind;

// What every change of a complaint says.
template <typename Message>
domain::ChangeComplaint Begin(Kind kind, const Message& message, Validator& validator) {
  domain::ChangeComplaint change;
  validator.RequestId(Path("request_id"), message.request_id());
  validator.RequestId(Path("complaint_id"), message.complaint_id());
  change.request_id = message.request_id();
  change.complaint_id = change.member.complaint_id = message.complaint_id();
  change.kind = kind;
  return change;
}

void ReadText(const char* field, const std::string& text, bool required, std::string& out,
              Validator& validator) {
  validator.Text(Path(field), text, limits::kMaxComplaintTextBytes, required);
  out = text;
}

absl::StatusOr<lane::Request> End(domain::ChangeComplaint change, const Validator& validator) {
  RETURN_IF_ERROR(validator.status());
  const std::string id = change.request_id;
  return RequestFor(id, std::move(change));
}

void ToPart(const domain::ComplaintEvent& event, v1::ComplaintEvent& out) {
  out.set_kind(static_cast<v1::ComplaintEventKind>(event.kind));
  *out.mutable_at() = ToTimestamp(event.at);
  out.set_request_id(event.request_id);
  out.set_principal(event.principal);
  out.set_text(event.text);
  out.set_department(event.department);
  out.set_owner(event.owner);
  out.set_wallet(event.wallet);
  out.set_points(event.points);
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::FileComplaintRequest& message) {
  Validator validator;
  domain::FileComplaint file;
  validator.RequestId(Path("request_id"), message.request_id());
  file.complaint_id = message.request_id();
  file.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.Name(Path("category"), message.category(), limits::kMaxNameBytes);
  file.category = message.category();
  validator.Check(
      v1::Severity_IsValid(message.severity()) && message.severity() != v1::SEVERITY_UNSPECIFIED,
      Path("severity"), "must be SEVERITY_LOW, SEVERITY_MEDIUM or SEVERITY_HIGH");
  file.severity = static_cast<domain::Severity>(message.severity());
  validator.Text(Path("channel"), message.channel(), limits::kMaxChannelBytes);
  file.channel = message.channel();
  validator.Text(Path("purchase_id"), message.purchase_id(), limits::kMaxRequestIdBytes);
  file.purchase_id = message.purchase_id();
  ReadText("text", message.text(), /*required=*/true, file.text, validator);
  if (message.has_occurred_at()) {
    file.occurred_at = validator.Time(Path("occurred_at"), message.occurred_at());
  }
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(file));
}

absl::StatusOr<lane::Request> ToRequest(const v1::AcknowledgeComplaintRequest& message) {
  Validator validator;
  domain::ChangeComplaint change = Begin(Kind::kAcknowledged, message, validator);
  ReadText("text", message.text(), /*required=*/false, change.text, validator);
  return End(std::move(change), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::AssignComplaintRequest& message) {
  Validator validator;
  domain::ChangeComplaint change = Begin(Kind::kAssigned, message, validator);
  validator.Text(Path("department"), message.department(), limits::kMaxDepartmentBytes,
                 /*required=*/true);
  change.department = message.department();
  validator.Text(Path("owner"), message.owner(), limits::kMaxDepartmentBytes);
  change.owner = message.owner();
  ReadText("text", message.text(), /*required=*/false, change.text, validator);
  return End(std::move(change), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::GrantGoodwillRequest& message) {
  Validator validator;
  domain::ChangeComplaint change = Begin(Kind::kGoodwill, message, validator);
  validator.Check(message.points() >= 1 && message.points() <= limits::kMaxPointsMoved,
                  Path("points"), absl::StrCat("must be 1 to ", limits::kMaxPointsMoved));
  change.points = message.points();
  ReadText("text", message.text(), /*required=*/false, change.text, validator);
  return End(std::move(change), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::ResolveComplaintRequest& message) {
  Validator validator;
  domain::ChangeComplaint change = Begin(Kind::kResolved, message, validator);
  ReadText("outcome", message.outcome(), /*required=*/true, change.text, validator);
  return End(std::move(change), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordVerdictRequest& message) {
  Validator validator;
  const Kind kind = message.satisfied() ? Kind::kSatisfied : Kind::kUnsatisfied;
  domain::ChangeComplaint change = Begin(kind, message, validator);
  validator.Check(message.has_satisfied(), Path("satisfied"), "must be said: true or false");
  ReadText("text", message.text(), /*required=*/false, change.text, validator);
  return End(std::move(change), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::ReopenComplaintRequest& message) {
  Validator validator;
  domain::ChangeComplaint change = Begin(Kind::kReopened, message, validator);
  ReadText("text", message.text(), /*required=*/true, change.text, validator);
  return End(std::move(change), validator);
}

void ToProto(const domain::Complaint& complaint, const domain::MemberId& member,
             const std::string& escalated_to, absl::Time now, v1::Complaint& out) {
  const domain::ComplaintStatus status = domain::StatusAt(complaint, now);
  out.set_complaint_id(complaint.complaint_id);
  out.set_member_id(member.ToString());
  out.set_category(complaint.category);
  out.set_severity(static_cast<v1::Severity>(complaint.severity));
  out.set_channel(complaint.channel);
  out.set_purchase_id(complaint.purchase_id);
  out.set_state(static_cast<v1::ComplaintState>(status.state));
  out.set_department(status.department);
  out.set_owner(status.owner);
  if (status.due_at != absl::InfiniteFuture()) {
    *out.mutable_due_at() = ToTimestamp(status.due_at);
  }
  *out.mutable_acknowledge_by() = ToTimestamp(status.acknowledge_by);
  *out.mutable_resolve_by() = ToTimestamp(status.resolve_by);
  out.set_missed_deadlines(status.missed);
  out.set_escalated_to(escalated_to);
  out.set_reopened(status.reopened);
  out.set_goodwill_points(status.goodwill);
  *out.mutable_time_open() = ToDuration(status.times.open);
  *out.mutable_time_acknowledged() = ToDuration(status.times.acknowledged);
  *out.mutable_time_resolved() = ToDuration(status.times.resolved);
  for (const domain::ComplaintEvent& event : complaint.events) ToPart(event, *out.add_events());
}

void ToProto(const domain::ComplaintOutcome& outcome, v1::GrantGoodwillResponse& out) {
  ToProto(outcome.complaint, outcome.member_id, outcome.escalated_to, outcome.now,
          *out.mutable_complaint());
  ToProto(outcome.balances, *out.mutable_balances());
}

}  // namespace dangol::rpc
