#include "server/domain/points/book.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "server/common/limits.h"
#include "server/domain/errors.h"
#include "server/domain/points/expiry.h"
#include "server/domain/program/calendar.h"

namespace dangol::domain {
namespace {

int64_t* PartOf(Account& account, LedgerAccount which) {
  switch (which) {
    case LedgerAccount::kPending:
      return &account.pending;
    case LedgerAccount::kAvailable:
      return &account.available;
    case LedgerAccount::kHeld:
      return &account.held;
    default:
      return nullptr;  // The program's accounts are sums over the ledger.
  }
}

// What is recorded late takes effect when it occurred, but not before the points that it moves
// were where it finds them.
absl::Time EffectiveAt(const Lot& lot, absl::Time at, const Cause& cause) {
  if (!cause.occurred_at.has_value()) return at;
  const bool has_matured = StartsPending(lot) && lot.available_from <= at;
  const absl::Time there_since = has_matured ? lot.available_from : lot.earned_at;
  return std::min(at, std::max(*cause.occurred_at, there_since));
}

// Whether what lies there remains of a lot.
bool Remains(LedgerAccount account) {
  return account == LedgerAccount::kPending || account == LedgerAccount::kAvailable;
}

}  // namespace

Book::Book(const MemberState& purse, const ProgramCatalog& catalog, absl::Time now, Member& owner,
           const MemberId& person)
    : state_(purse),
      catalog_(catalog),
      now_(std::max(now, purse.member.advanced_until)),
      owner_(owner),
      person_(person) {
  if (purse.has_lots) lots_ = purse.lots;
  if (purse.has_lots) awards_ = purse.awards;
  stored_awards_ = awards_.size();
  stored_lots_ = lots_.size();
}

absl::Time Book::ExpiryOf(const Lot& lot) const {
  return domain::ExpiryOf(lot, owner_.last_activity_at, catalog_);
}

int64_t Book::Available(const std::string& wallet) const { return AccountIn(wallet).available; }

std::vector<Account> Book::Accounts() {
  SumDebts();
  std::vector<Account> accounts = accounts_;
  for (const Account& account : state_.accounts) {
    const bool changed = absl::c_any_of(
        accounts, [&](const Account& other) { return other.wallet == account.wallet; });
    if (!changed) accounts.push_back(account);
  }
  absl::c_sort(accounts, [](const Account& a, const Account& b) { return a.wallet < b.wallet; });
  return accounts;
}

absl::Status Book::CheckRoom(const std::string& wallet, int64_t points) const {
  const Account account = AccountIn(wallet);
  const int64_t in_all = account.pending + account.available + account.held;
  return in_all > limits::kMaxBalance - points ? BalanceTooLarge(wallet) : absl::OkStatus();
}

std::vector<Lot> Book::Take(const std::string& wallet, int64_t points, EntryKind kind,
                            LedgerAccount to, const Cause& cause, const MemberId* person) {
  Require(state_.has_lots, "the lots of who spends points are not there");
  std::vector<Lot> taken;
  for (const size_t index : SpendingOrder(wallet, now_, person)) {
    if (points == 0) break;
    Lot part = lots_[index];
    part.remaining = std::min(points, part.remaining);
    points -= part.remaining;
    Post(index, {kind, part.remaining, LedgerAccount::kAvailable, to}, now_, cause);
    taken.push_back(std::move(part));
  }
  Require(points == 0, "the lots hold fewer points than the balance says");
  return taken;
}

size_t Book::PutBack(const Lot& taken, int64_t points, EntryKind kind, LedgerAccount from,
                     const Cause& cause, absl::Time at) {
  const int grace_days = GraceDays(taken.wallet, at);
  size_t index = 0;
  if (grace_days > 0 && ExpiryOf(taken) <= at) {
    // A lot of its own: the key of the old one has its expiry.
    Lot back = taken;
    back.points = points;
    back.expires_at =
        EndOfPeriod(at, /*months=*/0, grace_days, catalog_.At(at)->program->time_zone);
    back.idle_months = back.idle_days = 0;
    index = Open(std::move(back));
  } else {
    index = Reopen(taken);
  }
  Post(index, {kind, points, from, LedgerAccount::kAvailable}, at, cause);
  Settle(taken.wallet, at);
  if (ExpiryOf(lots_[index]) <= at && lots_[index].remaining > 0) Expire(index, at, OfTime());
  return index;
}

void Book::Mature(size_t index, absl::Time at, const Cause& cause) {
  Lot& lot = lots_[index];
  lot.available_from = std::min(lot.available_from, at);
  Post(index,
       {EntryKind::kMature, lot.remaining, LedgerAccount::kPending, LedgerAccount::kAvailable}, at,
       cause);
}

void Book::Expire(size_t index, absl::Time at, const Cause& cause) {
  SettleLast(index, at);
  const Lot& lot = lots_[index];
  if (lot.remaining == 0) return;
  NoteExpired(lot);
  Post(index, {EntryKind::kExpire, lot.remaining, AccountAt(lot, at), LedgerAccount::kExpired}, at,
       cause);
}

// What has expired of an award need not come from anywhere when it is taken back.
void Book::NoteExpired(const Lot& lot) {
  for (Award& award : awards_) {
    if (NameOf(lot) == std::pair(award.purse, award.lot)) award.points -= lot.remaining;
  }
}

// Each repays what they owe themselves, and it stays where it is when they leave. In a purse
// of several, points of the one may lie beside a debt of another.
void Book::Settle(const std::string& wallet, absl::Time at) {
  for (const size_t owed : DebtsOf(wallet, at)) {
    const MemberId person = lots_[owed].person;
    // A till's clock may be ahead: what matures meanwhile has not done so yet.
    for (const size_t index : SpendingOrder(wallet, std::min(at, now_), &person)) {
      Repay(index, owed, at);
    }
  }
}

// Who earned them loses nothing: they would be gone.
void Book::SettleLast(size_t credit, absl::Time at) {
  if (AccountAt(lots_[credit], at) != LedgerAccount::kAvailable) return;
  for (const size_t owed : DebtsOf(lots_[credit].wallet, at)) Repay(credit, owed, at);
}

// What repays a debt is taken back as the return would have taken it, and the debt is
// given back: what is available stays the same, and every entry concerns one lot.
void Book::Repay(size_t credit, size_t debt, absl::Time at) {
  const int64_t part = std::min(lots_[credit].remaining, -lots_[debt].remaining);
  if (part == 0) return;
  Post(credit, {EntryKind::kReverse, part, LedgerAccount::kAvailable, LedgerAccount::kReversed}, at,
       OfTime());
  Post(debt, {EntryKind::kRestore, part, LedgerAccount::kReversed, LedgerAccount::kAvailable}, at,
       OfTime());
}

std::vector<size_t> Book::DebtsOf(const std::string& wallet, absl::Time at) const {
  std::vector<size_t> debts;
  for (size_t i = 0; i < lots_.size(); ++i) {
    const Lot& lot = lots_[i];
    if (lot.remaining < 0 && lot.wallet == wallet && lot.earned_at <= at) debts.push_back(i);
  }
  // Not the order of lots where some came from another purse.
  std::sort(debts.begin(), debts.end(), [this](size_t a, size_t b) {
    return std::tie(lots_[a].earned_at, lots_[a].lot, lots_[a].purse) <
           std::tie(lots_[b].earned_at, lots_[b].lot, lots_[b].purse);
  });
  return debts;
}

std::vector<size_t> Book::SpendingOrder(const std::string& wallet, absl::Time at,
                                        const MemberId* person) const {
  return InSpendingOrder([&](const Lot& lot) {
    return (person == nullptr || lot.person == *person) && lot.wallet == wallet &&
           AccountAt(lot, at) == LedgerAccount::kAvailable;
  });
}

// What expires first, then what was earned first, then what is of who acts, then what was
// opened first.
std::vector<size_t> Book::InSpendingOrder(absl::FunctionRef<bool(const Lot&)> is_wanted) const {
  std::vector<size_t> order;
  for (size_t i = 0; i < lots_.size(); ++i) {
    if (lots_[i].remaining > 0 && is_wanted(lots_[i])) order.push_back(i);
  }
  if (order.size() < 2) return order;
  std::vector<std::pair<absl::Time, size_t>> by_expiry;
  by_expiry.reserve(order.size());
  for (const size_t index : order) by_expiry.emplace_back(ExpiryOf(lots_[index]), index);
  std::sort(by_expiry.begin(), by_expiry.end(), [this](const auto& a, const auto& b) {
    const Lot& left = lots_[a.second];
    const Lot& right = lots_[b.second];
    const bool left_is_others = left.person != person_;
    const bool right_is_others = right.person != person_;
    return std::tie(a.first, left.earned_at, left_is_others, left.lot, left.purse) <
           std::tie(b.first, right.earned_at, right_is_others, right.lot, right.purse);
  });
  for (size_t i = 0; i < order.size(); ++i) order[i] = by_expiry[i].second;
  return order;
}

size_t Book::Open(Lot lot, bool is_new) {
  if (is_new) {
    lot.purse = owner_.id;
    lot.lot = owner_.entry_count + 1;
    if (!Shares(owner_, lot.person)) lot.person = owner_.id;
  }
  lot.remaining = 0;
  lots_.push_back(std::move(lot));
  return lots_.size() - 1;
}

size_t Book::Reopen(const Lot& lot) {
  const size_t index = IndexOf(lot);
  return index != lots_.size() ? index : Open(lot, /*is_new=*/!Shares(owner_, lot.person));
}

void Book::Post(size_t index, const Posting& posting, absl::Time at, const Cause& cause) {
  PostBeside(lots_[index], posting, at, cause);
  if (Remains(posting.debit)) lots_[index].remaining -= posting.points;
  if (Remains(posting.credit)) lots_[index].remaining += posting.points;
}

void Book::PostBeside(const Lot& lot, const Posting& posting, absl::Time at, const Cause& cause) {
  LedgerEntry entry = EntryFor(lot, posting, at, cause);
  Account& account = MutableAccount(entry.wallet);
  if (int64_t* debit = PartOf(account, entry.debit); debit != nullptr) *debit -= entry.points;
  if (int64_t* credit = PartOf(account, entry.credit); credit != nullptr) *credit += entry.points;
  entry.number = ++owner_.entry_count;
  entry.pending_after = account.pending;
  entry.available_after = account.available;
  entry.held_after = account.held;
  entries_.push_back(std::move(entry));
}

LedgerEntry Book::EntryFor(const Lot& lot, const Posting& posting, absl::Time at,
                           const Cause& cause) const {
  LedgerEntry entry;
  entry.member_id = owner_.id;
  entry.kind = posting.kind;
  entry.points = posting.points;
  entry.debit = posting.debit;
  entry.credit = posting.credit;
  entry.rule_id = posting.rule_id;
  entry.wallet = lot.wallet;
  entry.lot = lot.lot;
  entry.lot_purse = lot.purse;
  entry.purchase_id = lot.purchase_id;
  entry.effective_at = EffectiveAt(lot, at, cause);
  entry.recorded_at = now_;
  entry.principal = cause.principal;
  entry.reference = cause.reference;
  entry.reason = cause.reason;
  if (const ProgramVersion* version = catalog_.At(entry.effective_at); version != nullptr) {
    entry.program_version = version->version;
  }
  return entry;
}

void Book::Require(bool holds, absl::string_view what) {
  if (!holds && fault_.empty()) fault_ = std::string(what);
}

void Book::Finish(const std::map<std::string, int64_t>& held, Effects& effects) {
  SumDebts();
  CheckLots(held);
  for (size_t i = 0; i < lots_.size(); ++i) {
    if (i >= stored_lots_ || lots_[i] != state_.lots[i]) effects.lots.push_back(lots_[i]);
  }
  for (size_t i = 0; i < awards_.size(); ++i) {
    if (i >= stored_awards_ || awards_[i] != state_.awards[i]) effects.awards.push_back(awards_[i]);
  }
  effects.accounts = std::move(accounts_);
  effects.entries = std::move(entries_);
  effects.fault = std::move(fault_);
}

// Where all lots are here: they add up to the balances, and no two have one name.
void Book::CheckLots(const std::map<std::string, int64_t>& held) {
  if (!state_.has_lots) return;
  struct Sums {
    int64_t pending = 0;
    int64_t available = 0;
    int64_t held = 0;
  };
  std::map<absl::string_view, Sums> sums;
  for (const Account& account : accounts_) sums[account.wallet];
  for (size_t i = 0; i < lots_.size(); ++i) {
    const Lot& lot = lots_[i];
    if (i >= stored_lots_) Require(IndexOf(lot) == i, "two lots have one name");
    Sums& sum = sums[lot.wallet];
    (AccountAt(lot, now_) == LedgerAccount::kPending ? sum.pending : sum.available) +=
        lot.remaining;
  }
  for (const auto& [wallet, points] : held) sums[wallet].held += points;
  for (const auto& [wallet, sum] : sums) {
    const Account now = AccountIn(std::string(wallet));
    Require(now.pending == sum.pending && now.available == sum.available && now.held == sum.held,
            "the lots do not add up to the balance");
  }
}

void Book::SumDebts() {
  if (!state_.has_lots) return;
  std::map<std::string, int64_t> owed;
  for (const Account& account : state_.accounts) owed[account.wallet];
  for (const Account& account : accounts_) owed[account.wallet];
  for (const Lot& lot : lots_) {
    if (lot.remaining < 0) owed[lot.wallet] -= lot.remaining;
  }
  for (const auto& [wallet, points] : owed) {
    if (AccountIn(wallet).owed != points) MutableAccount(wallet).owed = points;
  }
}

Account Book::AccountIn(const std::string& wallet) const {
  for (const Account& account : accounts_) {
    if (account.wallet == wallet) return account;
  }
  return AccountOf(state_, wallet);
}

Account& Book::MutableAccount(const std::string& wallet) {
  for (Account& account : accounts_) {
    if (account.wallet == wallet) return account;
  }
  return accounts_.emplace_back(AccountOf(state_, wallet));
}

size_t Book::IndexOf(const Lot& lot) const {
  const auto place = std::find_if(lots_.begin(), lots_.end(), [&](const Lot& known) {
    return known.lot == lot.lot && known.purse == lot.purse;
  });
  return static_cast<size_t>(place - lots_.begin());
}

int Book::GraceDays(const std::string& wallet, absl::Time at) const {
  const Wallet* const declared = catalog_.LastDeclared(wallet, at).wallet;
  return declared == nullptr ? 0 : declared->grace_days;
}

}  // namespace dangol::domain
