#include "server/domain/standing/rfm_values.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "absl/numeric/int128.h"
#include "server/common/limits.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/standing/tally.h"

namespace dangol::domain {
namespace {

int64_t CountPurchases(const std::vector<History>& histories, Days days) {
  return SumOf(histories, Measure::kPurchases, "", days) -
         SumOf(histories, Measure::kIdle, "", days);
}

// The last of these days with a purchase that counts, as far as it is known by day.
std::optional<DayNumber> LastPurchase(const std::vector<History>& histories, Days days) {
  std::optional<DayNumber> last;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != Measure::kPurchases) continue;
      auto day = std::lower_bound(series.days.begin(), series.days.end(), days.until);
      // Days that have only idle ones are few, and looked at one by one.
      while (day != series.days.begin() && *--day >= days.from && (!last || *day > *last)) {
        if (CountPurchases(histories, {*day, *day + 1}) > 0) last = *day;
      }
    }
  }
  return last;
}

int64_t ToBase(int64_t minor, const RfmRate& rate) {
  constexpr absl::int128 kMost = std::numeric_limits<int64_t>::max();
  const absl::int128 base =
      Scale(std::max<int64_t>(minor, 0), rate.base_minor, rate.per_minor, Rounding::kHalfUp);
  return static_cast<int64_t>(std::min(base, kMost));
}

int CountBelow(const std::vector<CutPoint>& points, int64_t value) {
  const auto end = std::partition_point(
      points.begin(), points.end(), [&](const CutPoint& point) { return IsBelow(point, value); });
  return static_cast<int>(end - points.begin());
}

}  // namespace

std::optional<RfmValues> RfmValuesOf(const std::vector<History>& histories, const Program& program,
                                     DayNumber day) {
  if (CountPurchases(histories, AllDaysUntil(day)) <= 0) return std::nullopt;
  const Days window = RfmWindow(*program.rfm, day);
  const std::optional<DayNumber> last = LastPurchase(histories, {day - kMaxRecencyDays, day + 1});
  RfmValues values;
  values.recency_days = last.has_value() ? day - *last : kMaxRecencyDays;
  values.purchases = CountPurchases(histories, window);
  values.spent_minor = InBaseCurrency(histories, Measure::kNetSpend, window, program);
  return values;
}

RfmScores ScoresOf(const RfmValues& values, const RfmCutPoints& cut_points, int scores) {
  return {scores - CountBelow(cut_points.r, values.recency_days),
          1 + CountBelow(cut_points.f, values.purchases),
          1 + CountBelow(cut_points.m, values.spent_minor)};
}

int64_t InBaseCurrency(const std::vector<History>& histories, Measure measure, Days days,
                       const Program& program) {
  const Rfm& rfm = *program.rfm;
  const auto sum_of = [&](int currency) {
    const std::string& code = program.currencies[static_cast<size_t>(currency)].code;
    return SumOf(histories, measure, code, days);
  };
  absl::int128 sum = sum_of(rfm.base_currency);
  for (const RfmRate& rate : rfm.rates) sum += ToBase(sum_of(rate.currency), rate);
  return static_cast<int64_t>(std::min(sum, absl::int128(std::numeric_limits<int64_t>::max())));
}

DayNumber FirstDayOfWindow(int window_days, DayNumber today) {
  // Servers' clocks differ: what one of them has summed up already is asked for by the other.
  constexpr int kMarginDays = 2;
  return today - (limits::kHistoryDays - window_days) + kMarginDays;
}

DayNumber FirstRfmDay(DayNumber today) { return FirstDayOfWindow(kMaxRecencyDays, today); }

Days RfmWindow(const Rfm& rfm, DayNumber day) { return {day + 1 - rfm.window_days, day + 1}; }

}  // namespace dangol::domain
