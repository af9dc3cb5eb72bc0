#include "server/rpc/advocate/convert_advocate.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/day.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using Kind = domain::AdvocateRecordKind;

// What every record says.
template <typename Message>
domain::RecordAdvocate Begin(Kind kind, const Message& message, Validator& validator) {
  domain::RecordAdvocate record;
  validator.RequestId(Path("request_id"), message.request_id());
  record.record.record_id = message.request_id();
  record.record.kind = kind;
  record.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  if (message.has_occurred_at()) {
    record.occurred_at = validator.Time(Path("occurred_at"), message.occurred_at());
  }
  return record;
}

absl::StatusOr<lane::Request> End(domain::RecordAdvocate record, const Validator& validator) {
  RETURN_IF_ERROR(validator.status());
  const std::string id = record.record.record_id;
  return RequestFor(id, std::move(record));
}

void ReadText(const char* field, const std::string& text, bool required,
              domain::RecordAdvocate& record, Validator& validator) {
  validator.Text(Path(field), text, limits::kMaxAdvocateTextBytes, required);
  record.record.text = text;
}

void ReadScope(const Path& path, const std::string& scope, domain::RecordAdvocate& record,
               Validator& validator) {
  validator.Name(path, scope, limits::kMaxNameBytes);
  record.record.scopes.push_back(scope);
}

// 0 where none is said.
domain::DayNumber ReadNumber(const char* field, const std::string& text, Validator& validator) {
  const std::optional<absl::CivilDay> day = ReadDay(Path(field), text, validator);
  return day.has_value() ? domain::NumberOf(*day) : 0;
}

template <typename Message>
void ReadAmount(const Message& message, domain::RecordAdvocate& record, Validator& validator) {
  const bool is_amount =
      message.amount_minor() >= 0 && message.amount_minor() <= limits::kMaxAmountMinor;
  validator.Check(is_amount, Path("amount_minor"),
                  absl::StrCat("must be 0 to ", limits::kMaxAmountMinor));
  record.record.amount_minor = message.amount_minor();
  if (message.amount_minor() != 0 || !message.currency().empty()) {
    validator.Currency(Path("currency"), message.currency());
  }
  record.record.currency = message.currency();
}

void ToPart(const domain::AdvocateRecordView& view, v1::AdvocateRecord& out) {
  const domain::AdvocateRecord& record = view.record;
  out.set_record_id(record.record_id);
  out.set_kind(static_cast<v1::AdvocateRecordKind>(record.kind));
  *out.mutable_occurred_at() = ToTimestamp(record.at);
  *out.mutable_recorded_at() = ToTimestamp(record.recorded_at);
  out.set_principal(record.principal);
  out.set_text(record.text);
  for (const std::string& scope : record.scopes) out.add_scopes(scope);
  if (record.from != 0) out.set_from(DayText(record.from));
  if (record.until != 0) out.set_until(DayText(record.until));
  out.set_consent_id(record.consent_id);
  out.set_amount_minor(record.amount_minor);
  out.set_currency(record.currency);
  out.set_holds(view.holds);
  if (!record.undone_at.has_value()) return;
  *out.mutable_undone_at() = ToTimestamp(*record.undone_at);
  out.set_undone_by(record.undone_by);
  out.set_undone_because(record.undone_because);
}

void ToPart(const domain::AdvocateStanding& standing, v1::Advocate& out) {
  out.set_word_of_mouth(static_cast<v1::WordOfMouthState>(standing.word_of_mouth()));
  for (const domain::WordOfMouthChange& change : standing.advocacy.word_of_mouth) {
    v1::WordOfMouthChange& told = *out.add_word_of_mouth_history();
    *told.mutable_at() = ToTimestamp(change.at);
    told.set_state(static_cast<v1::WordOfMouthState>(change.state));
    told.set_reason(static_cast<v1::WordOfMouthReason>(change.reason));
    told.set_about(change.about);
  }
  out.set_influence_thousandths(standing.influence);
  out.set_vvip(standing.is_vvip);
  for (const domain::VvipSpan& span : standing.advocacy.vvip) {
    v1::VvipSpan& told = *out.add_vvip_history();
    told.set_from(DayText(span.from));
    if (span.until != 0) told.set_until(DayText(span.until - 1));
  }
  out.set_manager(standing.manager);
}

}  // namespace

