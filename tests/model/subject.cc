#include "tests/model/subject.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/domain/points/expiry.h"
#include "tests/support/histories.h"
#include "tests/support/programs.h"

namespace dangol::model {

using domain::Account;
using domain::LedgerAccount;
using domain::LedgerEntry;
using domain::Lot;
using domain::Reservation;
using domain::ReservationStatus;

namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void Count(LedgerAccount account, int64_t points, Account& sums) {
  if (account == LedgerAccount::kPending) sums.pending += points;
  if (account == LedgerAccount::kAvailable) sums.available += points;
  if (account == LedgerAccount::kHeld) sums.held += points;
}

bool IsOfLots(LedgerAccount account) {
  return account == LedgerAccount::kPending || account == LedgerAccount::kAvailable;
}

// What a store would load for a decision, and no more.
domain::MemberState Load(const domain::MemberState& kept, const domain::MemberNeeds& needs,
                         absl::Time now) {
  domain::MemberState loaded;
  loaded.member = kept.member;
  loaded.accounts = kept.accounts;
  loaded.has_lots = needs.lots || domain::NeedsLots(kept.member, kept.accounts, now);
  if (loaded.has_lots) loaded.lots = kept.lots;
  std::vector<std::string> reservations = needs.reservations;
  for (const domain::Purchase& purchase : kept.purchases) {
    const bool is_within = needs.purchases_within.has_value() &&
                           purchase.occurred_at >= needs.purchases_within->from &&
                           purchase.occurred_at < needs.purchases_within->until;
    if (is_within || Contains(needs.purchases, purchase.purchase_id)) {
      loaded.purchases.push_back(purchase);
      reservations.push_back(purchase.reservation_id);
      for (const domain::GonePoints& gone : kept.gone) {
        if (gone.purchase_id == purchase.purchase_id) loaded.gone.push_back(gone);
      }
    }
  }
  if (needs.gone) loaded.gone = kept.gone;
  for (const Reservation& reservation : kept.reservations) {
    if ((loaded.has_lots && reservation.status == ReservationStatus::kHeld) ||
        Contains(reservations, reservation.reservation_id)) {
      loaded.reservations.push_back(reservation);
    }
  }
  for (const domain::Coupon& coupon : kept.coupons) {
    const bool of_reward = std::any_of(
        needs.coupons_of_rewards.begin(), needs.coupons_of_rewards.end(), [&](const auto& wanted) {
          return coupon.reward_id == wanted.reward_id && coupon.issued_at >= wanted.since &&
                 coupon.status != domain::CouponStatus::kCancelled;
        });
    if (of_reward || (loaded.has_lots && coupon.status == domain::CouponStatus::kIssued) ||
        Contains(needs.coupons, coupon.code)) {
      loaded.coupons.push_back(coupon);
    }
  }
  return loaded;
}

}  // namespace

Subject::Subject(const domain::Program& program) : catalog_(testing::CatalogOf(program)) {
  people_.push_back(Newcomer());
  people_.push_back(Newcomer());
  other_ = Newcomer().kept;
}

Subject::Person Subject::Newcomer() {
  Person newcomer;
  newcomer.kept.member.id = testing::MemberNumber(people_.size() + 1);
  newcomer.kept.member.advanced_until = absl::UnixEpoch();
  newcomer.kept.has_lots = true;
  newcomer.kept.has_purchases = true;
  return newcomer;
}

size_t Subject::OwnerOf(size_t who) const {
  while (people_[who].kept.member.joined.has_value()) {
    const domain::MemberId into = people_[who].kept.member.joined->into;
    who = static_cast<size_t>(
        std::find_if(people_.begin(), people_.end(),
                     [&](const Person& person) { return person.kept.member.id == into; }) -
        people_.begin());
  }
  return who;
}

Answer Subject::Do(const domain::Action& action, absl::Time now, size_t who) {
  const domain::Command command{action, "till-1"};
  if (const auto* merge = std::get_if<domain::MergeMembers>(&action)) {
    return AnswerTo(MergeNewcomer(command, merge->member.id.has_value(), now, who), now, who);
  }
  if (std::holds_alternative<domain::UnmergeMember>(action)) {
    return AnswerTo(UnmergeNewcomer(command, now, who), now, who);
  }
  return AnswerTo(DoAlone(command, now, who), now, who);
}

