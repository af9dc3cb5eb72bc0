#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "dangol/v1/program.pb.h"

namespace dangol::cli {

// What to do with a field that this program does not know: a newer server's may have some.
enum class UnknownFields { kSkip, kRefuse };

// Reads a program. INVALID_ARGUMENT with the place of the first mistake where it can't be read;
// whether it means something is for the server to say. Writes nothing to the terminal.
absl::StatusOr<v1::Program> ReadProgramText(const std::string& text, UnknownFields unknown);

}  // namespace dangol::cli
