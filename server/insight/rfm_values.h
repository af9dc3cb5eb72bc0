#ifndef DANGOL_SERVER_INSIGHT_RFM_VALUES_H_
#define DANGOL_SERVER_INSIGHT_RFM_VALUES_H_

#include <optional>
#include <vector>

#include "server/domain/program/days.h"
#include "server/domain/program/program.h"
#include "server/domain/standing/history.h"
#include "server/insight/rfm.h"

namespace dangol::insight {

// What recency, frequency and money of a person are at the end of `day`. Purchases are those of
// which something stands and that somebody can earn by; what came back of them is not money
// spent, on the day on which it had been bought. Nothing for whoever has no such purchase up to
// that day. `rfm` is that of a program with these currencies; `day` must not lie before
// FirstRfmDay.
std::optional<RfmValues> RfmValuesOf(const std::vector<domain::History>& histories,
                                     const domain::Rfm& rfm,
                                     const std::vector<domain::Currency>& currencies,
                                     domain::DayNumber day);

// The first day for which everything that counts is known day by day, today.
domain::DayNumber FirstRfmDay(domain::DayNumber today);

// The days of the window that ends with `day`.
domain::Days RfmWindow(const domain::Rfm& rfm, domain::DayNumber day);

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_RFM_VALUES_H_