Answer Subject::AnswerTo(const absl::StatusOr<domain::Outcome>& outcome, absl::Time now,
                         size_t who) {
  Answer answer;
  if (outcome.ok()) {
    answer = AnswerOf(*outcome, people_[OwnerOf(who)]);
  } else {
    answer.refusal = DetailsOf(outcome.status()).reason;
    if (answer.refusal.empty()) answer.refusal = outcome.status().ToString();
  }
  for (const auto& [name, balance] : At(now, who)) {
    WalletAnswer& wallet = answer.wallets[name];
    wallet.pending = balance.pending;
    wallet.available = balance.available;
    wallet.held = balance.held;
    wallet.qualifying = balance.qualifying;
  }
  return answer;
}

absl::StatusOr<domain::Outcome> Subject::DoAlone(const domain::Command& command, absl::Time now,
                                                 size_t who) {
  Person& person = people_[OwnerOf(who)];
  const domain::Reads reads = domain::ReadsOf(command, catalog_, now);
  const domain::MemberState loaded = Load(person.kept, reads.needs, now);
  domain::State state{Knows(person.kept, command) ? &loaded : nullptr, &aliases_, &counters_};
  state.other = &other_;
  ASSIGN_OR_RETURN(domain::Decision decision, domain::Decide(command, state, catalog_, now));
  Take(decision.effects, person);
  CheckBalances(person);
  return std::move(decision.outcome);
}

absl::StatusOr<domain::Outcome> Subject::MergeNewcomer(const domain::Command& command,
                                                       bool into_newcomer, absl::Time now,
                                                       size_t who) {
  const size_t owner = OwnerOf(who);
  people_.push_back(Newcomer());
  Person& newcomer = people_.back();
  absl::StatusOr<domain::Outcome> outcome =
      into_newcomer ? DoTogether(command, people_[owner], newcomer, now)
                    : DoTogether(command, newcomer, people_[owner], now);
  if (!outcome.ok()) {
    people_.pop_back();
  } else if (into_newcomer) {
    merged_.push_back(owner);
  }
  return outcome;
}

absl::StatusOr<domain::Outcome> Subject::UnmergeNewcomer(const domain::Command& command,
                                                         absl::Time now, size_t who) {
  if (merged_.empty()) return absl::InternalError("nobody is merged");
  ASSIGN_OR_RETURN(domain::Outcome outcome,
                   DoTogether(command, people_[OwnerOf(who)], people_[merged_.back()], now));
  merged_.pop_back();
  return outcome;
}

absl::StatusOr<domain::Outcome> Subject::DoTogether(const domain::Command& command, Person& giver,
                                                    Person& taker, absl::Time now) {
  const domain::Reads reads = domain::ReadsOf(command, catalog_, now);
  const domain::MemberState loaded = Load(giver.kept, reads.needs, now);
  const domain::MemberState other = Load(taker.kept, reads.other_needs, now);
  domain::State state{&loaded, &aliases_, &counters_};
  state.other = &other;
  ASSIGN_OR_RETURN(domain::Decision decision, domain::Decide(command, state, catalog_, now));
  Take(decision.effects, giver);
  Take(decision.consequences.front().effects, taker);
  domain::ApplyMove(*decision.effects.move, giver.kept, taker.kept);
  CheckBalances(giver);
  CheckBalances(taker);
  return std::move(decision.outcome);
}

void Subject::AdvanceTo(absl::Time now, size_t who) {
  Person& person = people_[OwnerOf(who)];
  Take(domain::Advance(Load(person.kept, {}, now), catalog_, now), person);
  CheckBalances(person);
}

Wallets Subject::At(absl::Time time, size_t who) const {
  domain::MemberNeeds needs;
  needs.lots = true;
  domain::MemberState state = Load(people_[OwnerOf(who)].kept, needs, time);
  domain::Apply(domain::Advance(state, catalog_, time), state);
  Wallets wallets;
  for (const domain::Wallet& wallet : catalog_.At(time)->program->wallets) {
    const Account account = domain::AccountOf(state, wallet.id);
    WalletAnswer& answer = wallets[wallet.id];
    answer.pending = account.pending;
    answer.available = account.available;
    answer.held = account.held;
    answer.qualifying = testing::QualifyingOf(state.member, wallet.id);
  }
  return wallets;
}

