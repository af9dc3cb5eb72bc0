#include "server/rpc/trace.h"

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace dangol::rpc {
namespace {

// Lower case, as the standard asks for.
bool IsHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
  });
}

bool IsZero(absl::string_view text) {
  return text.find_first_not_of('0') == absl::string_view::npos;
}

std::string RandomHex(int words) {
  thread_local absl::InsecureBitGen generator;
  std::string text;
  for (int i = 0; i < words; ++i) {
    // Never all zeros.
    const uint64_t word = absl::Uniform<uint64_t>(absl::IntervalClosed, generator, 1, UINT64_MAX);
    absl::StrAppend(&text, absl::Hex(word, absl::kZeroPad16));
  }
  return text;
}

}  // namespace

std::optional<Trace> ParseTraceparent(absl::string_view text) {
  constexpr size_t kLength = 55;  // VV-(32 digits)-(16 digits)-FF
  if (text.size() < kLength) return std::nullopt;
  const absl::string_view version = text.substr(0, 2);
  const absl::string_view trace_id = text.substr(3, 32);
  const absl::string_view parent_id = text.substr(36, 16);
  const absl::string_view flags = text.substr(53, 2);
  const bool has_dashes = text[2] == '-' && text[35] == '-' && text[52] == '-';
  const bool has_digits = IsHex(version) && IsHex(trace_id) && IsHex(parent_id) && IsHex(flags);
  if (!has_dashes || !has_digits || version == "ff") return std::nullopt;
  // Later versions may say more after a dash.
  const bool ends = text.size() == kLength || (version != "00" && text[kLength] == '-');
  if (!ends || IsZero(trace_id) || IsZero(parent_id)) return std::nullopt;
  return Trace{std::string(trace_id), std::string(flags)};
}

Trace NewTrace() { return {RandomHex(2), "00"}; }

std::string TraceresponseOf(const Trace& trace) {
  return absl::StrCat("00-", trace.trace_id, "-", RandomHex(1), "-", trace.flags);
}

}  // namespace dangol::rpc
