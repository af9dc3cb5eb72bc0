#include "cli/program_file.h"

#include "absl/strings/str_cat.h"
#include "cli/command_helpers.h"
#include "dangol/internal/text_encoding.h"

namespace dangol::cli {

absl::StatusOr<std::string> ReadProgramFile(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text;
  const std::string problem = internal::ProblemOfEncoding(*text);
  if (problem.empty()) return text;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", problem));
}

}  // namespace dangol::cli
