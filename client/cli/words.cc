#include "cli/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace dangol::cli {

std::string WordsOf(std::string value, const std::string& prefix) {
  value.erase(0, prefix.size());
  return absl::StrReplaceAll(absl::AsciiStrToLower(value), {{"_", " "}});
}

}  // namespace dangol::cli
