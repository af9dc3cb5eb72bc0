#include "cli/words.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace dangol::cli {

std::string WordsOf(std::string value, const std::string& prefix) {
  value.erase(0, prefix.size());
  return absl::StrReplaceAll(absl::AsciiStrToLower(value), {{"_", " "}});
}

std::vector<std::string> ArgumentsOf(const google::protobuf::EnumDescriptor& type) {
  const std::string prefix(absl::StripSuffix(type.value(0)->name(), "UNSPECIFIED"));
  std::vector<std::string> names;
  for (int i = 1; i < type.value_count(); ++i) {
    names.push_back(absl::StrReplaceAll(WordsOf(type.value(i)->name(), prefix), {{" ", "-"}}));
  }
  return names;
}

int NumberOf(const google::protobuf::EnumDescriptor& type, const std::string& argument) {
  const std::vector<std::string> names = ArgumentsOf(type);
  const auto found = std::find(names.begin(), names.end(), argument);
  if (found == names.end()) return 0;
  return type.value(static_cast<int>(found - names.begin()) + 1)->number();
}

}  // namespace dangol::cli
