#include "server/domain/state.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "server/domain/earning.h"

namespace dangol::domain {
namespace {

auto SpendingOrder(const Lot& lot) { return std::tie(lot.expires_at, lot.lot); }

void ApplyLot(const Lot& lot, std::vector<Lot>& lots) {
  auto place = std::lower_bound(lots.begin(), lots.end(), lot, [](const Lot& a, const Lot& b) {
    return SpendingOrder(a) < SpendingOrder(b);
  });
  const bool known = place != lots.end() && place->lot == lot.lot;
  if (lot.remaining == 0) {
    if (known) lots.erase(place);
  } else if (known) {
    *place = lot;
  } else {
    lots.insert(place, lot);
  }
}

void ApplyAlias(const AliasChange& change, std::vector<Alias>& aliases) {
  auto place = std::lower_bound(aliases.begin(), aliases.end(), change.alias);
  const bool known = place != aliases.end() && *place == change.alias;
  if (change.added && !known) aliases.insert(place, change.alias);
  if (!change.added && known) aliases.erase(place);
}

// Puts `row` in the place of the one with the same key, or at the end.
template <typename Row, typename SameKey>
void Put(const Row& row, std::vector<Row>& rows, SameKey same_key) {
  auto place =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return same_key(r, row); });
  if (place != rows.end()) {
    *place = row;
  } else {
    rows.push_back(row);
  }
}

}  // namespace

Reads ReadsOf(const Command& command, const ProgramCatalog& catalog, absl::Time now) {
  Reads reads;
  reads.member = MemberOf(command);
  if (const auto* enroll = std::get_if<EnrollMember>(&command.action)) {
    reads.aliases = enroll->aliases;
  } else if (const auto* add = std::get_if<AddAlias>(&command.action)) {
    reads.needs.aliases = true;
    reads.aliases.push_back(add->alias);
  } else if (std::holds_alternative<RemoveAlias>(command.action)) {
    reads.needs.aliases = true;
  } else if (const auto* record = std::get_if<RecordPurchase>(&command.action)) {
    const absl::Time occurred_at = record->occurred_at.value_or(now);
    if (const ProgramVersion* version = catalog.At(occurred_at); version != nullptr) {
      reads.needs.cap_periods = CapPeriods(*version->program, occurred_at);
    }
  }
  return reads;
}

void Apply(const Effects& effects, MemberState& state) {
  if (effects.member.has_value()) state.member = *effects.member;
  for (const Account& account : effects.accounts) {
    Put(account, state.accounts,
        [](const Account& a, const Account& b) { return a.wallet == b.wallet; });
  }
  if (state.has_lots) {
    for (const Lot& lot : effects.lots) ApplyLot(lot, state.lots);
  }
  for (const AliasChange& change : effects.aliases) ApplyAlias(change, state.aliases);
  for (const CapUsage& usage : effects.cap_usage) {
    Put(usage, state.cap_usage, [](const CapUsage& a, const CapUsage& b) {
      return a.period == b.period && a.rule_id == b.rule_id;
    });
  }
}

Account AccountOf(const MemberState& state, const std::string& wallet) {
  for (const Account& account : state.accounts) {
    if (account.wallet == wallet) return account;
  }
  Account empty;
  empty.wallet = wallet;
  return empty;
}

}  // namespace dangol::domain
