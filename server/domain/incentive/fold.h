#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_FOLD_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_FOLD_H_

#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

#include "server/domain/incentive/category_breadth.h"
#include "server/domain/incentive/dates.h"
#include "server/domain/incentive/engagement.h"
#include "server/domain/incentive/punch_card.h"
#include "server/domain/incentive/referring.h"
#include "server/domain/incentive/return_within.h"
#include "server/domain/incentive/spend_milestone.h"
#include "server/domain/incentive/streak.h"
#include "server/domain/incentive/win_back.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

namespace internal {

template <typename Kind>
using FoldOf = decltype(FoldFor(std::declval<const Kind&>()));

template <typename Kinds>
struct FoldsOf;
template <typename... Kinds>
struct FoldsOf<std::variant<Kinds...>> {
  using Type = std::variant<std::monostate, FoldOf<Kinds>...>;
};

}  // namespace internal

// One incentive of one person, day by day, whatever kind it is (day.h).
class IncentiveFold {
 public:
  int64_t Step(const Incentive& terms, const IncentiveDay& day) {
    return std::visit([&](const auto& kind) { return StateOf(kind).Step(kind, terms.window, day); },
                      terms.kind);
  }

  // Calls walk(fold, kind): for many days under the same terms, so that which kind it is is asked
  // once.
  template <typename Visit>
  void Walk(const Incentive& terms, const Visit& walk) {
    std::visit([&](const auto& kind) { walk(StateOf(kind), kind); }, terms.kind);
  }

  IncentiveProgress ProgressOn(const Incentive& terms, DayNumber today) {
    return std::visit(
        [&](const auto& kind) { return StateOf(kind).ProgressOn(kind, terms.window, today); },
        terms.kind);
  }

 private:
  // Where a later version has made it another kind it begins anew.
  template <typename Kind>
  internal::FoldOf<Kind>& StateOf(const Kind&) {
    using Fold = internal::FoldOf<Kind>;
    if (!std::holds_alternative<Fold>(state_)) state_.template emplace<Fold>();
    return std::get<Fold>(state_);
  }

  internal::FoldsOf<IncentiveKind>::Type state_;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_FOLD_H_
