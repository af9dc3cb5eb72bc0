#include "tests/model/subject.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/domain/expiry.h"
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

}  // namespace

Subject::Subject(const domain::Program& program) : catalog_(testing::CatalogOf(program)) {
  kept_.member.id = testing::MemberNumber(1);
  kept_.member.advanced_until = absl::UnixEpoch();
  kept_.has_lots = true;
  kept_.has_purchases = true;
  other_.member.id = testing::MemberNumber(2);
  other_.member.advanced_until = absl::UnixEpoch();
  other_.has_lots = true;
}

Answer Subject::Do(const domain::Action& action, absl::Time now) {
  const domain::Command command{action, "till-1"};
  const domain::Reads reads = domain::ReadsOf(command, catalog_, now);
  const domain::MemberState loaded = Load(reads.needs, now);
  domain::State state{KnowsSubjectOf(command) ? &loaded : nullptr, &aliases_, &counters_};
  state.other = &other_;
  absl::StatusOr<domain::Decision> decision = domain::Decide(command, state, catalog_, now);
  Answer answer;
  if (decision.ok()) {
    Take(decision->effects);
    answer = AnswerOf(decision->outcome);
  } else {
    answer.refusal = DetailsOf(decision.status()).reason;
    if (answer.refusal.empty()) answer.refusal = decision.status().ToString();
  }
  for (const auto& [name, balance] : At(now)) {
    WalletAnswer& wallet = answer.wallets[name];
    wallet.pending = balance.pending;
    wallet.available = balance.available;
    wallet.held = balance.held;
    wallet.qualifying = balance.qualifying;
  }
  return answer;
}

void Subject::AdvanceTo(absl::Time now) { Take(domain::Advance(Load({}, now), catalog_, now)); }

Wallets Subject::At(absl::Time time) const {
  domain::MemberNeeds needs;
  needs.lots = true;
  domain::MemberState state = Load(needs, time);
  domain::Apply(domain::Advance(state, catalog_, time), state);
  Wallets wallets;
  for (const domain::Wallet& wallet : catalog_.At(time)->program->wallets) {
    const Account account = domain::AccountOf(state, wallet.id);
    WalletAnswer& answer = wallets[wallet.id];
    answer.pending = account.pending;
    answer.available = account.available;
    answer.held = account.held;
    answer.qualifying = account.qualifying;
  }
  return wallets;
}

