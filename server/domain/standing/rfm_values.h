#ifndef DANGOL_SERVER_DOMAIN_STANDING_RFM_VALUES_H_
#define DANGOL_SERVER_DOMAIN_STANDING_RFM_VALUES_H_

#include <optional>
#include <vector>

#include "server/domain/program/days.h"
#include "server/domain/program/program.h"
#include "server/domain/standing/history.h"

// What of a person's past is scored, and the scores.
namespace dangol::domain {

struct RfmValues {
  int64_t recency_days = 0;  // Since the last purchase.
  int64_t purchases = 0;     // In the window.
  int64_t spent_minor = 0;   // In the window, in the base currency.

  friend bool operator==(const RfmValues&, const RfmValues&) = default;
};

// What recency, frequency and money of a person are at the end of `day`. Purchases are those of
// which something stands and that somebody can earn by; what came back of them is not money
// spent, on the day on which it had been bought. Nothing for whoever has no such purchase up to
// that day. `program` has Program::rfm; `day` must not lie before FirstRfmDay.
std::optional<RfmValues> RfmValuesOf(const std::vector<History>& histories, const Program& program,
                                     DayNumber day);

// One more than the cut points strictly below the value. Of recency the other way round: the
// highest for the most recent, and one less for each cut point strictly below the days.
RfmScores ScoresOf(const RfmValues& values, const RfmCutPoints& cut_points, int scores);

// Minor units of a measure in all currencies, in the base currency of a program with
// Program::rfm. Each currency's sum is rounded once.
int64_t InBaseCurrency(const std::vector<History>& histories, Measure measure, Days days,
                       const Program& program);

// The first day at the end of which all of a window is known day by day, today.
DayNumber FirstDayOfWindow(int window_days, DayNumber today);

// The first day for which everything that counts is known day by day, today.
DayNumber FirstRfmDay(DayNumber today);

// The days of the window that ends with `day`.
Days RfmWindow(const Rfm& rfm, DayNumber day);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_RFM_VALUES_H_
