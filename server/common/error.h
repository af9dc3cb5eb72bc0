#ifndef DANGOL_SERVER_COMMON_ERROR_H_
#define DANGOL_SERVER_COMMON_ERROR_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dangol {

// A field of a request that is wrong, and what to do about it.
struct FieldViolation {
  std::string field;  // Such as "purchase.lines[2].quantity".
  std::string description;
};

// What an error carries beside its code and sentence. Errors are made by named
// factories next to what they concern; these details travel inside the
// absl::Status until the RPC layer turns them into google.rpc messages.
struct ErrorDetails {
  std::string reason;  // UPPER_SNAKE_CASE, stable, for programs to act on.
  std::vector<FieldViolation> violations;
  absl::Duration retry_delay = absl::ZeroDuration();  // Zero: no retry suggested.
  std::map<std::string, std::string> metadata;        // What programs may want to know besides.
};

// A time as errors tell it, such as "2026-05-31T18:30:00Z".
std::string FormatUtc(absl::Time time);

// Makes an error with details.
absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details);

// An error with a reason and nothing more; the second about a field, none where that is empty.
absl::Status Refused(absl::StatusCode code, absl::string_view reason, absl::string_view message);
absl::Status RefusedFor(absl::string_view field, absl::StatusCode code, absl::string_view reason,
                        absl::string_view message);

// INVALID_ARGUMENT about one field.
absl::Status InvalidField(absl::string_view reason, absl::string_view field,
                          absl::string_view description);

// The details of an error; empty ones for a status without any.
ErrorDetails DetailsOf(const absl::Status& status);

// Both errors in one, where both are about fields; otherwise the one that isn't OK,
// the first if neither is.
absl::Status Combine(const absl::Status& first, const absl::Status& second);

// The same error, with "prefix" put in front of every field, where a message
// that was checked by itself is part of another.
absl::Status PrefixFields(const absl::Status& status, absl::string_view prefix);

}  // namespace dangol

#endif  // DANGOL_SERVER_COMMON_ERROR_H_
