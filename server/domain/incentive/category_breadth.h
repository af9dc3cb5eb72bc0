#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_CATEGORY_BREADTH_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_CATEGORY_BREADTH_H_

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "server/domain/incentive/day.h"
#include "server/domain/incentive/goods.h"
#include "server/domain/incentive/window.h"

namespace dangol::domain {

// Goods of so many categories within a window; then it begins anew, with the next day.

inline int64_t StampsOf(const CategoryBreadth&, const QualifyingGoods& goods) {
  return goods.categories.empty() ? 0 : 1;
}

struct CategoryBreadthFold {
  int64_t Step(const CategoryBreadth& terms, const IncentiveWindow& window,
               const IncentiveDay& day) {
    if (window.kind != IncentiveWindow::Kind::kEver) Forget(window, day.day, last_bought);
    for (const int category : day.categories) {
      const auto known =
          std::find_if(last_bought.begin(), last_bought.end(),
                       [category](const auto& one) { return one.first == category; });
      if (known == last_bought.end()) {
        last_bought.emplace_back(category, day.day);
      } else {
        known->second = day.day;
      }
    }
    if (static_cast<int64_t>(last_bought.size()) < terms.categories) return 0;
    last_bought.clear();
    return 1;
  }

  IncentiveProgress ProgressOn(const CategoryBreadth& terms, const IncentiveWindow& window,
                               DayNumber today) const {
    Bought there = last_bought;
    Forget(window, today, there);
    IncentiveProgress progress{static_cast<int64_t>(there.size()), terms.categories, kNoDay};
    if (there.empty() || window.kind == IncentiveWindow::Kind::kEver) return progress;
    progress.until = WindowOf(window, today).until - 1;
    if (window.kind == IncentiveWindow::Kind::kRolling) {
      progress.until = there.begin()->second + window.days - 1;
      for (const auto& [category, day] : there) {
        progress.until = std::min(progress.until, day + window.days - 1);
      }
    }
    return progress;
  }

  using Bought = absl::InlinedVector<std::pair<int, DayNumber>, 8>;  // By category: the last day.

  static void Forget(const IncentiveWindow& window, DayNumber day, Bought& bought) {
    const DayNumber from = WindowOf(window, day).from;
    bought.erase(std::remove_if(bought.begin(), bought.end(),
                                [from](const auto& one) { return one.second < from; }),
                 bought.end());
  }

  Bought last_bought;
};

CategoryBreadthFold FoldFor(const CategoryBreadth&);  // The one of this kind.

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_CATEGORY_BREADTH_H_
