#ifndef DANGOL_SERVER_DOMAIN_CARE_CARE_ERRORS_H_
#define DANGOL_SERVER_DOMAIN_CARE_CARE_ERRORS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/domain/care/complaint.h"
#include "server/domain/program/care.h"

// What is refused about complaints, and how it is said. The reasons are documented at the methods
// of CareService.
namespace dangol::domain {

absl::Status CareNotDeclared(absl::string_view program_name);
absl::Status CategoryNotDeclared(absl::string_view category, const Care& care);
absl::Status SurveysNotDeclared(absl::string_view program_name);
absl::Status TooManySurveys();
absl::Status WorkItemNotFound(absl::string_view item_id);
absl::Status WorkEndsByItself();
absl::Status ComplaintNotFound(absl::string_view complaint_id);
// It cannot happen to a complaint in that state.
absl::Status ComplaintNotReady(ComplaintEventKind kind, ComplaintState state);
absl::Status GoodwillNotDeclared(absl::string_view program_name);
// `given`: what was given for it before.
absl::Status GoodwillTooLarge(int64_t given, int64_t max_points);
absl::Status TooManyComplaintEvents();

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_CARE_CARE_ERRORS_H_
