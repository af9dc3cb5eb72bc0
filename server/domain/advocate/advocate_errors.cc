#include "server/domain/advocate/advocate_errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::domain {
namespace {

absl::Status Precondition(absl::string_view reason, absl::string_view message) {
  return Refused(absl::StatusCode::kFailedPrecondition, reason, message);
}

}  // namespace

absl::Status ScopeNotDeclared(absl::string_view field, absl::string_view scope,
                              const std::vector<std::string>& declared) {
  return InvalidField(
      "SCOPE_NOT_DECLARED", field,
      declared.empty()
          ? "the program declares no testimony_scopes: nobody's name can be used"
          : absl::StrCat("the program does not declare \"", scope,
                         "\"; use one of its testimony_scopes: ", absl::StrJoin(declared, ", ")));
}

absl::Status ConsentIsOver(absl::CivilDay from, absl::CivilDay until) {
  return InvalidField("CONSENT_IS_OVER", "until",
                      absl::StrCat(absl::FormatCivilTime(until), " lies before the first day, ",
                                   absl::FormatCivilTime(from)));
}

absl::Status AlreadyNominated(absl::string_view record_id) {
  return Precondition("ALREADY_NOMINATED",
                      absl::StrCat("the member was nominated already, by ", record_id));
}

absl::Status TestifierNotNominated() {
  return Precondition("TESTIFIER_NOT_NOMINATED",
                      "the member is no testifier: nominate them, and record their consent");
}

absl::Status TestifierWasPaid() {
  return Precondition("TESTIFIER_WAS_PAID",
                      "the member was paid for what they say, which makes it an advertisement: "
                      "they cannot be a testifier");
}

absl::Status ConsentMissing() {
  return Precondition("CONSENT_MISSING",
                      "no consent of the member is in force at that time; ask them for one");
}

absl::Status ConsentWithdrawn() {
  return Precondition("CONSENT_WITHDRAWN",
                      "the member has withdrawn their consent; their name cannot be used");
}

absl::Status ScopeWithoutConsent(absl::string_view scope) {
  return Precondition("SCOPE_WITHOUT_CONSENT",
                      absl::StrCat("the member's consent does not cover \"", scope, "\""));
}

absl::Status ConsentNotFound(absl::string_view consent_id) {
  return RefusedFor("consent_id", absl::StatusCode::kNotFound, "CONSENT_NOT_FOUND",
                    absl::StrCat("the member has given no consent under ", consent_id));
}

absl::Status AdvocateRecordNotFound(absl::string_view record_id) {
  return RefusedFor("record_id", absl::StatusCode::kNotFound, "ADVOCATE_RECORD_NOT_FOUND",
                    absl::StrCat("nothing is on record of the member under ", record_id,
                                 ", or it was undone already"));
}

absl::Status WithdrawalStands() {
  return Precondition("WITHDRAWAL_STANDS",
                      "who has withdrawn their consent has to give it anew: record that consent");
}

absl::Status TooManyAdvocateRecords() {
  return Precondition("TOO_MANY_ADVOCATE_RECORDS",
                      absl::StrCat("more than ", limits::kMaxAdvocateRecords,
                                   " such records of one member are not kept"));
}

absl::Status AdvocateNotRewarded(absl::string_view reason) {
  return RefusedFor(
      "reason", absl::StatusCode::kFailedPrecondition, "ADVOCATE_NOT_REWARDED",
      absl::StrCat("the member speaks for the house, which must not be paid for; points for ",
                   reason, " can only be given to them where the program says for_advocates"));
}

absl::Status AdvocateNotPaidByHouse() {
  return RefusedFor("to", absl::StatusCode::kFailedPrecondition, "ADVOCATE_NOT_REWARDED",
                    "the member speaks for the house, which must not be paid for; the house itself "
                    "cannot give them points");
}

absl::Status RewardNotForAdvocates(absl::string_view reward_id) {
  return RefusedFor(
      "reward_id", absl::StatusCode::kFailedPrecondition, "ADVOCATE_NOT_REWARDED",
      absl::StrCat("the member speaks for the house, which must not be paid for; \"", reward_id,
                   "\" is given away to them only where the program says for_advocates"));
}

}  // namespace dangol::domain
