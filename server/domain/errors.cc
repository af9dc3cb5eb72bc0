#include "server/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::domain {
namespace {

absl::Status Refused(absl::StatusCode code, absl::string_view reason, absl::string_view message) {
  ErrorDetails details;
  details.reason = std::string(reason);
  return MakeError(code, message, details);
}

std::string Name(const Alias& alias) { return absl::StrCat(alias.kind, ":", alias.value); }

std::string Utc(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace

absl::Status MemberNotFound(const MemberRef& member) {
  return Refused(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND",
                 absl::StrCat("there is no member ",
                              member.id.has_value() ? member.id->ToString() : Name(member.alias),
                              "; enroll them first"));
}

absl::Status MemberClosed() {
  return Refused(absl::StatusCode::kFailedPrecondition, "MEMBER_CLOSED",
                 "the membership has ended; nothing can be recorded for it");
}

absl::Status AliasTaken(const Alias& alias, absl::string_view field) {
  ErrorDetails details;
  details.reason = "ALIAS_TAKEN";
  details.violations.push_back({std::string(field), "belongs to another member"});
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat("alias ", Name(alias), " belongs to another member"), details);
}

absl::Status AliasRepeated(const Alias& alias, absl::string_view field) {
  return InvalidField("ALIAS_REPEATED", field,
                      absl::StrCat(Name(alias), " is given twice; give it once"));
}

absl::Status AliasNotFound(const Alias& alias) {
  return Refused(absl::StatusCode::kNotFound, "ALIAS_NOT_FOUND",
                 absl::StrCat("the member has no alias ", Name(alias)));
}

absl::Status TooManyAliases() {
  return Refused(absl::StatusCode::kFailedPrecondition, "TOO_MANY_ALIASES",
                 absl::StrCat("a member has at most ", limits::kMaxAliasesPerMember,
                              " aliases; remove one first"));
}

absl::Status CurrencyNotDeclared(absl::string_view currency, absl::string_view program_name) {
  return InvalidField("CURRENCY_NOT_DECLARED", "currency",
                      absl::StrCat("program \"", program_name, "\" does not declare ", currency,
                                   "; use one of its currencies"));
}

absl::Status TimeInFuture(absl::string_view field, absl::Time time, absl::Time now) {
  return InvalidField("TIME_IN_FUTURE", field,
                      absl::StrCat(Utc(time), " is in the future; it is ", Utc(now), " now"));
}

absl::Status TimeTooEarly(absl::string_view field, absl::Time time) {
  return InvalidField("TIME_TOO_EARLY", field, absl::StrCat(Utc(time), " lies before 1970"));
}

absl::Status TooManyPoints() {
  return InvalidField("TOO_MANY_POINTS", "lines",
                      absl::StrCat("the purchase would earn more than ",
                                   limits::kMaxPointsPerPurchase, " points; check its amounts"));
}

absl::Status BalanceTooLarge(absl::string_view wallet) {
  return Refused(
      absl::StatusCode::kFailedPrecondition, "BALANCE_TOO_LARGE",
      absl::StrCat("wallet ", wallet, " can hold no more than ", limits::kMaxBalance, " points"));
}

absl::Status ProgramMissing() {
  return Refused(absl::StatusCode::kFailedPrecondition, "PROGRAM_MISSING",
                 "no program is active; activate one first");
}

absl::Status ProgramInPast(absl::Time effective_from, absl::Time now) {
  return InvalidField("TIME_IN_PAST", "effective_from",
                      absl::StrCat(Utc(effective_from), " is past; it is ", Utc(now), " now"));
}

absl::Status ProgramTooEarly(absl::Time effective_from, absl::Time latest) {
  return Refused(absl::StatusCode::kFailedPrecondition, "PROGRAM_TOO_EARLY",
                 absl::StrCat("the latest version begins at ", Utc(latest),
                              ", a new one cannot begin at ", Utc(effective_from)));
}

}  // namespace dangol::domain
