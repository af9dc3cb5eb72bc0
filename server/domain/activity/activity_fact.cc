#include "server/domain/activity/activity_fact.h"

#include <algorithm>
#include <map>

#include "absl/algorithm/container.h"
#include "server/domain/program/calendar.h"

namespace dangol::domain {
namespace {

// Of kActivity those that kRewarded has.
ActivityCount CountOf(int64_t all, int64_t rewarded) { return {all - rewarded, rewarded}; }

// What is summed up of days that are no longer known, where they are all asked for. A daily cap
// cannot be applied to it: with one, nothing.
int64_t OldSumOf(const std::vector<History>& histories, Measure measure, absl::string_view of,
                 Days days, const ProgramCatalog& catalog) {
  int64_t sum = 0;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != measure || series.of != of) continue;
      const bool are_asked_for = days.from <= series.first_day && series.begins <= days.until;
      if (series.before == 0 || !are_asked_for) continue;
      if (DailyCapOf(of, series.first_day, catalog) == 0) sum += series.before;
    }
  }
  return sum;
}

// The sums of a measure, over all who are one, by day.
void AddDays(const std::vector<History>& histories, Measure measure, absl::string_view of,
             Days days, std::map<DayNumber, int64_t>& sums) {
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != measure || series.of != of) continue;
      for (size_t i = 0; i < series.days.size(); ++i) {
        if (days.Contains(series.days[i])) sums[series.days[i]] += series.sums[i];
      }
    }
  }
}

}  // namespace

const ActivityKind* FindActivityKind(absl::string_view kind, const Program& program) {
  const auto found = absl::c_find_if(
      program.activities, [&](const ActivityKind& declared) { return declared.kind == kind; });
  return found == program.activities.end() ? nullptr : &*found;
}

bool Stands(const Activity& activity) {
  return activity.undone_at == absl::InfiniteFuture() && !activity.suspended;
}

Fact FactOf(const Activity& activity, const Program& program) {
  Fact fact;
  fact.day = NumberOf(absl::ToCivilDay(activity.occurred_at, program.time_zone));
  if (!Stands(activity)) return fact;
  fact.marks.push_back({Measure::kActivity, activity.kind, 1});
  if (activity.rewarded) fact.marks.push_back({Measure::kRewarded, activity.kind, 1});
  return fact;
}

int64_t DailyCapOf(absl::string_view kind, DayNumber day, const ProgramCatalog& catalog) {
  int64_t most = 0;
  bool is_declared = false;
  // From the last version on: an earlier one is in force until a later one goes before it.
  absl::Time until = absl::InfiniteFuture();
  const std::vector<ProgramVersion>& versions = catalog.versions();
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    const absl::TimeZone zone = version->program->time_zone;
    const absl::Time begins = StartOfDay(DayOf(day), zone);
    const absl::Time ends = std::min(until, StartOfDay(DayOf(day + 1), zone));
    const ActivityKind* const declared = FindActivityKind(kind, *version->program);
    if (declared != nullptr && std::max(version->effective_from, begins) < ends) {
      if (declared->daily_cap == 0) return 0;
      most = std::max(most, declared->daily_cap);
      is_declared = true;
    }
    until = std::min(until, version->effective_from);
    if (is_declared && until <= begins) break;
  }
  return most;
}

ActivityCount UnderCap(const ActivityCount& day, int64_t daily_cap) {
  if (daily_cap == 0) return day;
  ActivityCount counted;
  counted.spontaneous = std::min(day.spontaneous, daily_cap);
  counted.rewarded = std::min(day.rewarded, daily_cap - counted.spontaneous);
  return counted;
}

ActivityCount RecordedOn(const std::vector<History>& histories, absl::string_view kind,
                         DayNumber day) {
  const Days days{day, day + 1};
  return CountOf(SumOf(histories, Measure::kActivity, kind, days),
                 SumOf(histories, Measure::kRewarded, kind, days));
}

ActivityCount CountedOf(const std::vector<History>& histories, absl::string_view kind, Days days,
                        const ProgramCatalog& catalog) {
  std::map<DayNumber, int64_t> all;
  std::map<DayNumber, int64_t> rewarded;
  AddDays(histories, Measure::kActivity, kind, days, all);
  AddDays(histories, Measure::kRewarded, kind, days, rewarded);
  ActivityCount sum = CountOf(OldSumOf(histories, Measure::kActivity, kind, days, catalog),
                              OldSumOf(histories, Measure::kRewarded, kind, days, catalog));
  for (const auto& [day, count] : all) {
    const ActivityCount counted =
        UnderCap(CountOf(count, rewarded[day]), DailyCapOf(kind, day, catalog));
    sum.spontaneous += counted.spontaneous;
    sum.rewarded += counted.rewarded;
  }
  return sum;
}

}  // namespace dangol::domain
