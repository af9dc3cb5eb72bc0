#include "server/domain/program/in_use.h"

#include <vector>

namespace dangol::domain {
namespace {

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
