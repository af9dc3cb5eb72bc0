#include "server/rpc/day.h"

#include "server/common/limits.h"

namespace dangol::rpc {

std::string DayText(domain::DayNumber day) { return absl::FormatCivilTime(domain::DayOf(day)); }

std::optional<absl::CivilDay> ReadDay(const Path& path, const std::string& text,
                                      Validator& validator) {
  if (text.empty()) return std::nullopt;
  absl::CivilDay day;
  const bool is_day =
      absl::ParseCivilTime(text, &day) && day.year() >= 1970 && day.year() <= limits::kMaxYear;
  validator.Check(is_day, path, "must be a day such as 2026-12-31, from 1970 on");
  return is_day ? std::make_optional(day) : std::nullopt;
}

}  // namespace dangol::rpc
