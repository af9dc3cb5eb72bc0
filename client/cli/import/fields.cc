#include "cli/import/fields.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace dangol::cli {
namespace {

// Whether the text looks like the pattern, where '0' stands for any digit.
bool Matches(absl::string_view text, absl::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool fits = pattern[i] == '0' ? absl::ascii_isdigit(text[i]) : text[i] == pattern[i];
    if (!fits) return false;
  }
  return true;
}

}  // namespace

std::optional<int64_t> ReadInteger(const std::string& text) {
  const absl::string_view digits = text;
  const bool starts_well = !text.empty() && (absl::ascii_isdigit(text[0]) || text[0] == '-');
  int64_t number = 0;
  // SimpleAtoi would also take spaces around it.
  if (!starts_well || !absl::ascii_isdigit(text.back())) return std::nullopt;
  if (!absl::SimpleAtoi(digits, &number)) return std::nullopt;
  return number;
}

std::optional<absl::Time> ReadCivilTime(const std::string& text, absl::TimeZone zone) {
  std::string normal = text;
  if (normal.size() > 10 && normal[10] == ' ') normal[10] = 'T';
  if (normal.size() == 16) normal += ":00";
  if (!Matches(normal, "0000-00-00T00:00:00")) return std::nullopt;
  absl::CivilSecond civil;
  // This also refuses what the calendar does not have, such as 30 February.
  if (!absl::ParseCivilTime(normal, &civil)) return std::nullopt;
  // By the offset before the change, both for a time that is skipped and for
  // one that is there twice. (FromCivil would move the former to the change.)
  return zone.At(civil).pre;
}

std::optional<absl::Time> ReadTime(const std::string& text, absl::TimeZone zone) {
  if (const auto civil = ReadCivilTime(text, zone)) return civil;
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return std::nullopt;
  // It also knows "infinite-future".
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return std::nullopt;
  return time;
}

}  // namespace dangol::cli
