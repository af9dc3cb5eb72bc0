#include "server/domain/standing/tally.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/time/civil_time.h"
#include "server/common/limits.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/program/calendar.h"

namespace dangol::domain {
namespace {

// In how many calendar months there is something.
int64_t ActiveMonths(const std::vector<History>& histories, Days days) {
  std::set<absl::CivilMonth> months;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != Measure::kPurchases && series.measure != Measure::kActivity) continue;
      auto day = std::lower_bound(series.days.begin(), series.days.end(), days.from);
      for (; day != series.days.end() && *day < days.until; ++day) {
        months.insert(absl::CivilMonth(DayOf(*day)));
      }
    }
  }
  return static_cast<int64_t>(months.size());
}

// Whole years from the day of enrolment to this one.
int MembershipYears(absl::CivilDay enrolled, absl::CivilDay day) {
  int years = static_cast<int>(day.year() - enrolled.year());
  if (AddMonths(enrolled, 12 * years) > day) --years;
  return std::max(years, 0);
}

absl::CivilDay LastOfMonth(absl::CivilDay day) {
  return absl::CivilDay(absl::CivilMonth(day) + 1) - 1;
}

}  // namespace

int64_t ValueOf(const Criterion& criterion, const std::vector<History>& histories, Days days,
                const ProgramCatalog& catalog) {
  const auto sum = [&](Measure measure, absl::string_view of = "") {
    return SumOf(histories, measure, of, days);
  };
  switch (criterion.indicator) {
    case Indicator::kQualifyingPoints:
      return sum(Measure::kQualifying, criterion.of);
    case Indicator::kNetSpend:
      return sum(Measure::kNetSpend, criterion.of);
    case Indicator::kPurchases:
      return sum(Measure::kPurchases) - sum(Measure::kIdle);
    case Indicator::kVisits:
      return sum(Measure::kPurchases) + CountedOf(histories, kVisitKind, days, catalog).all();
    case Indicator::kActiveMonths:
      return ActiveMonths(histories, days);
    case Indicator::kActivities:
      return CountedOf(histories, criterion.of, days, catalog).all();
    case Indicator::kActivityScore:
    case Indicator::kSegment:
      break;  // Not sums: Assessor::ScoreOf.
  }
  return 0;
}

int64_t ImportedOf(const Criterion& criterion, const std::vector<History>& histories,
                   DayNumber last) {
  int64_t imported = 0;
  for (const History& history : histories) {
    for (const LifetimeImport& import : history.imports) {
      if (import.day > last) continue;
      for (const LifetimeSum& sum : import.sums) {
        if (sum.indicator != criterion.indicator || sum.of != criterion.of) continue;
        // However many persons are one, it stays a number.
        imported = std::min(imported + sum.amount, limits::kMaxBalance);
      }
    }
  }
  return imported;
}

Days AllDaysUntil(DayNumber last) { return {std::numeric_limits<DayNumber>::min(), last + 1}; }

std::optional<Days> YearOf(const Qualification& qualification, DayNumber enrolled, DayNumber day) {
  if (qualification.window == Qualification::Window::kCalendarYear) {
    const absl::CivilYear year(DayOf(day));
    return Days{NumberOf(absl::CivilDay(year)), NumberOf(absl::CivilDay(year + 1))};
  }
  if (qualification.window != Qualification::Window::kMembershipYear) return std::nullopt;
  const absl::CivilDay begin = DayOf(enrolled);
  const int years = MembershipYears(begin, DayOf(day));
  // What was bought before they enrolled counts in their first year.
  const DayNumber from =
      years == 0 ? std::min(enrolled, day) : NumberOf(AddMonths(begin, 12 * years));
  return Days{from, NumberOf(AddMonths(begin, 12 * (years + 1)))};
}

Days WindowOf(const Qualification& qualification, DayNumber enrolled, DayNumber counts_from,
              DayNumber last) {
  if (const auto year = YearOf(qualification, enrolled, last)) return {year->from, last + 1};
  if (qualification.window == Qualification::Window::kSinceTier) return {counts_from, last + 1};
  // Of twelve months that end with 31 December the first day is 1 January.
  const absl::CivilDay end = DayOf(last + 1);
  return {NumberOf(AddMonths(end, -qualification.months) - qualification.days), last + 1};
}

DayNumber ValidUntil(const Validity& validity, DayNumber enrolled, DayNumber day) {
  absl::CivilDay last;
  switch (validity.policy) {
    case Validity::Policy::kUnlimited:
      return 0;
    case Validity::Policy::kAfter:
      last = AddMonths(DayOf(day), validity.months) + validity.days;
      break;
    case Validity::Policy::kCalendarYear:
      last = absl::CivilDay(absl::CivilYear(DayOf(day)) + validity.years + 1) - 1;
      break;
    case Validity::Policy::kMembershipYear: {
      const int years = MembershipYears(DayOf(enrolled), DayOf(day)) + validity.years + 1;
      last = AddMonths(DayOf(enrolled), 12 * years) - 1;
      break;
    }
  }
  return NumberOf(validity.to_month_end ? LastOfMonth(last) : last);
}

int64_t ThresholdOf(const Criterion& criterion, const Ladder& ladder, DayNumber day) {
  int percent = 100;
  for (const TierException& exception : ladder.exceptions) {
    const bool holds = exception.first_day <= DayOf(day) && DayOf(day) <= exception.last_day;
    if (holds) percent = std::min(percent, exception.threshold_percent);
  }
  const absl::int128 scaled = absl::int128(criterion.at_least) * percent;
  return static_cast<int64_t>((scaled + 99) / 100);
}

bool KeepsAll(const Ladder& ladder, DayNumber day) {
  return std::any_of(ladder.exceptions.begin(), ladder.exceptions.end(),
                     [&](const TierException& exception) {
                       return exception.keep_all && exception.first_day <= DayOf(day) &&
                              DayOf(day) <= exception.last_day;
                     });
}

}  // namespace dangol::domain
