#include "server/rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <spdlog/spdlog.h>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

constexpr char kDomain[] = "dangol";

// Errors that were meant for the caller have a reason. The others are faults of
// the store or of this program.
absl::Status Translate(const absl::Status& status) {
  ErrorDetails details = DetailsOf(status);
  if (!details.reason.empty()) return status;
  spdlog::error("internal error: {}", status.ToString());
  if (absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsResourceExhausted(status)) {
    details.reason = "STORE_UNAVAILABLE";
    details.retry_delay = absl::Seconds(1);
    return MakeError(absl::StatusCode::kUnavailable, "the database cannot be used right now",
                     details);
  }
  details.reason = "INTERNAL";
  return MakeError(absl::StatusCode::kInternal, "the server made a mistake; its log says more",
                   details);
}

// At most `max_bytes` of a text, cut between characters.
std::string Shorten(absl::string_view text, size_t max_bytes) {
  constexpr absl::string_view kEllipsis = "...";
  if (text.size() <= max_bytes) return std::string(text);
  size_t end = max_bytes - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), kEllipsis);
}

void AddDetails(const ErrorDetails& details, google::rpc::Status& out) {
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain(kDomain);
  for (const auto& [key, value] : details.metadata) {
    (*info.mutable_metadata())[key] = Shorten(value, limits::kMaxErrorMessageBytes);
  }
  out.add_details()->PackFrom(info);
  if (!details.violations.empty()) {
    google::rpc::BadRequest bad_request;
    for (const FieldViolation& violation : details.violations) {
      if (bad_request.field_violations_size() == static_cast<int>(limits::kMaxViolations)) break;
      auto& added = *bad_request.add_field_violations();
      added.set_field(Shorten(violation.field, limits::kMaxDescriptionBytes));
      added.set_description(Shorten(violation.description, limits::kMaxDescriptionBytes));
    }
    out.add_details()->PackFrom(bad_request);
  }
  if (details.retry_delay > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    const int64_t nanos = absl::ToInt64Nanoseconds(details.retry_delay);
    retry.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
    out.add_details()->PackFrom(retry);
  }
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status out;
  if (status.ok()) return out;
  const absl::Status told = Translate(status);
  out.set_code(static_cast<int>(told.code()));
  out.set_message(Shorten(told.message(), limits::kMaxErrorMessageBytes));
  AddDetails(DetailsOf(told), out);
  return out;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status details = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(details.code()), details.message(),
                      details.SerializeAsString());
}

}  // namespace dangol::rpc
