#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dangol/v1/clock_service.pb.h"

namespace dangol::cli {

// A period as people write it: a number and a unit, such as "12months", "3 days" or "36hours".
// Units are seconds, minutes, hours, days, weeks, months and years, and each without its "s".
// INVALID_ARGUMENT for anything else, and for nothing.
absl::StatusOr<v1::ClockPeriod> ParseClockPeriod(absl::string_view text);

}  // namespace dangol::cli
