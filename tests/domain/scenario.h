#ifndef DANGOL_TESTS_DOMAIN_SCENARIO_H_
#define DANGOL_TESTS_DOMAIN_SCENARIO_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/decide.h"
#include "tests/support/programs.h"

namespace dangol::domain {

// One member's life, decision by decision: what a lane and a store would do,
// without them. Keeps every entry for the test to look at.
class Scenario {
 public:
  explicit Scenario(Program program) : catalog_(testing::CatalogOf(std::move(program))) {
    state_.member.id = testing::MemberNumber(1);
    state_.member.advanced_until = absl::UnixEpoch();
    state_.has_lots = true;
  }

  // Records a purchase that occurred at `occurred_at`, when it is `now`.
  absl::StatusOr<PurchaseOutcome> Buy(Purchase purchase, absl::Time occurred_at, absl::Time now) {
    RecordPurchase record;
    record.member.id = state_.member.id;
    record.occurred_at = occurred_at;
    record.purchase = std::move(purchase);
    const Command command{std::move(record), "till-1"};
    absl::StatusOr<Decision> decision = Decide(command, {&state_, &aliases_}, catalog_, now);
    if (!decision.ok()) return decision.status();
    purchase_ = *decision->effects.purchase;
    Take(decision->effects);
    return std::get<PurchaseOutcome>(decision->outcome);
  }

  // Lets time pass.
  void AdvanceTo(absl::Time now) { Take(Advance(state_, catalog_, now)); }

  // "pending/available" of wallet "points".
  std::string Balance() const {
    const Account account = AccountOf(state_, "points");
    return absl::StrCat(account.pending, "/", account.available);
  }

  MemberState& state() { return state_; }
  const ProgramCatalog& catalog() const { return catalog_; }
  const std::vector<LedgerEntry>& entries() const { return entries_; }
  const Purchase& last_purchase() const { return purchase_; }

 private:
  void Take(const Effects& effects) {
    entries_.insert(entries_.end(), effects.entries.begin(), effects.entries.end());
    Apply(effects, state_);
  }

  ProgramCatalog catalog_;
  MemberState state_;
  AliasOwners aliases_;
  std::vector<LedgerEntry> entries_;
  Purchase purchase_;
};

}  // namespace dangol::domain

#endif  // DANGOL_TESTS_DOMAIN_SCENARIO_H_
