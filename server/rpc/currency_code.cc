#include "server/rpc/currency_code.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace dangol::rpc {

std::string ProblemOfCurrencyCode(absl::string_view code) {
  if (code.size() != 3 || !std::all_of(code.begin(), code.end(), absl::ascii_isalpha)) {
    return "is required; give an ISO 4217 code such as EUR";
  }
  if (std::all_of(code.begin(), code.end(), absl::ascii_isupper)) return "";
  return absl::StrCat("must be upper case: ", absl::AsciiStrToUpper(code));
}

}  // namespace dangol::rpc
