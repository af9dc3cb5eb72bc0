#include "server/rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <spdlog/spdlog.h>

#include "server/common/error.h"
#include "server/common/limits.h"

namespace dangol::rpc {
namespace {

constexpr char kDomain[] = "dangol";

bool IsOurFault(const absl::Status& status) {
  return absl::IsInternal(status) || absl::IsDataLoss(status) || absl::IsUnknown(status);
}

void AddDetails(const ErrorDetails& details, google::rpc::Status& out) {
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain(kDomain);
  out.add_details()->PackFrom(info);
  if (!details.violations.empty()) {
    google::rpc::BadRequest bad_request;
    for (const FieldViolation& violation : details.violations) {
      if (bad_request.field_violations_size() == static_cast<int>(limits::kMaxViolations)) break;
      auto& added = *bad_request.add_field_violations();
      added.set_field(violation.field);
      added.set_description(violation.description);
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
  out.set_code(static_cast<int>(status.code()));
  if (status.ok()) return out;
  ErrorDetails details = DetailsOf(status);
  if (IsOurFault(status)) {
    spdlog::error("internal error: {}", status.ToString());
    out.set_code(static_cast<int>(absl::StatusCode::kInternal));
    out.set_message("the server made a mistake; its log says more");
    details = ErrorDetails();
    details.reason = "INTERNAL";
  } else {
    out.set_message(std::string(status.message()));
  }
  AddDetails(details, out);
  return out;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status details = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(details.code()), details.message(),
                      details.SerializeAsString());
}

}  // namespace dangol::rpc
