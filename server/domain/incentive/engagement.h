#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_ENGAGEMENT_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_ENGAGEMENT_H_

#include <cstdint>

#include "server/domain/incentive/card.h"
#include "server/domain/incentive/goods.h"

namespace dangol::domain {

// A declared activity is done so many times within a window. Those count that the program's daily
// cap leaves; the stamps of a day are their number.

inline int64_t StampsOf(const Engagement&, const QualifyingGoods&) { return 0; }

struct EngagementFold {
  int64_t Step(const Engagement& terms, const IncentiveWindow& window, const IncentiveDay& day) {
    return card.Add(day.stamps, terms.times, window, day.day);
  }

  IncentiveProgress ProgressOn(const Engagement& terms, const IncentiveWindow& window,
                               DayNumber today) const {
    return {card.On(window, today), terms.times, card.Until(window, today)};
  }

  Card card;
};

EngagementFold FoldFor(const Engagement&);  // The one of this kind.

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_ENGAGEMENT_H_
