#include "cli/errors.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dangol/error.h"

namespace dangol::cli {
namespace {

// What a server or a file says may hold line ends and worse; a terminal gets
// none of it.
std::string OneLine(std::string text) {
  for (char& character : text) {
    if (absl::ascii_iscntrl(character)) character = ' ';
  }
  return text;
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kInvalidArgument;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return ExitCode::kConflict;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kDenied;
    default:
      return ExitCode::kOther;
  }
}

std::string Describe(const absl::Status& status) {
  std::string text(status.message());
  if (text.empty()) text = absl::StatusCodeToString(status.code());
  if (const std::string reason = ErrorReason(status); !reason.empty()) {
    absl::StrAppend(&text, " (", reason, ")");
  }
  const char* separator = ": ";
  for (const auto& violation : FieldViolations(status)) {
    const std::string wrong = absl::StrCat(violation.field(), ": ", violation.description());
    // The message may have named it already, or said what is wrong and not where.
    if (absl::StrContains(status.message(), wrong)) continue;
    const bool is_said = status.message() == violation.description();
    absl::StrAppend(&text, separator, is_said ? violation.field() : wrong);
    separator = "; ";
  }
  return OneLine(std::move(text));
}

}  // namespace dangol::cli
