#include "server/rpc/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

// Not in any id: those are visible ASCII.
constexpr char kSeparator = '\x1f';

// Enough of a hash to tell lists apart; nobody gains by forging one.
std::string Tag(absl::string_view list) { return absl::BytesToHexString(Hash(list).substr(0, 8)); }

}  // namespace

absl::Status NotAToken() {
  return InvalidField(
      "INVALID_FIELDS", "page_token",
      "is not a token of this list; pass next_page_token on unchanged, with the same filters");
}

std::string EncodePageToken(absl::string_view list, const std::vector<std::string>& position) {
  const std::string separator(1, kSeparator);
  return absl::WebSafeBase64Escape(
      absl::StrCat(Tag(list), separator, absl::StrJoin(position, separator)));
}

absl::StatusOr<std::vector<std::string>> DecodePageToken(absl::string_view list,
                                                         absl::string_view token,
                                                         size_t position_size) {
  if (token.empty()) return std::vector<std::string>();
  std::string plain;
  if (token.size() > limits::kMaxPageTokenBytes || !absl::WebSafeBase64Unescape(token, &plain))
    return NotAToken();
  std::vector<std::string> parts = absl::StrSplit(plain, kSeparator);
  if (parts.size() != position_size + 1 || parts[0] != Tag(list)) return NotAToken();
  parts.erase(parts.begin());
  return parts;
}

absl::StatusOr<int64_t> TokenNumber(absl::string_view part) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(part, &number)) return NotAToken();
  return number;
}

}  // namespace dangol::rpc
