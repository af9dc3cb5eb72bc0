#include "client/demo/ladder.h"

#include <algorithm>
#include <cstddef>

namespace dangol::demo {
namespace {

constexpr int kPageSize = 1'000;
constexpr int kMonths = 24;
constexpr int kMonthsApart = 3;

// The place of the tier that the member had at the end of a day; the lowest before any other.
std::size_t PlaceOn(const MemberFacts& member, absl::CivilDay day, const Ladder& ladder) {
  std::size_t place = 0;
  for (const TierFact& fact : member.tiers) {
    if (fact.from > day) break;
    for (std::size_t i = 0; i < ladder.tiers.size(); ++i) {
      if (ladder.tiers[i].id == fact.tier) place = i;
    }
  }
  return place;
}

LadderOnDay CountOn(absl::CivilDay day, const std::vector<MemberFacts>& members,
                    const Ladder& ladder) {
  LadderOnDay count;
  count.day = day;
  count.members.resize(ladder.tiers.size());
  for (const MemberFacts& member : members) {
    // Who had not bought anything by then was not there.
    const bool is_there = !member.purchases.empty() && member.first_day <= day;
    if (is_there) ++count.members[PlaceOn(member, day, ladder)];
  }
  return count;
}

}  // namespace

absl::StatusOr<Ladder> AskLadder(Client client) {
  Ladder ladder;
  v1::GetTierDistributionRequest request;
  request.set_page_size(kPageSize);
  do {
    const absl::StatusOr<v1::GetTierDistributionResponse> page =
        client.GetTierDistribution(request);
    if (!page.ok()) return page.status();
    for (const v1::TierCount& count : page->tiers()) {
      auto known =
          std::find_if(ladder.tiers.begin(), ladder.tiers.end(),
                       [&](const TierOnLadder& tier) { return tier.id == count.tier().id(); });
      if (known == ladder.tiers.end()) {
        known = ladder.tiers.insert(known, {count.tier().id(), count.tier().name()});
      }
      known->members += count.members();
      known->about_to_rise += count.about_to_rise();
      known->at_risk += count.at_risk();
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return ladder;
}

void AddMigration(const std::vector<MemberFacts>& members, absl::CivilDay today, Ladder& ladder) {
  if (ladder.tiers.empty()) return;
  for (int months = kMonths; months > 0; months -= kMonthsApart) {
    const absl::CivilDay day = absl::CivilDay(absl::CivilMonth(today) - months + 1) - 1;
    ladder.days.push_back(CountOn(day, members, ladder));
  }
  ladder.days.push_back(CountOn(today, members, ladder));
}

}  // namespace dangol::demo
