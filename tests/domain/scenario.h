#ifndef DANGOL_TESTS_DOMAIN_SCENARIO_H_
#define DANGOL_TESTS_DOMAIN_SCENARIO_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/decide.h"
#include "server/domain/points/expiry.h"
#include "tests/support/programs.h"

namespace dangol::domain {

// One member's life, decision by decision: what a lane and a store would do,
// without them. Keeps every entry for the test to look at, and after each decision
// sees to it that the books balance.
class Scenario {
 public:
  explicit Scenario(Program program, uint64_t number = 1)
      : catalog_(testing::CatalogOf(std::move(program))) {
    state_.member.id = testing::MemberNumber(number);
    state_.member.advanced_until = absl::UnixEpoch();
    state_.has_lots = true;
    state_.has_purchases = true;
  }

  // Decides and takes in what follows. `person`: who acts, where they are of a household
  // whose head this is.
  absl::StatusOr<Outcome> Do(Action action, absl::Time now, Scenario* person = nullptr) {
    const Command command{std::move(action), "till-1"};
    State state{&state_, &aliases_, &counters_};
    if (person != nullptr) state.person = &person->state_;
    absl::StatusOr<Decision> decision = Decide(command, state, catalog_, now);
    if (!decision.ok()) return decision.status();
    Effects& own = OfPerson(decision->effects);
    if (own.purchase.has_value()) purchase_ = *own.purchase;
    if (person != nullptr) person->TakeUnchecked(own);
    Take(decision->effects);
    return std::move(decision->outcome);
  }

  // The same for what concerns another member too, who takes in what follows for them.
  // Nothing to take in is a failure.
  absl::StatusOr<Outcome> DoWith(Scenario& other, Action action, absl::Time now) {
    const Command command{std::move(action), "till-1"};
    State state{&state_, &aliases_};
    state.other = &other.state_;
    absl::StatusOr<Decision> decision = Decide(command, state, catalog_, now);
    if (!decision.ok()) return decision.status();
    if (decision->consequences.empty()) return absl::InternalError("without consequence");
    const Effects& theirs = decision->consequences.front().effects;
    TakeUnchecked(decision->effects);
    other.TakeUnchecked(theirs);
    if (decision->effects.move.has_value()) {
      ApplyMove(*decision->effects.move, state_, other.state_);
    }
    ExpectBooksBalance(decision->effects.member->advanced_until);
    other.ExpectBooksBalance(theirs.member->advanced_until);
    other.consequence_ = std::move(decision->consequences.front().action);
    return std::move(decision->outcome);
  }

  // Records a purchase that occurred at `occurred_at`, when it is `now`.
  absl::StatusOr<PurchaseOutcome> Buy(Purchase purchase, absl::Time occurred_at, absl::Time now) {
    RecordPurchase record;
    record.member = Me();
    record.occurred_at = occurred_at;
    record.purchase = std::move(purchase);
    absl::StatusOr<Outcome> outcome = Do(std::move(record), now);
    if (!outcome.ok()) return outcome.status();
    return std::get<PurchaseOutcome>(*std::move(outcome));
  }

  // Another program is in force from then on.
  void Activate(Program program, absl::Time from) {
    catalog_.Add({static_cast<int64_t>(catalog_.versions().size()) + 1, from, from, "",
                  std::make_shared<const Program>(std::move(program))});
  }

  // Norms have been recorded.
  void Learn(Norms norms) { catalog_.Add(std::move(norms)); }

  // Lets time pass.
  void AdvanceTo(absl::Time now) { Take(Advance(state_, catalog_, now)); }

  // What a store loads of an adjustment that is to be undone: from this ledger, and from those of
  // `others` in whose purses its points lay before.
  void LoadAdjusted(const std::string& id, const std::vector<const Scenario*>& others = {}) {
    state_.adjusted_lots.clear();
    state_.adjusted_entries.clear();
    std::vector<const Scenario*> purses = {this};
    for (const Scenario* other : others) {
      const std::vector<MemberId>& known = state_.member.purses;
      const bool was_there =
          std::find(known.begin(), known.end(), other->state_.member.id) != known.end();
      if (was_there) purses.push_back(other);
    }
    std::set<LotName> names;
    for (const Scenario* purse : purses) {
      for (const LedgerEntry& entry : purse->entries_) {
        const LotName name{entry.lot_purse, entry.lot};
        if (entry.kind != EntryKind::kAdjust || entry.reference != id) continue;
        if (names.insert(name).second) state_.adjusted_lots.push_back(purse->all_lots_.at(name));
      }
    }
    for (const Scenario* purse : purses) {
      for (const LedgerEntry& entry : purse->entries_) {
        const bool is_given_up = entry.kind == EntryKind::kWriteOff && entry.reference == id;
        const bool is_of = names.contains({entry.lot_purse, entry.lot});
        if (is_of || is_given_up) state_.adjusted_entries.push_back(entry);
      }
    }
  }

