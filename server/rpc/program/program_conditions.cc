#include "server/rpc/program/program_conditions.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "server/common/limits.h"
#include "server/rpc/program/program_currencies.h"

namespace dangol::rpc {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

// The number of one or two digits; nothing otherwise.
std::optional<int> TwoDigits(absl::string_view text) {
  if (text.empty() || text.size() > 2) return std::nullopt;
  int number = 0;
  for (const char digit : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(digit))) return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  return number;
}

// "14:30" as minutes of the day, up to 24:00; nothing where it is no time.
std::optional<int> MinuteOf(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos || text.size() - colon != 3) return std::nullopt;
  const std::optional<int> hour = TwoDigits(text.substr(0, colon));
  const std::optional<int> minute = TwoDigits(text.substr(colon + 1));
  if (!hour.has_value() || !minute.has_value() || *minute > 59) return std::nullopt;
  const int minutes = *hour * 60 + *minute;
  return minutes <= kMinutesOfDay ? std::optional<int>(minutes) : std::nullopt;
}

domain::HourRange ReadHours(const v1::HourRange& message, const Place& place,
                            ProblemList& problems) {
  const std::optional<int> from = MinuteOf(message.from());
  const std::optional<int> until = MinuteOf(message.until());
  problems.Check(from.has_value() && *from < kMinutesOfDay, place.Child("from"),
                 "must be a time from \"00:00\" to \"23:59\", such as \"14:30\"");
  problems.Check(until.has_value() && *until > 0, place.Child("until"),
                 "must be a time from \"00:01\" to \"24:00\", such as \"17:45\"");
  problems.Check(!from.has_value() || from != until, place, "from and until must differ");
  return {from.value_or(0), until.value_or(kMinutesOfDay)};
}

std::vector<domain::MinorAmount> ReadAmounts(
    const google::protobuf::RepeatedPtrField<v1::MinorAmount>& amounts,
    const std::vector<domain::Currency>& declared, const Place& place, const char* field,
    ProblemList& problems) {
  std::vector<domain::MinorAmount> out;
  for (int i = 0; i < amounts.size(); ++i) {
    const Place amount = place.Child(field, i);
    out.push_back(
        {ReadCurrency(amounts[i].currency(), declared, amount.Child("currency"), problems),
         amounts[i].minor()});
    problems.CheckRange(amounts[i].minor(), 0, limits::kMaxAmountMinor, amount.Child("minor"));
  }
  return out;
}

}  // namespace

domain::Conditions ReadConditions(const v1::Conditions& message,
                                  const std::vector<domain::Currency>& declared, const Place& place,
                                  ProblemList& problems) {
  domain::Conditions out;
  out.channels.assign(message.channels().begin(), message.channels().end());
  out.store_ids.assign(message.store_ids().begin(), message.store_ids().end());
  out.categories.assign(message.categories().begin(), message.categories().end());
  out.skus.assign(message.skus().begin(), message.skus().end());
  out.min_basket = ReadAmounts(message.min_basket(), declared, place, "min_basket", problems);
  out.max_basket = ReadAmounts(message.max_basket(), declared, place, "max_basket", problems);
  out.basket_without_points = message.basket_without_points();
  problems.Check(!out.basket_without_points || !out.min_basket.empty() || !out.max_basket.empty(),
                 place.Child("basket_without_points"),
                 "says nothing without min_basket or max_basket");
  for (int i = 0; i < message.weekdays_size(); ++i) {
    problems.Check(message.weekdays(i) != v1::WEEKDAY_UNSPECIFIED, place.Child("weekdays", i),
                   "is not a weekday");
    out.weekdays.push_back(static_cast<absl::Weekday>(message.weekdays(i) - 1));
  }
  if (message.has_hours()) {
    out.hours = ReadHours(message.hours(), place.Child("hours"), problems);
  }
  const DayRange dates = ReadDates(message.dates(), place.Child("dates"), problems);
  out.first_day = dates.first;
  out.last_day = dates.last;
  out.attributes.assign(message.attributes().begin(), message.attributes().end());
  out.first_purchase = message.first_purchase();
  return out;
}

std::optional<absl::CivilDay> ReadDay(const std::string& text, const Place& place,
                                      ProblemList& problems) {
  if (text.empty()) return std::nullopt;
  absl::CivilDay day;
  problems.Check(absl::ParseCivilTime(text, &day), place, "must be a day such as 2026-03-31");
  return day;
}

DayRange ReadDates(const v1::DateRange& message, const Place& place, ProblemList& problems) {
  const DayRange dates = {ReadDay(message.first(), place.Child("first"), problems),
                          ReadDay(message.last(), place.Child("last"), problems)};
  problems.Check(!dates.first.has_value() || !dates.last.has_value() || *dates.first <= *dates.last,
                 place, "ends before it begins");
  return dates;
}

}  // namespace dangol::rpc
