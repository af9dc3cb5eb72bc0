#pragma once

#include <grpcpp/client_context.h>

#include <string>

#include "absl/status/status.h"
#include "dangol/internal/token_file.h"
#include "dangol/options.h"

namespace dangol::internal {

// What is sent with every call beside its request: who calls, and why. Thread safe.
class CallMetadata {
 public:
  explicit CallMetadata(const Options& options)
      : token_(options.token_file), reason_(options.reason) {}

  // UNAUTHENTICATED as of TokenFile::AddTo.
  absl::Status AddTo(grpc::ClientContext& context) {
    if (!reason_.empty()) context.AddMetadata("dangol-reason-bin", reason_);
    return token_.AddTo(context);
  }

 private:
  TokenFile token_;
  const std::string reason_;
};

}  // namespace dangol::internal
