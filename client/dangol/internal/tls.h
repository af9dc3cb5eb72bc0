#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "dangol/options.h"

namespace dangol::internal {

// The credentials of a channel, those of plain text where there are no options. INVALID_ARGUMENT
// where a file is missing or is not what it should be, named as in TlsOptions.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(
    const std::optional<TlsOptions>& tls);

}  // namespace dangol::internal
