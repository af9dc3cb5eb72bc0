#include "server/insight/rfm_values.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "absl/numeric/int128.h"
#include "server/common/limits.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/standing/tally.h"

namespace dangol::insight {
namespace {

using domain::DayNumber;
using domain::Days;
using domain::History;
using domain::Measure;

// Servers' clocks differ: what one of them has summed up already is asked for by the other.
constexpr int kMarginDays = 2;

int64_t CountPurchases(const std::vector<History>& histories, Days days) {
  return SumOf(histories, Measure::kPurchases, "", days) -
         SumOf(histories, Measure::kIdle, "", days);
}

// The last of these days with a purchase that counts, as far as it is known by day.
std::optional<DayNumber> LastPurchase(const std::vector<History>& histories, Days days) {
  std::optional<DayNumber> last;
  for (const History& history : histories) {
    for (const domain::Series& series : history.series) {
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

int64_t ToBase(int64_t minor, const domain::RfmRate& rate) {
  constexpr absl::int128 kMost = std::numeric_limits<int64_t>::max();
  const absl::int128 base = domain::Scale(std::max<int64_t>(minor, 0), rate.base_minor,
                                          rate.per_minor, domain::Rounding::kHalfUp);
  return static_cast<int64_t>(std::min(base, kMost));
}

// Each currency's sum is rounded once.
int64_t SpentIn(const std::vector<History>& histories, const domain::Rfm& rfm,
                const std::vector<domain::Currency>& currencies, Days days) {
  const auto sum_of = [&](int currency) {
    const std::string& code = currencies[static_cast<size_t>(currency)].code;
    return SumOf(histories, Measure::kNetSpend, code, days);
  };
  absl::int128 spent = sum_of(rfm.base_currency);
  for (const domain::RfmRate& rate : rfm.rates) spent += ToBase(sum_of(rate.currency), rate);
  return static_cast<int64_t>(std::min(spent, absl::int128(std::numeric_limits<int64_t>::max())));
}

}  // namespace

std::optional<RfmValues> RfmValuesOf(const std::vector<History>& histories, const domain::Rfm& rfm,
                                     const std::vector<domain::Currency>& currencies,
                                     DayNumber day) {
  if (CountPurchases(histories, domain::AllDaysUntil(day)) <= 0) return std::nullopt;
  const Days window = RfmWindow(rfm, day);
  const std::optional<DayNumber> last =
      LastPurchase(histories, {day - domain::kMaxRecencyDays, day + 1});
  RfmValues values;
  values.recency_days = last.has_value() ? day - *last : domain::kMaxRecencyDays;
  values.purchases = CountPurchases(histories, window);
  values.spent_minor = SpentIn(histories, rfm, currencies, window);
  return values;
}

DayNumber FirstRfmDay(DayNumber today) {
  return today - (limits::kHistoryDays - domain::kMaxRecencyDays) + kMarginDays;
}

Days RfmWindow(const domain::Rfm& rfm, DayNumber day) {
  return {day + 1 - rfm.window_days, day + 1};
}

}  // namespace dangol::insight