absl::StatusOr<lane::Request> ToRequest(const v1::NominateTestifierRequest& message) {
  Validator validator;
  domain::RecordAdvocate record = Begin(Kind::kNomination, message, validator);
  ReadText("reason", message.reason(), /*required=*/true, record, validator);
  return End(std::move(record), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordConsentRequest& message) {
  Validator validator;
  domain::RecordAdvocate record = Begin(Kind::kConsent, message, validator);
  ReadText("evidence", message.evidence(), /*required=*/true, record, validator);
  const bool is_some =
      message.scopes_size() >= 1 && message.scopes_size() <= limits::kMaxTestimonyScopes;
  validator.Check(is_some, Path("scopes"),
                  absl::StrCat("must name 1 to ", limits::kMaxTestimonyScopes));
  std::set<std::string> scopes;
  for (int i = 0; i < message.scopes_size() && is_some; ++i) {
    const Path list("scopes");
    const Path path(list, i);
    validator.Check(scopes.insert(message.scopes(i)).second, path, "is named twice");
    ReadScope(path, message.scopes(i), record, validator);
  }
  record.record.from = ReadNumber("from", message.from(), validator);
  record.record.until = ReadNumber("until", message.until(), validator);
  return End(std::move(record), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::WithdrawConsentRequest& message) {
  Validator validator;
  domain::RecordAdvocate record = Begin(Kind::kWithdrawal, message, validator);
  ReadText("reason", message.reason(), /*required=*/false, record, validator);
  if (!message.consent_id().empty()) {
    validator.RequestId(Path("consent_id"), message.consent_id());
  }
  record.record.consent_id = message.consent_id();
  return End(std::move(record), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordTestimonyUseRequest& message) {
  Validator validator;
  domain::RecordAdvocate record = Begin(Kind::kUse, message, validator);
  ReadText("used_in", message.used_in(), /*required=*/true, record, validator);
  ReadScope(Path("scope"), message.scope(), record, validator);
  return End(std::move(record), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordCompensationRequest& message) {
  Validator validator;
  domain::RecordAdvocate record = Begin(Kind::kCompensation, message, validator);
  ReadText("reason", message.reason(), /*required=*/true, record, validator);
  ReadAmount(message, record, validator);
  return End(std::move(record), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::RecordSponsorshipRequest& message) {
  Validator validator;
  domain::RecordAdvocate record = Begin(Kind::kSponsorship, message, validator);
  ReadText("campaign", message.campaign(), /*required=*/true, record, validator);
  ReadAmount(message, record, validator);
  return End(std::move(record), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::AssignManagerRequest& message) {
  Validator validator;
  domain::RecordAdvocate record = Begin(Kind::kManager, message, validator);
  ReadText("manager", message.manager(), /*required=*/false, record, validator);
  return End(std::move(record), validator);
}

absl::StatusOr<lane::Request> ToRequest(const v1::UndoAdvocateRecordRequest& message) {
  Validator validator;
  domain::UndoAdvocateRecord undo;
  validator.RequestId(Path("request_id"), message.request_id());
  undo.request_id = message.request_id();
  undo.member = validator.MemberRef(Path("member"), message.has_member(), message.member());
  validator.RequestId(Path("record_id"), message.record_id());
  undo.record_id = message.record_id();
  validator.Text(Path("reason"), message.reason(), limits::kMaxAdvocateTextBytes,
                 /*required=*/true);
  undo.reason = message.reason();
  RETURN_IF_ERROR(validator.status());
  return RequestFor(message.request_id(), std::move(undo));
}

void ToProto(const domain::AdvocateView& view, const domain::AdvocateStanding& standing,
             v1::Advocate& out) {
  out.set_member_id(view.member_id.ToString());
  out.set_testifier(static_cast<v1::TestifierState>(view.state()));
  for (const domain::TestifierChange& change : view.testifier) {
    v1::TestifierChange& told = *out.add_testifier_history();
    *told.mutable_at() = ToTimestamp(change.at);
    told.set_state(static_cast<v1::TestifierState>(change.state));
    told.set_reason(static_cast<v1::TestifierReason>(change.reason));
    told.set_record_id(change.record_id);
  }
  for (const domain::AdvocateRecordView& record : view.records) ToPart(record, *out.add_records());
  ToPart(standing, out);
}

}  // namespace dangol::rpc
