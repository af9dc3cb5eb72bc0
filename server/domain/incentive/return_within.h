#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_RETURN_WITHIN_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_RETURN_WITHIN_H_

#include <cstdint>

#include "server/domain/incentive/day.h"
#include "server/domain/incentive/goods.h"
#include "server/domain/program/incentives.h"

namespace dangol::domain {

// A purchase so many days after the last, or sooner: on another day, since what is bought on one
// day is one visit. That day is any on which something was bought; the purchase that comes after
// must be one that counts.

inline int64_t StampsOf(const ReturnWithin&, const QualifyingGoods&) { return 1; }

struct ReturnWithinFold {
  int64_t Step(const ReturnWithin& terms, const IncentiveWindow&, const IncentiveDay& day) {
    const bool comes_back = last != kNoDay && day.day - last <= terms.days && day.stamps > 0;
    const bool is_meant = !terms.second_only || days_bought == 1;
    if (day.bought) {
      last = day.day;
      ++days_bought;
    }
    return comes_back && is_meant ? 1 : 0;
  }

  IncentiveProgress ProgressOn(const ReturnWithin& terms, const IncentiveWindow&,
                               DayNumber today) const {
    const bool is_over = last == kNoDay || today > last + terms.days;
    if (is_over || (terms.second_only && days_bought != 1)) return {0, 1, kNoDay};
    return {0, 1, last + terms.days};
  }

  DayNumber last = kNoDay;
  int64_t days_bought = 0;
};

ReturnWithinFold FoldFor(const ReturnWithin&);  // The one of this kind.

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_RETURN_WITHIN_H_