// What a store would load for a decision, and no more.
domain::MemberState Subject::Load(const domain::MemberNeeds& needs, absl::Time now) const {
  domain::MemberState loaded;
  loaded.member = kept_.member;
  loaded.accounts = kept_.accounts;
  loaded.has_lots = needs.lots || domain::NeedsLots(kept_.member, kept_.accounts, now);
  if (loaded.has_lots) loaded.lots = kept_.lots;
  std::vector<std::string> reservations = needs.reservations;
  for (const domain::Purchase& purchase : kept_.purchases) {
    if (Contains(needs.purchases, purchase.purchase_id) ||
        (needs.purchases_since.has_value() && purchase.occurred_at >= *needs.purchases_since)) {
      loaded.purchases.push_back(purchase);
      reservations.push_back(purchase.reservation_id);
      for (const domain::ExpiredPoints& expired : kept_.expired) {
        if (expired.purchase_id == purchase.purchase_id) loaded.expired.push_back(expired);
      }
    }
  }
  for (const Reservation& reservation : kept_.reservations) {
    if ((loaded.has_lots && reservation.status == ReservationStatus::kHeld) ||
        Contains(reservations, reservation.reservation_id)) {
      loaded.reservations.push_back(reservation);
    }
  }
  for (const domain::Coupon& coupon : kept_.coupons) {
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

// A member who is named by a purchase, a reservation or a coupon is found only by one that is kept.
bool Subject::KnowsSubjectOf(const domain::Command& command) const {
  const std::optional<domain::MemberRef> ref = domain::MemberOf(command);
  if (!ref.has_value() || ref->id.has_value()) return true;
  if (!ref->purchase_id.empty()) {
    return std::any_of(kept_.purchases.begin(), kept_.purchases.end(), [&](const auto& purchase) {
      return purchase.purchase_id == ref->purchase_id;
    });
  }
  if (!ref->coupon_code.empty()) {
    return std::any_of(kept_.coupons.begin(), kept_.coupons.end(),
                       [&](const auto& coupon) { return coupon.code == ref->coupon_code; });
  }
  return std::any_of(kept_.reservations.begin(), kept_.reservations.end(),
                     [&](const Reservation& reservation) {
                       return reservation.reservation_id == ref->reservation_id;
                     });
}

Answer Subject::AnswerOf(const domain::Outcome& outcome) {
  Answer answer;
  if (const auto* purchase = std::get_if<domain::PurchaseOutcome>(&outcome)) {
    for (const domain::EarnedPoints& earned : purchase->earned) {
      answer.wallets[earned.wallet].earned = earned.points;
      answer.wallets[earned.wallet].qualifying_earned = earned.qualifying;
    }
    CheckAnswer(purchase->balances);
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
    CheckAnswer(returned->balances);
  } else if (const auto* reserved = std::get_if<domain::ReservationOutcome>(&outcome)) {
    const Reservation& reservation = reserved->reservation;
    answer.reservation = {reservation.points, reservation.captured, reservation.restored,
                          reservation.status, reservation.lapses_at};
    CheckAnswer(reserved->balances);
  } else if (const auto* coupon = std::get_if<domain::CouponOutcome>(&outcome)) {
    answer.coupon = {coupon->coupon.status, coupon->coupon.expires_at};
    CheckAnswer(coupon->balances);
  } else if (const auto* balance = std::get_if<domain::BalanceOutcome>(&outcome)) {
    CheckAnswer(balance->balances);
  } else if (const auto* given = std::get_if<domain::TransferOutcome>(&outcome)) {
    for (const domain::MovedLot& lot : given->lots) answer.given[lot.expires_at] += lot.points;
    CheckAnswer(given->balances);
  }
  return answer;
}

void Subject::Take(const domain::Effects& effects) {
  CheckEntries(effects.entries);
  for (const domain::CounterUse& use : effects.counters) {
    int64_t& used = counters_[use.name].used;
    if (used != use.before) Complain(absl::StrCat("counter ", use.name, " was misread"));
    used = use.after;
  }
  domain::Apply(effects, kept_);
  CheckBalances(kept_.member.advanced_until);
}

void Subject::CheckEntries(const std::vector<LedgerEntry>& entries) {
  for (const LedgerEntry& entry : entries) {
    if (entry.number != ++entries_) {
      Complain(absl::StrCat("entry ", entry.number, " where ", entries_, " was to come"));
    }
    if (entry.points <= 0) {
      Complain(absl::StrCat("entry ", entry.number, " has ", entry.points, " points"));
    }
    Account& sums = by_entries_[entry.wallet];
    Count(entry.debit, -entry.points, sums);
    Count(entry.credit, entry.points, sums);
    int64_t& lot = lots_by_entries_[entry.lot];
    if (IsOfLots(entry.debit)) lot -= entry.points;
    if (IsOfLots(entry.credit)) lot += entry.points;
    if (entry.pending_after != sums.pending || entry.available_after != sums.available ||
        entry.held_after != sums.held) {
      Complain(absl::StrCat("entry ", entry.number, " tells another balance after it"));
    }
  }
}

// Balances are the sums of entries, of lots, and of what is held; a lot is the sum of
// its entries; nothing is available where something is owed.
void Subject::CheckBalances(absl::Time now) {
  std::map<std::string, Account> by_lots;
  std::map<int64_t, int64_t> lots_left = lots_by_entries_;
  std::map<std::string, bool> owes;
  std::map<std::string, bool> has_free;
  for (const Lot& lot : kept_.lots) {
    const bool pending = lot.available_from > lot.earned_at && lot.available_from > now;
    (pending ? by_lots[lot.wallet].pending : by_lots[lot.wallet].available) += lot.remaining;
    if (lot.remaining < 0) owes[lot.wallet] = true;
    if (lot.remaining > 0 && !pending) has_free[lot.wallet] = true;
    const absl::Time expiry = domain::ExpiryOf(lot, kept_.member.last_activity_at, catalog_);
    if (expiry <= now) Complain(absl::StrCat("lot ", lot.lot, " should have expired"));
    if (lots_left[lot.lot] != lot.remaining) {
      Complain(absl::StrCat("lot ", lot.lot, " has ", lot.remaining, ", its entries say ",
                            lots_left[lot.lot]));
    }
    lots_left.erase(lot.lot);
  }
  for (const auto& [lot, left] : lots_left) {
    if (left != 0) Complain(absl::StrCat("lot ", lot, " is gone, its entries say ", left));
  }
  for (const auto& [wallet, yes] : owes) {
    if (has_free[wallet]) Complain(absl::StrCat(wallet, " are owed and available"));
  }
  for (const Reservation& reservation : kept_.reservations) {
    if (reservation.status != ReservationStatus::kHeld) continue;
    by_lots[reservation.wallet].held += reservation.points;
    if (reservation.lapses_at <= now) {
      Complain(absl::StrCat(reservation.reservation_id, " should have lapsed"));
    }
  }
  for (const Account& account : kept_.accounts) {
    for (const Account& sum : {by_entries_[account.wallet], by_lots[account.wallet]}) {
      if (sum.pending != account.pending || sum.available != account.available ||
          sum.held != account.held) {
        Complain(absl::StrCat("the balance of ", account.wallet, " is not what it is made of"));
      }
    }
    if (account.pending < 0 || account.held < 0 || account.qualifying < 0) {
      Complain(absl::StrCat("a balance of ", account.wallet, " is negative"));
    }
  }
}

void Subject::CheckAnswer(const std::vector<Account>& balances) {
  for (const Account& account : balances) {
    if (account != domain::AccountOf(kept_, account.wallet)) {
      Complain(absl::StrCat("the reply tells another balance of ", account.wallet));
    }
  }
  if (balances.size() != kept_.accounts.size()) Complain("the reply leaves out a wallet");
}

void Subject::Complain(const std::string& what) {
  absl::StrAppend(&complaints_, complaints_.empty() ? "" : "; ", what);
}

}  // namespace dangol::model
