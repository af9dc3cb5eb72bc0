#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace dangol::cli {

// The text of a program from a file, or from standard input for "-". INVALID_ARGUMENT where it
// is not UTF-8: it could not be sent.
absl::StatusOr<std::string> ReadProgramFile(const std::string& path);

}  // namespace dangol::cli
