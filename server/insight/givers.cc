#include "server/insight/givers.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace dangol::insight {

bool ComesBefore(const Giver& one, const Giver& other) {
  return std::tie(other.points, one.member_id, one.wallet) <
         std::tie(one.points, other.member_id, other.wallet);
}

std::vector<Giver> RankGivers(absl::Span<const domain::GivenAway> given) {
  std::map<std::pair<domain::MemberId, std::string>, Giver> givers;
  for (const domain::GivenAway& of_purchase : given) {
    Giver& giver = givers[{of_purchase.member_id, of_purchase.wallet}];
    giver.member_id = of_purchase.member_id;
    giver.wallet = of_purchase.wallet;
    giver.points += of_purchase.points;
    ++giver.purchases;
  }
  std::vector<Giver> ranked;
  ranked.reserve(givers.size());
  for (auto& [key, giver] : givers) ranked.push_back(std::move(giver));
  std::sort(ranked.begin(), ranked.end(), ComesBefore);
  return ranked;
}

}  // namespace dangol::insight
