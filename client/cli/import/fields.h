#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace dangol::cli {

// Reads a whole number with an optional minus sign; nothing when the text is
// anything else, or past 64 bits.
std::optional<int64_t> ReadInteger(const std::string& text);

// Reads "2011-03-27 01:30:00" (the seconds and a "T" in the middle are
// optional) as civil time in `zone`. A time that the clocks skip in spring is
// taken as if they had not been changed yet (01:30 becomes 02:30), one that
// they repeat in autumn as the first of the two.
std::optional<absl::Time> ReadCivilTime(const std::string& text, absl::TimeZone zone);

// Reads RFC 3339 with an offset ("2011-03-27T01:30:00Z"), or civil time.
std::optional<absl::Time> ReadTime(const std::string& text, absl::TimeZone zone);

}  // namespace dangol::cli
