#include "client/demo/coming_back.h"

#include <algorithm>

#include "client/demo/history.h"

namespace dangol::demo {
namespace {

IncentiveFigures& FiguresOf(const IncentiveFact& fact, std::vector<IncentiveFigures>& all) {
  const auto known = std::find_if(all.begin(), all.end(), [&](const IncentiveFigures& figures) {
    return figures.id == fact.id;
  });
  if (known != all.end()) return *known;
  all.push_back({fact.id, fact.name});
  return all.back();
}

}  // namespace

ComingBack MakeComingBack(const std::vector<MemberFacts>& members) {
  ComingBack result;
  for (const MemberFacts& member : members) {
    for (const PurchaseFact& purchase : member.purchases) {
      const bool is_first =
          absl::ToCivilDay(purchase.occurred_at, ShopTimeZone()) == member.first_day;
      (is_first ? result.won_of_first : result.won_after) += purchase.won;
    }
    for (const IncentiveFact& fact : member.incentives) {
      IncentiveFigures& figures = FiguresOf(fact, result.incentives);
      figures.members += fact.awards > 0 ? 1 : 0;
      figures.awards += fact.awards;
      figures.points += fact.points;
      figures.one_step += fact.one_step ? 1 : 0;
      result.points += fact.points;
    }
  }
  return result;
}

}  // namespace dangol::demo
