#include "cli/clock_period.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dangol::cli {
namespace {

// What one of a unit is; the other two are 0.
struct Unit {
  absl::string_view name;
  int64_t months = 0;
  int64_t days = 0;
  int64_t seconds = 0;
};

constexpr Unit kUnits[] = {
    {.name = "second", .seconds = 1},   {.name = "minute", .seconds = 60},
    {.name = "hour", .seconds = 3'600}, {.name = "day", .days = 1},
    {.name = "week", .days = 7},        {.name = "month", .months = 1},
    {.name = "year", .months = 12},
};

// More of any unit is more than the server takes, and its product still fits.
constexpr int32_t kMaxNumber = 100'000'000;

const Unit* FindUnit(absl::string_view name) {
  absl::ConsumeSuffix(&name, "s");
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<v1::ClockPeriod> ParseClockPeriod(absl::string_view text) {
  size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(text[digits])) ++digits;
  int32_t number = 0;
  const Unit* const unit = FindUnit(absl::StripAsciiWhitespace(text.substr(digits)));
  if (unit == nullptr || !absl::SimpleAtoi(text.substr(0, digits), &number) || number == 0 ||
      number > kMaxNumber) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text,
                     "\" is not a period such as 12months, 2weeks or 36hours: a number of seconds, "
                     "minutes, hours, days, weeks, months or years"));
  }
  v1::ClockPeriod period;
  period.set_months(static_cast<int32_t>(number * unit->months));
  period.set_days(static_cast<int32_t>(number * unit->days));
  period.set_seconds(number * unit->seconds);
  return period;
}

}  // namespace dangol::cli