// A member who is named by a purchase, a reservation or a coupon is found only by one that is kept.
bool Subject::Knows(const domain::MemberState& kept, const domain::Command& command) const {
  const std::optional<domain::MemberRef> ref = domain::MemberOf(command);
  if (!ref.has_value() || ref->id.has_value()) return true;
  if (!ref->purchase_id.empty()) {
    return std::any_of(kept.purchases.begin(), kept.purchases.end(), [&](const auto& purchase) {
      return purchase.purchase_id == ref->purchase_id;
    });
  }
  if (!ref->coupon_code.empty()) {
    return std::any_of(kept.coupons.begin(), kept.coupons.end(),
                       [&](const auto& coupon) { return coupon.code == ref->coupon_code; });
  }
  return std::any_of(kept.reservations.begin(), kept.reservations.end(),
                     [&](const Reservation& reservation) {
                       return reservation.reservation_id == ref->reservation_id;
                     });
}

Answer Subject::AnswerOf(const domain::Outcome& outcome, const Person& person) {
  Answer answer;
  if (const auto* purchase = std::get_if<domain::PurchaseOutcome>(&outcome)) {
    for (const domain::EarnedPoints& earned : purchase->earned) {
      answer.wallets[earned.wallet].earned = earned.points;
      answer.wallets[earned.wallet].qualifying_earned = earned.qualifying;
      for (const domain::EarnedPart& part : earned.parts) {
        answer.was_limited |= part.capped || part.budget_exhausted;
      }
    }
    CheckAnswer(purchase->balances, person);
  } else if (const auto* returned = std::get_if<domain::ReturnOutcome>(&outcome)) {
    for (const domain::ReversedPoints& points : returned->points) {
      WalletAnswer& wallet = answer.wallets[points.wallet];
      wallet.reversed = points.points;
      wallet.qualifying_reversed = points.qualifying;
      wallet.owed = points.owed;
      wallet.written_off = points.written_off;
      wallet.expired = points.expired;
      wallet.restored = points.restored;
    }
    answer.returned_minor = returned->recorded.amount_minor;
    answer.unmatched_minor = returned->recorded.unmatched_minor;
    CheckAnswer(returned->balances, person);
  } else if (const auto* reserved = std::get_if<domain::ReservationOutcome>(&outcome)) {
    const Reservation& reservation = reserved->reservation;
    answer.reservation = {reservation.points, reservation.captured, reservation.restored,
                          reservation.status, reservation.lapses_at};
    CheckAnswer(reserved->balances, person);
  } else if (const auto* coupon = std::get_if<domain::CouponOutcome>(&outcome)) {
    answer.coupon = {coupon->coupon.status, coupon->coupon.expires_at};
    CheckAnswer(coupon->balances, person);
  } else if (const auto* balance = std::get_if<domain::BalanceOutcome>(&outcome)) {
    CheckAnswer(balance->balances, person);
  } else if (const auto* given = std::get_if<domain::TransferOutcome>(&outcome)) {
    for (const domain::MovedLot& lot : given->lots) answer.given[lot.expires_at] += lot.points;
    CheckAnswer(given->balances, person);
  } else if (const auto* merged = std::get_if<domain::MergeOutcome>(&outcome)) {
    CheckAnswer(merged->balances, person);
  } else if (const auto* unmerged = std::get_if<domain::UnmergeOutcome>(&outcome)) {
    CheckAnswer(unmerged->balances, person);
  }
  return answer;
}

void Subject::Take(const domain::Effects& effects, Person& person) {
  CheckEntries(effects.entries, person);
  for (const domain::CounterUse& use : effects.counters) {
    int64_t& used = counters_[use.name].used;
    if (used != use.before) Complain(absl::StrCat("counter ", use.name, " was misread"));
    used = use.after;
  }
  domain::Apply(effects, person.kept);
}

