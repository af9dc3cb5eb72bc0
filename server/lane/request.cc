#include "server/lane/request.h"

#include "server/common/error.h"

namespace dangol::lane {
namespace {

absl::Status Refused(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                     absl::Duration retry_delay = absl::ZeroDuration()) {
  ErrorDetails details;
  details.reason = std::string(reason);
  details.retry_delay = retry_delay;
  return MakeError(code, message, details);
}

}  // namespace

absl::Status Overloaded() {
  return Refused(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                 "the server has more to do than it can hold; try again", absl::Milliseconds(100));
}

absl::Status ShuttingDown() {
  return Refused(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                 "the server is shutting down; try again, elsewhere or later", absl::Seconds(1));
}

absl::Status DeadlinePassed() {
  return Refused(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED",
                 "the deadline passed before the command was run; it had no effect");
}

}  // namespace dangol::lane
