#include "server/insight/influence_tree.h"

#include <algorithm>
#include <numeric>

#include "server/domain/advocate/influence.h"

namespace dangol::insight {
namespace {

int64_t ToldLast(const domain::Member& person) {
  int64_t told = 0;
  for (const domain::History& history : person.histories) {
    if (!history.care.influence.empty()) told += history.care.influence.back().thousandths;
  }
  return told;
}

// By whom somebody was brought without anybody being paid for it, and has bought; nil: nobody.
domain::MemberId ReferrerOf(const domain::Member& person) {
  const domain::Referral* const referral = domain::ReferralOf(person);
  if (referral == nullptr) return {};
  const bool is_unpaid = std::any_of(
      referral->told.begin(), referral->told.end(),
      [](const domain::Conversion& one) { return one.incentive == domain::kUnpaidReferrals; });
  return is_unpaid ? referral->referrer : domain::MemberId();
}

}  // namespace

void InfluenceTree::Add(const domain::Member& person, const domain::Program& program,
                        domain::DayNumber day) {
  Node node;
  node.referrer = ReferrerOf(person);
  node.own = domain::OwnReferralsOn(person, program, day);
  node.told = ToldLast(person);
  // However long ago they brought somebody: those may bring somebody today.
  const bool has_brought =
      TotalOf(person.histories, domain::Measure::kReferrals, domain::kUnpaidReferrals) != 0;
  if (node.referrer.IsNil() && !has_brought && node.told == 0) return;
  node.member = person.id;
  node.since = domain::FirstOf(person);
  node_of_[person.id] = nodes_.size();
  for (const domain::History& history : person.histories) {
    if (!history.person.IsNil()) node_of_[history.person] = nodes_.size();
  }
  nodes_.push_back(node);
}

std::vector<InfluenceTree::Change> InfluenceTree::Changes() {
  std::vector<size_t> latest_first(nodes_.size());
  std::iota(latest_first.begin(), latest_first.end(), size_t{0});
  std::sort(latest_first.begin(), latest_first.end(),
            [&](size_t a, size_t b) { return nodes_[b].since < nodes_[a].since; });
  for (const size_t place : latest_first) {
    const Node& node = nodes_[place];
    const auto referrer = node_of_.find(node.referrer);
    if (referrer == node_of_.end() || referrer->second == place) continue;
    nodes_[referrer->second].through += (node.own + node.through) / 2;
  }
  std::vector<Change> changes;
  for (const Node& node : nodes_) {
    if (node.through != node.told) changes.push_back({node.member, node.through});
  }
  return changes;
}

}  // namespace dangol::insight
