#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_SPEND_MILESTONE_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_SPEND_MILESTONE_H_

#include <cstdint>

#include "server/domain/incentive/card.h"
#include "server/domain/incentive/goods.h"

namespace dangol::domain {

// So much is spent in a window: once, or each time anew.

inline int64_t StampsOf(const SpendMilestone& terms, const QualifyingGoods& goods) {
  return goods.currency == terms.currency ? goods.amount_minor : 0;
}

struct SpendMilestoneFold {
  int64_t Step(const SpendMilestone& terms, const IncentiveWindow& window,
               const IncentiveDay& day) {
    if (!terms.repeats && reached.Contains(day.day)) return 0;
    const int64_t full = card.Add(day.stamps, terms.minor, window, day.day);
    if (terms.repeats || full == 0) return full;
    card = Card();
    // Of a rolling window, those that would have counted with this day.
    reached = window.kind == IncentiveWindow::Kind::kRolling ? Days{day.day, day.day + window.days}
                                                             : WindowOf(window, day.day);
    return 1;
  }

  IncentiveProgress ProgressOn(const SpendMilestone& terms, const IncentiveWindow& window,
                               DayNumber today) const {
    if (!terms.repeats && reached.Contains(today)) return {terms.minor, terms.minor, kNoDay};
    return {card.On(window, today), terms.minor, card.Until(window, today)};
  }

  Card card;
  Days reached;  // Once: where it is not counted again.
};

SpendMilestoneFold FoldFor(const SpendMilestone&);  // The one of this kind.

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_SPEND_MILESTONE_H_
