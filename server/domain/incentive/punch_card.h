#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_PUNCH_CARD_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_PUNCH_CARD_H_

#include <algorithm>
#include <cstdint>

#include "server/domain/incentive/card.h"
#include "server/domain/incentive/goods.h"

namespace dangol::domain {

// Every Nth purchase, piece or full amount is an award; the rest stays on the card.

inline int64_t StampsOf(const PunchCard& terms, const QualifyingGoods& goods) {
  switch (terms.per) {
    case PunchCard::Per::kPurchase:
      return 1;
    case PunchCard::Per::kPiece:
      return goods.pieces;
    case PunchCard::Per::kAmount:
      return goods.currency == terms.currency ? goods.amount_minor / terms.per_minor : 0;
  }
  return 0;
}

struct PunchCardFold {
  int64_t Step(const PunchCard& terms, const IncentiveWindow& window, const IncentiveDay& day) {
    int64_t stamps = day.stamps;
    if (terms.daily_max > 0) stamps = std::min(stamps, terms.daily_max);
    return card.Add(stamps, terms.places, window, day.day);
  }

  IncentiveProgress ProgressOn(const PunchCard& terms, const IncentiveWindow& window,
                               DayNumber today) const {
    return {card.On(window, today), terms.places, card.Until(window, today)};
  }

  Card card;
};

PunchCardFold FoldFor(const PunchCard&);  // The one of this kind.

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_PUNCH_CARD_H_
