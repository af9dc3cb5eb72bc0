#include "client/demo/facts.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/demo/history.h"
#include "client/demo/parallel.h"
#include "client/demo/progress.h"
#include "client/demo/replay.h"
#include "dangol/client.h"

namespace dangol::demo {
namespace {

constexpr int kWorkers = 8;
constexpr int kPageSize = 1000;

absl::StatusOr<std::vector<v1::Member>> ListEveryMember(Client& client) {
  std::vector<v1::Member> members;
  v1::ListMembersRequest request;
  request.set_page_size(kPageSize);
  for (absl::StatusOr<v1::Member>& member : client.ListMembers(request)) {
    if (!member.ok()) return member.status();
    members.push_back(*std::move(member));
  }
  return members;
}

std::string Attribute(const v1::Member& member, const std::string& key) {
  const auto found = member.attributes().find(key);
  return found == member.attributes().end() ? "" : found->second;
}

absl::Status AddPurchases(Client& client, const v1::MemberRef& member, MemberFacts& facts) {
  v1::ListPurchasesRequest request;
  *request.mutable_member() = member;
  request.set_page_size(kPageSize);
  for (absl::StatusOr<v1::RecordedPurchase>& purchase : client.ListPurchases(request)) {
    if (!purchase.ok()) return purchase.status();
    facts.purchases.push_back({ToTime(purchase->occurred_at()), purchase->total_minor()});
  }
  // The server lists the latest first.
  std::reverse(facts.purchases.begin(), facts.purchases.end());
  if (!facts.purchases.empty()) {
    facts.first_day = absl::ToCivilDay(facts.purchases.front().occurred_at, ShopTimeZone());
  }
  return absl::OkStatus();
}

absl::Status AddTiers(Client& client, const v1::MemberRef& member, MemberFacts& facts) {
  v1::ListTierHistoryRequest request;
  *request.mutable_member() = member;
  for (absl::StatusOr<v1::TierHistoryEntry>& entry : client.ListTierHistory(request)) {
    if (!entry.ok()) return entry.status();
    TierFact fact;
    if (!absl::ParseCivilTime(entry->day(), &fact.from)) continue;
    fact.tier = entry->tier().id();
    facts.tiers.push_back(std::move(fact));
  }
  return absl::OkStatus();
}

// A step is a stamp, or the next purchase where that is all that is missing.
bool IsOneStep(const v1::IncentiveProgress& progress) {
  if (progress.obstacles_size() > 0) return false;
  if (progress.kind() == "return_within") return !progress.until().empty();
  return progress.have() > 0 && progress.need() - progress.have() == 1;
}

absl::Status AddIncentives(Client& client, const v1::MemberRef& member, MemberFacts& facts) {
  v1::ListProgressRequest request;
  *request.mutable_member() = member;
  const absl::StatusOr<v1::ListProgressResponse> progress = client.ListProgress(request);
  if (!progress.ok()) return progress.status();
  for (const v1::IncentiveProgress& one : progress->incentives()) {
    facts.incentives.push_back({one.incentive_id(), one.name(), 0, 0, IsOneStep(one)});
  }
  v1::ListAwardsRequest awards;
  *awards.mutable_member() = member;
  awards.set_page_size(kPageSize);
  for (absl::StatusOr<v1::Award>& award : client.ListAwards(awards)) {
    if (!award.ok()) return award.status();
    for (IncentiveFact& fact : facts.incentives) {
      if (award->fallen() || award->cause() != "incentive:" + fact.id) continue;
      ++fact.awards;
      fact.points += award->points();
    }
  }
  return absl::OkStatus();
}

absl::Status AddBalance(Client& client, const v1::MemberRef& member, const std::string& wallet,
                        MemberFacts& facts) {
  const absl::StatusOr<v1::GetBalanceResponse> balance = client.GetBalance(member);
  if (!balance.ok()) return balance.status();
  for (const v1::WalletBalance& entry : balance->wallets()) {
    if (entry.wallet() != wallet) continue;
    facts.points_pending = entry.pending();
    facts.points_available = entry.available();
    for (const v1::PointsDue& due : entry.expiring()) {
      facts.expiries.push_back({ToTime(due.at()), due.points()});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<MemberFacts> GatherMember(Client& client, const v1::Member& member,
                                         const std::string& wallet) {
  MemberFacts facts;
  facts.name = Attribute(member, "name");
  for (const v1::Alias& alias : member.aliases()) {
    if (alias.kind() == kCardAlias) facts.card = alias.value();
  }
  const v1::MemberRef reference = MemberById(member.member_id());
  if (absl::Status status = AddPurchases(client, reference, facts); !status.ok()) return status;
  if (absl::Status status = AddBalance(client, reference, wallet, facts); !status.ok()) {
    return status;
  }
  if (absl::Status status = AddTiers(client, reference, facts); !status.ok()) return status;
  if (absl::Status status = AddIncentives(client, reference, facts); !status.ok()) return status;
  return facts;
}

}  // namespace

absl::StatusOr<std::vector<MemberFacts>> GatherFacts(Client client, const std::string& wallet,
                                                     Progress& progress) {
  const absl::StatusOr<std::vector<v1::Member>> members = ListEveryMember(client);
  if (!members.ok()) return members.status();
  std::vector<MemberFacts> facts(members->size());
  absl::Status status = RunWorkers(kWorkers, [&](int worker) -> absl::Status {
    for (auto index = static_cast<std::size_t>(worker); index < facts.size(); index += kWorkers) {
      absl::StatusOr<MemberFacts> member = GatherMember(client, (*members)[index], wallet);
      if (!member.ok()) return member.status();
      facts[index] = *std::move(member);
      progress.Add(1);
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return facts;
}

}  // namespace dangol::demo