void Subject::CheckEntries(const std::vector<LedgerEntry>& entries, Person& person) {
  for (const LedgerEntry& entry : entries) {
    if (entry.number != ++person.entries) {
      Complain(absl::StrCat("entry ", entry.number, " where ", person.entries, " was to come"));
    }
    if (entry.points <= 0) {
      Complain(absl::StrCat("entry ", entry.number, " has ", entry.points, " points"));
    }
    Account& sums = person.by_entries[entry.wallet];
    Count(entry.debit, -entry.points, sums);
    Count(entry.credit, entry.points, sums);
    int64_t& lot = person.lots_by_entries[{entry.lot_purse, entry.lot}];
    if (IsOfLots(entry.debit)) lot -= entry.points;
    if (IsOfLots(entry.credit)) lot += entry.points;
    if (entry.pending_after != sums.pending || entry.available_after != sums.available ||
        entry.held_after != sums.held) {
      Complain(absl::StrCat("entry ", entry.number, " tells another balance after it"));
    }
  }
}

// Balances are the sums of entries, of lots, and of what is held; a lot is the sum of
// its entries; nobody has available what they owe.
void Subject::CheckBalances(const Person& person) {
  const domain::MemberState& kept = person.kept;
  const absl::Time now = kept.member.advanced_until;
  std::map<std::string, Account> by_entries = person.by_entries;
  std::map<std::string, Account> by_lots;
  std::map<std::pair<domain::MemberId, int64_t>, int64_t> lots_left = person.lots_by_entries;
  std::map<domain::MemberId, std::set<std::string>> owes;
  std::map<domain::MemberId, std::set<std::string>> has_free;
  for (const Lot& lot : kept.lots) {
    const bool pending = lot.available_from > lot.earned_at && lot.available_from > now;
    (pending ? by_lots[lot.wallet].pending : by_lots[lot.wallet].available) += lot.remaining;
    if (lot.remaining < 0) owes[lot.person].insert(lot.wallet);
    if (lot.remaining > 0 && !pending) has_free[lot.person].insert(lot.wallet);
    const absl::Time expiry = domain::ExpiryOf(lot, kept.member.last_activity_at, catalog_);
    if (expiry <= now) Complain(absl::StrCat("lot ", lot.lot, " should have expired"));
    if (lots_left[domain::NameOf(lot)] != lot.remaining) {
      Complain(absl::StrCat("lot ", lot.lot, " has ", lot.remaining, ", its entries say ",
                            lots_left[domain::NameOf(lot)]));
    }
    lots_left.erase(domain::NameOf(lot));
  }
  for (const auto& [name, left] : lots_left) {
    if (left != 0) Complain(absl::StrCat("lot ", name.second, " is gone, its entries say ", left));
  }
  for (const auto& [debtor, wallets] : owes) {
    for (const std::string& wallet : wallets) {
      if (has_free[debtor].contains(wallet)) {
        Complain(absl::StrCat(wallet, " are owed and available"));
      }
    }
  }
  for (const Reservation& reservation : kept.reservations) {
    if (reservation.status != ReservationStatus::kHeld) continue;
    by_lots[reservation.wallet].held += reservation.points;
    if (reservation.lapses_at <= now) {
      Complain(absl::StrCat(reservation.reservation_id, " should have lapsed"));
    }
  }
  for (const Account& account : kept.accounts) {
    for (const Account& sum : {by_entries[account.wallet], by_lots[account.wallet]}) {
      if (sum.pending != account.pending || sum.available != account.available ||
          sum.held != account.held) {
        Complain(absl::StrCat("the balance of ", account.wallet, " is not what it is made of"));
      }
    }
    if (account.pending < 0 || account.held < 0) {
      Complain(absl::StrCat("a balance of ", account.wallet, " is negative"));
    }
  }
}

void Subject::CheckAnswer(const std::vector<Account>& balances, const Person& person) {
  for (const Account& account : balances) {
    if (account != domain::AccountOf(person.kept, account.wallet)) {
      Complain(absl::StrCat("the reply tells another balance of ", account.wallet));
    }
  }
  if (balances.size() != person.kept.accounts.size()) Complain("the reply leaves out a wallet");
}

void Subject::Complain(const std::string& what) {
  absl::StrAppend(&complaints_, complaints_.empty() ? "" : "; ", what);
}

}  // namespace dangol::model
