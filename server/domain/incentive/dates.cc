#include "server/domain/incentive/dates.h"

#include <algorithm>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/domain/errors.h"
#include "server/domain/incentive/audience.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/reigns.h"
#include "server/domain/purchase/matching.h"

namespace dangol::domain {
namespace {

// Once a year is once a year, whatever becomes known of a date: with room for a day that moves.
constexpr int kDaysBetween = 330;
constexpr int kDaysBack = 366;

// The day in a year; of 29 February in other years as declared, so that it never drifts.
absl::CivilDay InYear(DayOfYear date, absl::civil_year_t year, LeapDay leap_day) {
  const absl::CivilDay day(year, date.month, date.day);
  const bool is_there = day.month() == date.month && day.day() == date.day;
  return is_there || leap_day == LeapDay::kNextDay ? day : day - 1;
}

// The date of an incentive in a year; nothing where it has none.
struct DateIn {
  const Member& person;
  const absl::TimeZone zone;
  const absl::civil_year_t year;

  std::optional<absl::CivilDay> operator()(const Welcome&) const {
    const absl::CivilDay enrolled = absl::ToCivilDay(person.enrolled_at, zone);
    if (enrolled.year() != year) return std::nullopt;
    return enrolled;
  }
  std::optional<absl::CivilDay> operator()(const Anniversary& terms) const {
    const absl::CivilDay enrolled = absl::ToCivilDay(person.enrolled_at, zone);
    if (year <= enrolled.year()) return std::nullopt;
    return InYear({enrolled.month(), enrolled.day()}, year, terms.leap_day);
  }
  std::optional<absl::CivilDay> operator()(const Birthday& terms) const {
    for (const auto& [key, value] : person.attributes) {
      if (key != terms.attribute) continue;
      const std::optional<DayOfYear> date = ParseBirthday(value);
      if (date.has_value()) return InYear(*date, year, terms.leap_day);
    }
    return std::nullopt;
  }
  template <typename Other>
  std::optional<absl::CivilDay> operator()(const Other&) const {
    return std::nullopt;
  }
};

bool IsFor(const Incentive& incentive, const Reign& reign, const ProgramCatalog& catalog,
           const Member& person, DayNumber day) {
  return IncludesDay(incentive.when, DayOf(day)) &&
         MatchesMember(incentive.when, person.attributes, /*is_first=*/true) &&
         domain::IsFor(incentive, *reign.program, catalog, person, day);
}

AwardDue DueOn(DayNumber day, const Incentive& incentive) {
  AwardDue due;
  due.cause = CauseOf(incentive);
  due.day = day;
  due.reward = incentive.reward;
  due.budget = incentive.budget;
  due.once = true;
  if (!std::holds_alternative<Welcome>(incentive.kind)) {
    due.again = {day - kDaysBetween, day + kDaysBetween};
  }
  return due;
}

}  // namespace

std::optional<DayOfYear> ParseBirthday(absl::string_view text) {
  std::vector<absl::string_view> parts = absl::StrSplit(text, '-');
  if (parts.size() == 3 && parts[0].size() == 4) {
    int year = 0;
    if (!absl::SimpleAtoi(parts[0], &year) || year < 1800) return std::nullopt;
    parts.erase(parts.begin());
  }
  DayOfYear date;
  const bool is_date = parts.size() == 2 && parts[0].size() == 2 && parts[1].size() == 2 &&
                       absl::SimpleAtoi(parts[0], &date.month) &&
                       absl::SimpleAtoi(parts[1], &date.day);
  if (!is_date) return std::nullopt;
  const absl::CivilDay in_leap_year(2024, date.month, date.day);
  const bool exists = in_leap_year.month() == date.month && in_leap_year.day() == date.day;
  return exists ? std::optional(date) : std::nullopt;
}

absl::Status CheckBirthdays(const Attributes& attributes, const Program& program) {
  for (const Incentive& incentive : program.incentives) {
    const auto* const birthday = std::get_if<Birthday>(&incentive.kind);
    if (birthday == nullptr) continue;
    for (const auto& [key, value] : attributes) {
      if (key == birthday->attribute && !ParseBirthday(value).has_value()) {
        return NoBirthday(key, value);
      }
    }
  }
  return absl::OkStatus();
}

std::vector<AwardDue> DatesDue(const ProgramCatalog& catalog, absl::Time now,
                               const Member& person) {
  std::vector<AwardDue> due;
  const Reigns reigns = ReignsOf(catalog, now);
  if (reigns.empty() || person.status != MemberStatus::kActive) return due;
  const absl::TimeZone zone = reigns.back().program->time_zone;
  const DayNumber today = DayIn(now, zone);
  const DayNumber from = std::max(person.granted_until + 1, today - kDaysBack);
  for (const Reign& reign : reigns) {
    for (const Incentive& incentive : reign.program->incentives) {
      for (auto year = DayOf(from).year(); year <= DayOf(today).year(); ++year) {
        const auto date = std::visit(DateIn{person, zone, year}, incentive.kind);
        if (!date.has_value()) continue;
        const DayNumber day = NumberOf(*date);
        const bool is_now = from <= day && day <= today && reign.first <= day && day <= reign.last;
        if (is_now && IsFor(incentive, reign, catalog, person, day)) {
          due.push_back(DueOn(day, incentive));
        }
      }
    }
  }
  return due;
}

absl::Time NextDateDue(const ProgramCatalog& catalog, absl::Time now, const Member& person) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr || person.status != MemberStatus::kActive) return absl::InfiniteFuture();
  const Program& program = *version->program;
  const DayNumber today = DayIn(now, program.time_zone);
  const DayNumber from = std::max(person.granted_until + 1, today - kDaysBack);
  absl::Time next = absl::InfiniteFuture();
  for (const Incentive& incentive : program.incentives) {
    const std::optional<DayNumber> day = NextDateOf(incentive, program, person, from);
    if (day.has_value()) next = std::min(next, StartOfDay(DayOf(*day), program.time_zone));
  }
  return next;
}

std::optional<DayNumber> NextDateOf(const Incentive& incentive, const Program& program,
                                    const Member& person, DayNumber from) {
  if (!IsOfDate(incentive)) return std::nullopt;
  if (incentive.when.first_day.has_value()) {
    from = std::max(from, NumberOf(*incentive.when.first_day));
  }
  const auto this_year = DayOf(from).year();
  for (auto year = this_year; year <= this_year + 1; ++year) {
    const auto date = std::visit(DateIn{person, program.time_zone, year}, incentive.kind);
    if (!date.has_value() || NumberOf(*date) < from) continue;
    if (IncludesDay(incentive.when, *date)) return NumberOf(*date);
  }
  return std::nullopt;
}

}  // namespace dangol::domain
