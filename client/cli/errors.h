#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "dangol/options.h"

namespace dangol::cli {

// How dangolctl ends, for scripts. `dangolctl --help` documents these.
enum class ExitCode {
  kOk = 0,
  kOther = 1,
  kUsage = 2,
  kInvalidArgument = 3,
  kNotFound = 4,
  kConflict = 5,
  kUnavailable = 6,
  kDenied = 7,
};

// What an error's class ends the program with.
ExitCode ExitCodeOf(const absl::Status& status);

// An error in one line: the message, the reason, and each field that is wrong.
std::string Describe(const absl::Status& status);

// What gRPC's words for a connection that failed may mean, with the flag that helps; empty where
// TLS has nothing to do with it. `tls`: what was asked for, if it was.
std::string TlsHint(const absl::Status& unavailable, const std::optional<TlsOptions>& tls);

}  // namespace dangol::cli
