#include "server/domain/program/tiers.h"

#include <algorithm>

namespace dangol::domain {

bool IsScored(const Ladder& ladder) {
  const auto is_scored = [](const Criteria& criteria) {
    return std::any_of(criteria.items.begin(), criteria.items.end(),
                       [](const Criterion& criterion) { return IsScored(criterion.indicator); });
  };
  return std::any_of(ladder.tiers.begin(), ladder.tiers.end(), [&](const Tier& tier) {
    return is_scored(tier.reach) || is_scored(tier.keep);
  });
}

}  // namespace dangol::domain
