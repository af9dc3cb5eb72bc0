#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace dangol::internal {

// Turns gRPC's status into Abseil's, with the details that the server sent in
// grpc-status-details-bin.
absl::Status ToStatus(const grpc::Status& status);

}  // namespace dangol::internal
