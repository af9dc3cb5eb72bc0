#include "server/domain/care/care_errors.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::domain {
namespace {

using Kind = ComplaintEventKind;

const char* WordOf(ComplaintState state) {
  switch (state) {
    case ComplaintState::kOpen:
      return "open";
    case ComplaintState::kAcknowledged:
      return "acknowledged";
    case ComplaintState::kResolved:
      return "resolved";
    case ComplaintState::kClosed:
      return "closed";
  }
  return "";
}

const char* AdviceFor(Kind kind, ComplaintState state) {
  const bool is_verdict = kind == Kind::kSatisfied || kind == Kind::kUnsatisfied;
  if (is_verdict && state == ComplaintState::kClosed) return "reopen it if it has come up again";
  if (is_verdict) return "resolve it with an outcome before the member judges that";
  if (kind == Kind::kReopened) return "it need not be opened again";
  if (state == ComplaintState::kClosed || state == ComplaintState::kResolved) return "reopen it";
  return "that need not be said twice";
}

}  // namespace

absl::Status CareNotDeclared(absl::string_view program_name) {
  return Refused(absl::StatusCode::kFailedPrecondition, "CARE_NOT_DECLARED",
                 absl::StrCat("program \"", program_name,
                              "\" does not say how complaints are dealt with; declare care"));
}

absl::Status CategoryNotDeclared(absl::string_view category, const Care& care) {
  std::vector<std::string> known;
  for (const ComplaintCategory& declared : care.categories) known.push_back(declared.id);
  return InvalidField("CATEGORY_NOT_DECLARED", "category",
                      absl::StrCat("the program does not declare \"", category,
                                   "\"; use one of: ", absl::StrJoin(known, ", ")));
}

absl::Status SurveysNotDeclared(absl::string_view program_name) {
  return Refused(absl::StatusCode::kFailedPrecondition, "SURVEYS_NOT_DECLARED",
                 absl::StrCat("program \"", program_name,
                              "\" does not say what becomes of answers; declare care.surveys"));
}

absl::Status TooManySurveys() {
  return Refused(
      absl::StatusCode::kFailedPrecondition, "TOO_MANY_SURVEYS",
      absl::StrCat("more than ", limits::kMaxSurveys, " answers of one member are not kept"));
}

absl::Status WorkItemNotFound(absl::string_view item_id) {
  return RefusedFor("item_id", absl::StatusCode::kNotFound, "WORK_ITEM_NOT_FOUND",
                    absl::StrCat("there is nothing open of this kind under ", item_id,
                                 " for the member; it may have ended by itself"));
}

absl::Status WorkEndsByItself() {
  return RefusedFor("kind", absl::StatusCode::kFailedPrecondition, "WORK_ENDS_BY_ITSELF",
                    "a complaint is done when the member is content with its outcome: resolve it, "
                    "and record their verdict");
}

absl::Status ComplaintNotFound(absl::string_view complaint_id) {
  return RefusedFor("complaint_id", absl::StatusCode::kNotFound, "COMPLAINT_NOT_FOUND",
                    absl::StrCat("there is no complaint ", complaint_id));
}

absl::Status ComplaintNotReady(Kind kind, ComplaintState state) {
  return Refused(absl::StatusCode::kFailedPrecondition, "COMPLAINT_NOT_READY",
                 absl::StrCat("the complaint is ", WordOf(state), "; ", AdviceFor(kind, state)));
}

absl::Status GoodwillNotDeclared(absl::string_view program_name) {
  return Refused(absl::StatusCode::kFailedPrecondition, "GOODWILL_NOT_DECLARED",
                 absl::StrCat("program \"", program_name,
                              "\" does not say what may be given for a complaint"));
}

absl::Status GoodwillTooLarge(int64_t given, int64_t max_points) {
  return RefusedFor(
      "points", absl::StatusCode::kFailedPrecondition, "GOODWILL_TOO_LARGE",
      absl::StrCat("for one complaint ", max_points, " points may be given, and ", given, " were"));
}

absl::Status TooManyComplaintEvents() {
  return Refused(absl::StatusCode::kFailedPrecondition, "TOO_MANY_COMPLAINT_EVENTS",
                 absl::StrCat("more than ", limits::kMaxComplaintEvents,
                              " events of one complaint are not kept; file another"));
}

}  // namespace dangol::domain
