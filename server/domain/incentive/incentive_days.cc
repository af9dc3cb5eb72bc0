#include "server/domain/incentive/incentive_days.h"

#include <algorithm>
#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/standing/award.h"

namespace dangol::domain {
namespace {

const Incentive* FirstOf(const TermsOverTime& terms) {
  const auto first = absl::c_find_if(terms, [](const Incentive* one) { return one != nullptr; });
  return first == terms.end() ? nullptr : *first;
}

template <typename Kind>
bool WasEver(const TermsOverTime& terms) {
  return absl::c_any_of(terms, [](const Incentive* one) {
    return one != nullptr && std::holds_alternative<Kind>(one->kind);
  });
}

// Calls visit(day, sum) for each day of a series, and for those that are summed up as one.
template <typename Visit>
void ForEachDay(const Series& series, const Visit& visit) {
  if (series.before != 0) visit(series.first_day, series.before);
  for (size_t i = 0; i < series.days.size(); ++i) visit(series.days[i], series.sums[i]);
}

class Gathering {
 public:
  Gathering(const TermsOverTime& terms, const std::vector<History>& histories,
            const ProgramCatalog& catalog)
      : terms_(terms), histories_(histories), catalog_(catalog) {}

  IncentiveDays Take() {
    const Incentive* const first = FirstOf(terms_);
    if (first == nullptr) return {};
    AddStamps(first->id);
    ForEachSeries(Measure::kStampBase, first->id, [&](const Series& series) {
      ForEachDay(series, [&](DayNumber day, int64_t sum) { DayFor(day).base += sum; });
    });
    if (WasEver<ReturnWithin>(terms_) || WasEver<WinBack>(terms_)) AddBought();
    if (WasEver<CategoryBreadth>(terms_)) AddCategories(first->id);
    for (const Incentive* const terms : terms_) {
      if (terms == nullptr) continue;
      const auto* const engagement = std::get_if<Engagement>(&terms->kind);
      if (engagement != nullptr) AddActivities(*engagement);
    }
    return std::move(result_);
  }

 private:
  void AddStamps(const std::string& id) {
    ForEachSeries(Measure::kStamps, id, [&](const Series& series) {
      ForEachDay(series, [&](DayNumber day, int64_t sum) { DayFor(day).stamps += sum; });
    });
  }

  // Days of purchases by which somebody can earn.
  void AddBought() {
    std::map<DayNumber, int64_t> purchases;
    ForEachSeries(Measure::kPurchases, "", [&](const Series& series) {
      ForEachDay(series, [&](DayNumber day, int64_t sum) { purchases[day] += sum; });
    });
    ForEachSeries(Measure::kIdle, "", [&](const Series& series) {
      ForEachDay(series, [&](DayNumber day, int64_t sum) { purchases[day] -= sum; });
    });
    for (const auto& [day, count] : purchases) {
      if (count > 0) DayFor(day).bought = true;
    }
  }

  void AddCategories(const std::string& id) {
    const std::string prefix = absl::StrCat(id, "/");
    std::map<DayNumber, std::vector<int>> by_day;
    std::map<std::string, int> numbers;
    for (const History& history : histories_) {
      for (const Series& series : history.series) {
        if (series.measure != Measure::kCategory || !absl::StartsWith(series.of, prefix)) continue;
        const int number = numbers.try_emplace(series.of, numbers.size()).first->second;
        ForEachDay(series,
                   [&](DayNumber day, int64_t) { by_day[day].push_back(number); });
      }
    }
    result_.categories.reserve(by_day.size());
    for (auto& [day, categories] : by_day) {
      result_.categories.push_back(std::move(categories));
      DayFor(day).categories = result_.categories.back();
    }
  }

  void AddActivities(const Engagement& terms) {
    std::vector<DayNumber> days;
    ForEachSeries(Measure::kActivity, terms.activity, [&](const Series& series) {
      days.insert(days.end(), series.days.begin(), series.days.end());
    });
    absl::c_sort(days);
    days.erase(std::unique(days.begin(), days.end()), days.end());
    for (const DayNumber day : days) {
      const ActivityCount counted =
          CountedOf(histories_, terms.activity, {day, day + 1}, catalog_);
      DayFor(day).stamps = terms.spontaneous_only ? counted.spontaneous : counted.all();
    }
  }

  template <typename Visit>
  void ForEachSeries(Measure measure, const std::string& of, const Visit& visit) const {
    for (const History& history : histories_) {
      for (const Series& series : history.series) {
        if (series.measure == measure && series.of == of) visit(series);
      }
    }
  }

  // They come in their order as a rule.
  IncentiveDay& DayFor(DayNumber day) {
    std::vector<IncentiveDay>& days = result_.days;
    if (days.empty() || days.back().day < day) {
      days.emplace_back().day = day;
      return days.back();
    }
    const auto place = std::lower_bound(
        days.begin(), days.end(), day,
        [](const IncentiveDay& one, DayNumber wanted) { return one.day < wanted; });
    if (place->day == day) return *place;
    IncentiveDay added;
    added.day = day;
    return *days.insert(place, added);
  }

  const TermsOverTime& terms_;
  const std::vector<History>& histories_;
  const ProgramCatalog& catalog_;
  IncentiveDays result_;
};

}  // namespace

IncentiveDays DaysFor(const TermsOverTime& terms, const std::vector<History>& histories,
                      const ProgramCatalog& catalog) {
  return Gathering(terms, histories, catalog).Take();
}

bool HasDaysFrom(DayNumber from, const Incentive& incentive,
                 const std::vector<History>& histories) {
  const auto* const engagement = std::get_if<Engagement>(&incentive.kind);
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      const bool concerns = engagement != nullptr ? series.measure == Measure::kActivity &&
                                                        series.of == engagement->activity
                                                  : series.measure == Measure::kStamps &&
                                                        series.of == incentive.id;
      if (!concerns) continue;
      if (!series.days.empty() ? series.days.back() >= from : series.first_day >= from) return true;
    }
  }
  return false;
}

}  // namespace dangol::domain
