#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace dangol {

// Dangol's errors are an absl::Status: a canonical code, a sentence, and the
// details that the server sent (google.rpc.ErrorInfo, BadRequest, RetryInfo).
// The functions below read the details; all are thread safe and return nothing
// for a status without them.

// Why, as a constant such as "MEMBER_NOT_FOUND"; empty when not told. These are
// documented with each method of the API.
std::string ErrorReason(const absl::Status& status);

// The whole ErrorInfo: reason, domain and metadata.
std::optional<google::rpc::ErrorInfo> GetErrorInfo(const absl::Status& status);

// Every field of the request that is wrong, and what is wrong with it.
std::vector<google::rpc::BadRequest::FieldViolation> FieldViolations(const absl::Status& status);

// How long the server asks to wait before the call is tried again.
std::optional<absl::Duration> RetryDelay(const absl::Status& status);

// Whether trying the same call again may succeed: what MakeConnection's
// connections retry by themselves.
bool IsTransient(const absl::Status& status);

// Of an id that was used before for other content: whether an amount, a quantity, a currency,
// points or whom it concerns differs. False means that what was recorded is the same but for
// details. Nothing for any other error.
std::optional<bool> MoneyDiffers(const absl::Status& status);

// Turns the error of one purchase in a batch or on a stream into a status, with
// all details.
absl::Status ToStatus(const google::rpc::Status& error);

// Makes a status as the server does. For tests and mocks.
absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace dangol
