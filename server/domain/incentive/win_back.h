#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_WIN_BACK_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_WIN_BACK_H_

#include <algorithm>
#include <cstdint>

#include "server/domain/incentive/day.h"
#include "server/domain/incentive/goods.h"
#include "server/domain/program/incentives.h"

namespace dangol::domain {

// A purchase that counts so many days after the last one of any kind, or later.

inline int64_t StampsOf(const WinBack&, const QualifyingGoods&) { return 1; }

struct WinBackFold {
  int64_t Step(const WinBack& terms, const IncentiveWindow&, const IncentiveDay& day) {
    const bool comes_back = last != kNoDay && day.day - last >= terms.days && day.stamps > 0;
    if (day.bought) last = day.day;
    return comes_back ? 1 : 0;
  }

  // Days of silence.
  IncentiveProgress ProgressOn(const WinBack& terms, const IncentiveWindow&,
                               DayNumber today) const {
    if (last == kNoDay) return {0, terms.days, kNoDay};
    return {std::clamp<int64_t>(today - last, 0, terms.days), terms.days, kNoDay};
  }

  DayNumber last = kNoDay;
};

WinBackFold FoldFor(const WinBack&);  // The one of this kind.

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_WIN_BACK_H_
