#include "server/domain/standing/history.h"

#include <algorithm>
#include <cstddef>

#include "absl/algorithm/container.h"
#include "server/common/limits.h"

namespace dangol::domain {
namespace {

bool IsEmpty(const Series& series) { return series.days.empty() && series.before == 0; }

Series& Find(Measure measure, absl::string_view of, History& history) {
  const auto known = absl::c_find_if(history.series, [&](const Series& series) {
    return series.measure == measure && series.of == of;
  });
  if (known != history.series.end()) return *known;
  Series series;
  series.measure = measure;
  series.of = std::string(of);
  return history.series.emplace_back(std::move(series));
}

void AddBefore(DayNumber day, int64_t amount, DayNumber begins, Series& series) {
  series.first_day = series.before == 0 ? day : std::min(series.first_day, day);
  series.before += amount;
  series.begins = std::max(series.begins, begins);
  if (series.before == 0) series.first_day = series.begins = 0;
}

void AddTo(DayNumber day, int64_t amount, Series& series) {
  const auto place = absl::c_lower_bound(series.days, day);
  const auto sum = series.sums.begin() + (place - series.days.begin());
  if (place == series.days.end() || *place != day) {
    series.days.insert(place, day);
    series.sums.insert(sum, amount);
  } else if ((*sum += amount) == 0) {
    series.days.erase(place);
    series.sums.erase(sum);
  }
}

// Sums up the days before this one.
void TrimTo(DayNumber from, Series& series) {
  const auto end = absl::c_lower_bound(series.days, from);
  const auto count = end - series.days.begin();
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const auto index = static_cast<size_t>(i);
    AddBefore(series.days[index], series.sums[index], from, series);
  }
  series.days.erase(series.days.begin(), end);
  series.sums.erase(series.sums.begin(), series.sums.begin() + count);
}

void Add(const Mark& mark, DayNumber day, int64_t amount, DayNumber today, History& history) {
  if (amount == 0) return;
  Series& series = Find(mark.measure, mark.of, history);
  // The clock of another server may have been ahead.
  const DayNumber begins = std::max(KeptFrom(mark.measure, today), series.begins);
  TrimTo(begins, series);
  if (day < begins) {
    AddBefore(day, amount, begins, series);
  } else {
    AddTo(day, amount, series);
  }
}

}  // namespace

DayNumber KeptFrom(Measure measure, DayNumber today) {
  switch (measure) {
    case Measure::kRule:
      return today - limits::kCapDays;
    case Measure::kStamps:
    case Measure::kStampBase:
    case Measure::kCategory:
    case Measure::kReferrals:
      return today - limits::kStampDays;
    default:
      return today - limits::kHistoryDays;
  }
}

void Restand(const Fact& should, const Fact& stands, DayNumber today, History& history) {
  for (const Mark& mark : stands.marks) Add(mark, stands.day, -mark.amount, today, history);
  for (const Mark& mark : should.marks) Add(mark, should.day, mark.amount, today, history);
  std::erase_if(history.series, IsEmpty);
}

int64_t SumOf(const std::vector<History>& histories, Measure measure, absl::string_view of,
              Days days) {
  int64_t sum = 0;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != measure || series.of != of) continue;
      // Days that are summed up count where they are all asked for.
      if (days.from <= series.first_day && series.begins <= days.until) sum += series.before;
      const auto first = absl::c_lower_bound(series.days, days.from) - series.days.begin();
      for (auto i = static_cast<size_t>(first);
           i < series.days.size() && series.days[i] < days.until; ++i) {
        sum += series.sums[i];
      }
    }
  }
  return sum;
}

int64_t TotalOf(const std::vector<History>& histories, Measure measure, absl::string_view of) {
  int64_t total = 0;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != measure || series.of != of) continue;
      total += series.before;
      for (const int64_t sum : series.sums) total += sum;
    }
  }
  return total;
}

std::optional<DayNumber> NextDayOf(const std::vector<History>& histories, DayNumber from) {
  std::optional<DayNumber> next;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      const auto day = absl::c_lower_bound(series.days, from);
      if (day != series.days.end()) next = std::min(next.value_or(*day), *day);
    }
  }
  return next;
}

std::optional<DayNumber> FirstDayOf(const std::vector<History>& histories, Measure measure,
                                    absl::string_view of) {
  std::optional<DayNumber> first;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != measure || series.of != of) continue;
      const DayNumber day = series.before != 0 ? series.first_day : series.days.front();
      first = std::min(first.value_or(day), day);
    }
  }
  return first;
}

std::optional<DayNumber> LastDayOf(const std::vector<History>& histories, Measure measure) {
  std::optional<DayNumber> last;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != measure) continue;
      const DayNumber day = series.days.empty() ? series.first_day : series.days.back();
      last = std::max(last.value_or(day), day);
    }
  }
  return last;
}

}  // namespace dangol::domain
