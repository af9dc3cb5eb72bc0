#pragma once

#include <google/protobuf/stubs/common.h>

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// For the server and for dangolctl: a text that is not UTF-8 can't even be sent.
namespace dangol::internal {

// In which encoding a program's text is where that is not plain UTF-8, and what to do, in one
// sentence; empty where it is.
inline std::string ProblemOfEncoding(absl::string_view text) {
  if (absl::StartsWith(text, "\xff\xfe") || absl::StartsWith(text, "\xfe\xff") ||
      absl::StrContains(text, '\0')) {
    return "the text looks like UTF-16; save it as UTF-8";
  }
  if (absl::StartsWith(text, "\xef\xbb\xbf")) {
    return "the text begins with a byte-order mark; save it as UTF-8 without one";
  }
  const int valid = google::protobuf::internal::UTF8SpnStructurallyValid(
      {text.data(), static_cast<size_t>(text.size())});
  if (valid == static_cast<int>(text.size())) return "";
  return absl::StrCat("the text is not valid UTF-8 in line ",
                      1 + std::count(text.begin(), text.begin() + valid, '\n'),
                      "; save it as UTF-8");
}

}  // namespace dangol::internal
