#include "server/lane/fault.h"

#include "server/common/error.h"

namespace dangol::lane {

bool IsTransient(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsUnknown(status);
}

bool IsOutage(const absl::Status& status) {
  return IsTransient(status) || absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

absl::Status ExplainFault(const absl::Status& fault) {
  ErrorDetails details;
  details.retry_delay = absl::Seconds(1);
  if (absl::IsResourceExhausted(fault)) {
    details.reason = "STORE_FULL";
    return MakeError(absl::StatusCode::kResourceExhausted,
                     "the server's disk is full; nothing was recorded", details);
  }
  if (absl::IsUnknown(fault)) {
    details.reason = "OUTCOME_UNKNOWN";
    return MakeError(
        absl::StatusCode::kUnavailable,
        "the database did not confirm the write; repeat the call with the same id to learn what "
        "became of it",
        details);
  }
  if (IsOutage(fault)) {
    details.reason = "STORE_UNAVAILABLE";
    return MakeError(absl::StatusCode::kUnavailable,
                     "the database cannot be written right now; nothing was recorded", details);
  }
  return absl::InternalError(fault.message());
}

}  // namespace dangol::lane