  // "pending/available" of wallet "points".
  std::string Balance() const {
    const Account account = AccountOf(state_, "points");
    return absl::StrCat(account.pending, "/", account.available);
  }
  int64_t Held() const { return AccountOf(state_, "points").held; }

  MemberRef Me() const {
    MemberRef ref;
    ref.id = state_.member.id;
    return ref;
  }
  MemberState& state() { return state_; }
  const ProgramCatalog& catalog() const { return catalog_; }
  const std::vector<LedgerEntry>& entries() const { return entries_; }
  const SharedCounters& counters() const { return counters_; }
  const Purchase& last_purchase() const { return purchase_; }
  // What another member's command has last brought about for this one.
  const Action& last_consequence() const { return consequence_; }

 private:
  using LotName = std::pair<MemberId, int64_t>;

  void Take(const Effects& effects) {
    TakeUnchecked(effects);
    if (effects.member.has_value()) ExpectBooksBalance(effects.member->advanced_until);
  }

  void TakeUnchecked(const Effects& effects) {
    const int64_t before = state_.member.entry_count;
    for (size_t i = 0; i < effects.entries.size(); ++i) {
      EXPECT_EQ(effects.entries[i].number, before + static_cast<int64_t>(i) + 1);
      EXPECT_GT(effects.entries[i].points, 0);
    }
    entries_.insert(entries_.end(), effects.entries.begin(), effects.entries.end());
    for (const Lot& lot : effects.lots) all_lots_[NameOf(lot)] = lot;
    for (const CounterUse& use : effects.counters) {
      EXPECT_EQ(use.before, UsedOf(&counters_, use.name));
      EXPECT_GE(use.after, 0);
      counters_[use.name].used = use.after;
    }
    Apply(effects, state_);
  }

  // Balances are the sums of entries, of lots, and of what is held.
  void ExpectBooksBalance(absl::Time now) const {
    std::map<std::string, Account> by_entries;
    std::map<std::string, Account> by_lots;
    for (const LedgerEntry& entry : entries_) {
      Count(entry.debit, -entry.points, by_entries[entry.wallet]);
      Count(entry.credit, entry.points, by_entries[entry.wallet]);
    }
    for (const Lot& lot : state_.lots) {
      const bool pending = lot.available_from > lot.earned_at && lot.available_from > now;
      (pending ? by_lots[lot.wallet].pending : by_lots[lot.wallet].available) += lot.remaining;
      EXPECT_GT(ExpiryOf(lot, state_.member.last_activity_at, catalog_), now) << "lot " << lot.lot;
      EXPECT_GE(lot.available_from, lot.earned_at);
    }
    for (const Reservation& reservation : state_.reservations) {
      if (reservation.status != ReservationStatus::kHeld) continue;
      by_lots[reservation.wallet].held += reservation.points;
    }
    for (const Account& account : state_.accounts) {
      for (const Account& sum : {by_entries[account.wallet], by_lots[account.wallet]}) {
        EXPECT_EQ(sum.pending, account.pending);
        EXPECT_EQ(sum.available, account.available);
        EXPECT_EQ(sum.held, account.held);
      }
      EXPECT_GE(account.pending, 0);
      EXPECT_GE(account.held, 0);
    }
  }

  static void Count(LedgerAccount account, int64_t points, Account& sums) {
    if (account == LedgerAccount::kPending) sums.pending += points;
    if (account == LedgerAccount::kAvailable) sums.available += points;
    if (account == LedgerAccount::kHeld) sums.held += points;
  }

  ProgramCatalog catalog_;
  MemberState state_;
  AliasOwners aliases_;
  SharedCounters counters_;
  std::vector<LedgerEntry> entries_;
  std::map<LotName, Lot> all_lots_;  // Also those that nothing is left of.
  Purchase purchase_;
  Action consequence_;
};

}  // namespace dangol::domain

#endif  // DANGOL_TESTS_DOMAIN_SCENARIO_H_
