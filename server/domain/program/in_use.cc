#include "server/domain/program/in_use.h"

#include <vector>

namespace dangol::domain {
namespace {

// What one member has of each.
InUseChanges OfMember(PartKind kind, const MemberState& state) {
  InUseChanges all;
  switch (kind) {
    case PartKind::kWallet:
      for (const Account& of : state.accounts) {
        const int64_t points = of.pending + of.available + of.owed + of.held;
        if (points != 0 || of.owed != 0) all[of.wallet] = {of.wallet, 1, points, of.owed};
      }
      break;
    case PartKind::kReward:
      for (const Coupon& coupon : state.coupons) {
        if (coupon.status != CouponStatus::kIssued) continue;
        InUse& use = all[coupon.reward_id];
        use = {coupon.reward_id, 1, use.count + 1, 0};
      }
      break;
    case PartKind::kCurrency:  // Goods may come back whatever time it is.
      break;
  }
  return all;
}

void Add(const InUse& use, int sign, InUseChanges& changes) {
  InUse& sum = changes[use.name];
  sum.name = use.name;
  sum.members += sign * use.members;
  sum.count += sign * use.count;
  sum.owed += sign * use.owed;
}

const std::vector<std::string>& Retired(PartKind kind, const Program& program) {
  switch (kind) {
    case PartKind::kWallet:
      return program.retired_wallets;
    case PartKind::kCurrency:
      return program.retired_currencies;
    case PartKind::kReward:
      break;
  }
  return program.retired_rewards;
}

}  // namespace

void Replace(PartKind kind, const MemberState& stored, const Effects& effects,
             InUseChanges& changes) {
  MemberState after = stored;
  Apply(effects, after);
  for (const auto& [name, use] : OfMember(kind, stored)) Add(use, -1, changes);
  for (const auto& [name, use] : OfMember(kind, after)) Add(use, 1, changes);
}

std::vector<InUse> Changed(const std::vector<InUse>& stored, InUseChanges changes) {
  for (const InUse& use : stored) Add(use, 1, changes);
  std::vector<InUse> in_use;
  for (const auto& [name, use] : changes) {
    if (use.members > 0) in_use.push_back(use);
  }
  return in_use;
}

std::set<std::string> Declared(PartKind kind, const Program& program) {
  std::set<std::string> names;
  switch (kind) {
    case PartKind::kWallet:
      for (const Wallet& wallet : program.wallets) names.insert(wallet.id);
      break;
    case PartKind::kCurrency:
      for (const Currency& currency : program.currencies) names.insert(currency.code);
      break;
    case PartKind::kReward:
      for (const Reward& reward : program.rewards) names.insert(reward.id);
      break;
  }
  return names;
}

std::set<std::string> Dropped(PartKind kind, const Program& next, const ProgramCatalog& known) {
  std::set<std::string> names;
  for (const ProgramVersion& version : known.versions()) {
    names.merge(Declared(kind, *version.program));
  }
  for (const std::string& name : Declared(kind, next)) names.erase(name);
  for (const std::string& name : Retired(kind, next)) names.erase(name);
  return names;
}

}  // namespace dangol::domain
