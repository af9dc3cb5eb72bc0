#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dangol::cli {

// A program with another value in one of its fields.
struct SweptProgram {
  std::string value;
  std::string text;
};

// Those of "incentives[0].reward.points=300,500,800": one for each value. INVALID_ARGUMENT where
// the program has no such field, or a value does not fit.
absl::StatusOr<std::vector<SweptProgram>> ProgramsOf(const std::string& program_text,
                                                     absl::string_view sweep);

}  // namespace dangol::cli
