#pragma once

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"

namespace dangol {

// Receives the outcome of an asynchronous call, once, on a thread of gRPC: keep
// it short and never block in it.
template <typename Response>
using Callback = absl::AnyInvocable<void(absl::StatusOr<Response>)>;

}  // namespace dangol
