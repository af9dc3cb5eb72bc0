#include "server/domain/points/draft.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
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

}  // namespace

Draft::Draft(const MemberState& state, const ProgramCatalog& catalog, absl::Time now,
             const MemberState* person)
    : state_(state),
      catalog_(catalog),
      now_(std::max(now, state.member.advanced_until)),
      person_state_(person),
      member_(state.member),
      reservations_(state.reservations),
      coupons_(state.coupons) {
  if (state.has_lots) lots_ = state.lots;
  stored_lots_ = lots_.size();
  if (person != nullptr) person_ = person->member;
}

void Draft::NoteActivity(absl::Time at) {
  domain::NoteActivity(person().id, at, member_);
  if (person_.has_value()) domain::NoteActivity(person_->id, at, *person_);
}

bool Draft::IsOneWithPerson(const MemberId& id) const {
  const std::vector<Sharer> persons = SharersUnder(member_, person().id, /*merged=*/true);
  return std::any_of(persons.begin(), persons.end(),
                     [&](const Sharer& sharer) { return sharer.id == id; });
}

void Draft::Require(bool holds, absl::string_view what) {
  if (!holds && effects_.fault.empty()) effects_.fault = std::string(what);
}

absl::Time Draft::ExpiryOf(const Lot& lot) const {
  return domain::ExpiryOf(lot, member_.last_activity_at, catalog_);
}

absl::Status Draft::OpenLot(Lot lot, const std::vector<Source>& sources, int64_t program_version,
                            const Cause& cause) {
  NameNext(lot);
  lot.points = 0;
  for (const Source& source : sources) lot.points += source.points;
  lot.remaining = lot.points;
  RETURN_IF_ERROR(CheckRoom(lot.wallet, lot.points));
  for (const Source& source : sources) {
    LedgerEntry entry = EntryFor(lot, source.kind, source.points, lot.earned_at, cause);
    entry.debit = source.debit;
    entry.credit = AccountAt(lot, lot.earned_at);
    entry.rule_id = source.rule_id;
    entry.program_version = program_version;
    Post(std::move(entry));
  }
  const absl::Time earned_at = lot.earned_at;
  const std::string wallet = lot.wallet;
  const size_t index = Open(std::move(lot));
  Settle(wallet, earned_at);
  Events events;
  AddEvents(index, earned_at, events);
  PassTime(std::move(events));
  // What a purchase that arrives late has left today repays younger debts too.
  Settle(wallet, now_);
  return absl::OkStatus();
}

// What has been available is not pending again, whatever the clock of the receiver says.
// Where their time is ahead and the lot has expired in it, it repays debts and is gone.
absl::Status Draft::Receive(const std::string& wallet, const MovedLot& moved,
                            const MemberId& person, const Cause& cause) {
  Require(state_.has_lots, "the lots of who receives points are not there");
  RETURN_IF_ERROR(CheckRoom(wallet, moved.points));
  Lot lot;
  NameNext(lot);
  lot.person = Shares(member_, person) ? person : member_.id;
  lot.wallet = wallet;
  lot.points = lot.remaining = moved.points;
  lot.earned_at = lot.available_from = moved.earned_at;
  lot.expires_at = moved.expires_at;
  LedgerEntry entry = EntryFor(lot, EntryKind::kTransfer, moved.points, now_, cause);
  entry.debit = LedgerAccount::kTransferred;
  entry.credit = LedgerAccount::kAvailable;
  Post(std::move(entry));
  const size_t index = Open(std::move(lot));
  Settle(wallet, now_);
  if (moved.expires_at <= now_ && lots_[index].remaining > 0) Expire(lots_[index], now_, OfTime());
  return absl::OkStatus();
}

void Draft::Restand(const MemberId& whose, const Fact& should, const Fact& stands) {
  const absl::TimeZone zone = catalog_.At(now_)->program->time_zone;
  std::vector<History>& histories = person().histories;
  domain::Restand(should, stands, NumberOf(absl::ToCivilDay(now_, zone)),
                  HistoryOf(whose, person()));
  std::erase_if(histories, [](const History& history) { return history.series.empty(); });
}

Account Draft::AccountIn(const std::string& wallet) const {
  for (const Account& account : effects_.accounts) {
    if (account.wallet == wallet) return account;
  }
  return AccountOf(state_, wallet);
}

int64_t Draft::Available(const std::string& wallet) const { return AccountIn(wallet).available; }

std::vector<Lot> Draft::Take(const std::string& wallet, int64_t points, EntryKind kind,
                             LedgerAccount to, const Cause& cause) {
  return TakeOf(/*person=*/nullptr, wallet, points, kind, to, cause);
}

std::vector<Lot> Draft::TakeOf(const MemberId* person, const std::string& wallet, int64_t points,
                               EntryKind kind, LedgerAccount to, const Cause& cause) {
  Require(state_.has_lots, "the lots of who spends points are not there");
  std::vector<Lot> taken;
  for (const size_t index : SpendingOrder(wallet, now_, person)) {
    if (points == 0) break;
    Lot& lot = lots_[index];
    taken.push_back(lot);
    taken.back().remaining = std::min(points, lot.remaining);
    lot.remaining -= taken.back().remaining;
    points -= taken.back().remaining;
    LedgerEntry entry = EntryFor(lot, kind, taken.back().remaining, now_, cause);
    entry.debit = LedgerAccount::kAvailable;
    entry.credit = to;
    Post(std::move(entry));
  }
  Require(points == 0, "the lots hold fewer points than the balance says");
  return taken;
}

int64_t Draft::ReverseLotsOf(const std::string& purchase_id, const std::string& wallet,
                             int64_t points, const Cause& cause) {
  int64_t left = points;
  std::vector<size_t> order;
  for (size_t i = 0; i < lots_.size(); ++i) {
    const Lot& lot = lots_[i];
    if (lot.remaining > 0 && lot.wallet == wallet && lot.purchase_id == purchase_id) {
      order.push_back(i);
    }
  }
  SortByExpiry(order);
  for (const size_t index : order) {
    Lot& lot = lots_[index];
    const int64_t part = std::min(left, lot.remaining);
    if (part == 0) continue;
    lot.remaining -= part;
    left -= part;
    LedgerEntry entry = EntryFor(lot, EntryKind::kReverse, part, now_, cause);
    entry.debit = AccountAt(lot, now_);
    entry.credit = LedgerAccount::kReversed;
    Post(std::move(entry));
  }
  return points - left;
}

int64_t Draft::ExpiredOf(const std::string& purchase_id, const std::string& wallet) const {
  std::vector<ExpiredPoints> known = Expired();
  if (person_state_ != nullptr) JoinExpired(person_state_->expired, known);
  int64_t points = 0;
  for (const ExpiredPoints& expired : known) {
    if (expired.purchase_id == purchase_id && expired.wallet == wallet) points += expired.points;
  }
  return points;
}

void Draft::Owe(const std::string& wallet, const Purchase& purchase, int64_t points,
                const Cause& cause) {
  Lot debt;
  NameNext(debt);
  debt.person = purchase.person;
  debt.wallet = wallet;
  debt.purchase_id = purchase.purchase_id;
  debt.points = debt.remaining = -points;
  debt.earned_at = debt.available_from = now_;
  LedgerEntry entry = EntryFor(debt, EntryKind::kReverse, points, now_, cause);
  entry.debit = LedgerAccount::kAvailable;
  entry.credit = LedgerAccount::kReversed;
  Post(std::move(entry));
  Open(std::move(debt));
}

int64_t Draft::ReverseOthers(const std::string& wallet, const Purchase& purchase, int64_t points,
                             DebtPolicy policy, const Cause& cause) {
  const MemberId* const person = policy == DebtPolicy::kAllowDebt ? &purchase.person : nullptr;
  int64_t there = 0;
  for (const size_t index : SpendingOrder(wallet, now_, person)) there += lots_[index].remaining;
  // What others owe is not there for anybody.
  if (person == nullptr) there = std::min(there, Available(wallet));
  const int64_t part = std::min(points, std::max<int64_t>(there, 0));
  if (part > 0) {
    TakeOf(person, wallet, part, EntryKind::kReverse, LedgerAccount::kReversed, cause);
  }
  return part;
}

void Draft::WriteOff(const std::string& wallet, const std::string& purchase_id, int64_t points,
                     const Cause& cause) {
  Lot none;
  none.wallet = wallet;
  none.purchase_id = purchase_id;
  LedgerEntry entry = EntryFor(none, EntryKind::kWriteOff, points, now_, cause);
  entry.debit = LedgerAccount::kWrittenOff;
  entry.credit = LedgerAccount::kReversed;
  Post(std::move(entry));
}

void Draft::WithdrawWriteOff(const std::string& wallet, const std::string& purchase_id,
                             int64_t points, const Cause& cause) {
  Lot none;
  none.wallet = wallet;
  none.purchase_id = purchase_id;
  LedgerEntry entry = EntryFor(none, EntryKind::kWriteOff, points, now_, cause);
  entry.debit = LedgerAccount::kReversed;
  entry.credit = LedgerAccount::kWrittenOff;
  Post(std::move(entry));
}

void Draft::GiveAgain(Lot lot, int64_t points, const Cause& cause) {
  const auto give = [&](Lot& to, int64_t part) {
    to.remaining += part;
    LedgerEntry entry = EntryFor(to, EntryKind::kRestore, part, now_, cause);
    entry.debit = LedgerAccount::kReversed;
    entry.credit = AccountAt(to, now_);
    Post(std::move(entry));
  };
  size_t own = lots_.size();
  for (size_t i = 0; i < lots_.size() && points > 0; ++i) {
    if (lots_[i].purchase_id != lot.purchase_id || lots_[i].wallet != lot.wallet) continue;
    if (lots_[i].remaining > 0) own = i;
    const int64_t part = std::min(points, std::max<int64_t>(-lots_[i].remaining, 0));
    if (part > 0) give(lots_[i], part);
    points -= part;
  }
  if (points == 0) return;
  if (own == lots_.size()) {
    if (!Shares(member_, lot.person)) lot.person = member_.id;
    NameNext(lot);
    lot.points = points;
    lot.remaining = 0;
    own = Open(std::move(lot));
  }
  give(lots_[own], points);
  Settle(std::string(lots_[own].wallet), now_);
  if (ExpiryOf(lots_[own]) <= now_ && lots_[own].remaining > 0) Expire(lots_[own], now_, OfTime());
}

void Draft::PutBack(const Lot& taken, int64_t points, EntryKind kind, LedgerAccount from,
                    const Cause& cause) {
  if (points > 0) PutBackAt(taken, points, kind, from, cause, now_);
}

Reservation* Draft::FindReservation(absl::string_view id) {
  for (Reservation& reservation : reservations_) {
    if (reservation.reservation_id == id) return &reservation;
  }
  return nullptr;
}

const Reservation& Draft::Reserve(Reservation reservation, const Cause& cause) {
  reservation.person = person().id;
  const bool at_once = reservation.status == ReservationStatus::kCaptured;
  reservation.lots =
      Take(reservation.wallet, reservation.points, at_once ? EntryKind::kRedeem : EntryKind::kHold,
           at_once ? LedgerAccount::kRedeemed : LedgerAccount::kHeld, cause);
  if (at_once) reservation.captured = reservation.points;
  return reservations_.emplace_back(std::move(reservation));
}

void Draft::Capture(Reservation& reservation, int64_t points, const Cause& cause) {
  reservation.status = ReservationStatus::kCaptured;
  reservation.captured = points;
  std::vector<Lot> spent;
  for (const Lot& held : std::exchange(reservation.lots, {})) {
    const int64_t part = std::min(points, held.remaining);
    points -= part;
    if (part > 0) {
      LedgerEntry entry = EntryFor(held, EntryKind::kCapture, part, now_, cause);
      entry.debit = LedgerAccount::kHeld;
      entry.credit = LedgerAccount::kRedeemed;
      Post(std::move(entry));
      spent.push_back(held);
      spent.back().remaining = part;
    }
    PutBack(held, held.remaining - part, EntryKind::kRelease, LedgerAccount::kHeld, cause);
  }
  reservation.lots = std::move(spent);
}

void Draft::Release(Reservation& reservation, ReservationStatus status, const Cause& cause) {
  ReleaseAt(reservation, status, cause, now_, /*events=*/nullptr);
}

void Draft::Confirm(const std::string& purchase_id, const Cause& cause) {
  for (size_t i = 0; i < lots_.size(); ++i) {
    Lot& lot = lots_[i];
    const bool waits = lot.available_from == absl::InfiniteFuture();
    if (!waits || lot.purchase_id != purchase_id || lot.remaining <= 0) continue;
    lot.available_from = now_;
    Mature(lot, now_, cause);
    Settle(std::string(lot.wallet), now_);
  }
}

std::vector<Account> Draft::Accounts() {
  SumDebts();
  std::vector<Account> accounts = effects_.accounts;
  for (const Account& account : state_.accounts) {
    const bool changed = absl::c_any_of(
        accounts, [&](const Account& other) { return other.wallet == account.wallet; });
    if (!changed) accounts.push_back(account);
  }
  absl::c_sort(accounts, [](const Account& a, const Account& b) { return a.wallet < b.wallet; });
  return accounts;
}

bool Draft::HasLeft(const MemberId& person) const {
  return std::find(left_.begin(), left_.end(), person) != left_.end();
}

// Where all lots are here: they add up to the balances, and no two have one name.
void Draft::CheckLots() {
  if (!state_.has_lots) return;
  struct Sums {
    int64_t pending = 0;
    int64_t available = 0;
    int64_t held = 0;
  };
  std::map<absl::string_view, Sums> sums;
  for (const Account& account : effects_.accounts) sums[account.wallet];
  for (size_t i = 0; i < lots_.size(); ++i) {
    const Lot& lot = lots_[i];
    if (i >= stored_lots_) Require(IndexOf(lot) == i, "two lots have one name");
    Sums& sum = sums[lot.wallet];
    (AccountAt(lot, now_) == LedgerAccount::kPending ? sum.pending : sum.available) +=
        lot.remaining;
  }
  for (const Reservation& reservation : reservations_) {
    if (reservation.status != ReservationStatus::kHeld || HasLeft(reservation.person)) continue;
    for (const Lot& held : reservation.lots) sums[reservation.wallet].held += held.remaining;
  }
  for (const auto& [wallet, points] : taken_over_held_) sums[wallet].held += points;
  for (const auto& [wallet, sum] : sums) {
    const Account now = AccountIn(std::string(wallet));
    Require(now.pending == sum.pending && now.available == sum.available && now.held == sum.held,
            "the lots do not add up to the balance");
  }
}

void Draft::SumDebts() {
  if (!state_.has_lots) return;
  std::map<std::string, int64_t> owed;
  for (const Account& account : state_.accounts) owed[account.wallet];
  for (const Account& account : effects_.accounts) owed[account.wallet];
  for (const Lot& lot : lots_) {
    if (lot.remaining < 0) owed[lot.wallet] -= lot.remaining;
  }
  for (const auto& [wallet, points] : owed) {
    if (AccountIn(wallet).owed != points) MutableAccount(wallet).owed = points;
  }
}

Effects Draft::Finish() {
  SumDebts();
  CheckLots();
  member_.next_due_at = NextDue();
  for (size_t i = 0; i < lots_.size(); ++i) {
    if (i >= stored_lots_ || lots_[i] != state_.lots[i]) effects_.lots.push_back(lots_[i]);
  }
  for (size_t i = 0; i < reservations_.size(); ++i) {
    const bool is_new = i >= state_.reservations.size();
    if (is_new || reservations_[i] != state_.reservations[i]) {
      effects_.reservations.push_back(reservations_[i]);
    }
  }
  for (size_t i = 0; i < coupons_.size(); ++i) {
    const bool is_new = i >= state_.coupons.size();
    if (is_new || coupons_[i] != state_.coupons[i]) effects_.coupons.push_back(coupons_[i]);
  }
  effects_.member = std::move(member_);
  if (person_.has_value()) {
    Effects& theirs = effects_.of_person.emplace_back();
    theirs.member = std::move(person_);
  }
  return std::move(effects_);
}

Account& Draft::MutableAccount(const std::string& wallet) {
  for (Account& account : effects_.accounts) {
    if (account.wallet == wallet) return account;
  }
  return effects_.accounts.emplace_back(AccountOf(state_, wallet));
}

size_t Draft::PutBackAt(const Lot& taken, int64_t points, EntryKind kind, LedgerAccount from,
                        const Cause& cause, absl::Time at) {
  const int grace_days = GraceDays(taken.wallet, at);
  const bool expired = ExpiryOf(taken) <= at;
  Lot back = taken;
  if (expired && grace_days > 0) {
    // A lot of its own: the key of the old one has its expiry.
    const absl::TimeZone zone = catalog_.At(at)->program->time_zone;
    NameNext(back);
    back.points = points;
    back.expires_at = EndOfPeriod(at, /*months=*/0, grace_days, zone);
    back.idle_months = back.idle_days = 0;
  }
  const size_t index = Reopen(back);
  Lot& lot = lots_[index];
  lot.remaining += points;
  LedgerEntry entry = EntryFor(lot, kind, points, at, cause);
  entry.debit = from;
  entry.credit = LedgerAccount::kAvailable;
  Post(std::move(entry));
  Settle(std::string(taken.wallet), at);
  if (ExpiryOf(lots_[index]) <= at && lots_[index].remaining > 0)
    Expire(lots_[index], at, OfTime());
  return index;
}

std::vector<size_t> Draft::DebtsOf(const std::string& wallet, absl::Time at) const {
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

// Each repays what they owe themselves, and it stays where it is when they leave. In a purse
// of several, points of the one may lie beside a debt of another.
void Draft::Settle(const std::string& wallet, absl::Time at) {
  for (const size_t owed : DebtsOf(wallet, at)) {
    const MemberId person = lots_[owed].person;
    // A till's clock may be ahead: what matures meanwhile has not done so yet.
    for (const size_t index : SpendingOrder(wallet, std::min(at, now_), &person)) {
      Repay(lots_[index], lots_[owed], at);
    }
  }
}

// Who earned them loses nothing: they would be gone.
void Draft::SettleLast(Lot& credit, absl::Time at) {
  if (AccountAt(credit, at) != LedgerAccount::kAvailable) return;
  for (const size_t owed : DebtsOf(credit.wallet, at)) Repay(credit, lots_[owed], at);
}

// What repays a debt is taken back as the return would have taken it, and the debt is
// given back: what is available stays the same, and every entry concerns one lot.
void Draft::Repay(Lot& credit, Lot& debt, absl::Time at) {
  const int64_t part = std::min(credit.remaining, -debt.remaining);
  if (part == 0) return;
  LedgerEntry repaid = EntryFor(credit, EntryKind::kReverse, part, at, OfTime());
  repaid.debit = LedgerAccount::kAvailable;
  repaid.credit = LedgerAccount::kReversed;
  LedgerEntry forgiven = EntryFor(debt, EntryKind::kRestore, part, at, OfTime());
  forgiven.debit = LedgerAccount::kReversed;
  forgiven.credit = LedgerAccount::kAvailable;
  credit.remaining -= part;
  debt.remaining += part;
  Post(std::move(repaid));
  Post(std::move(forgiven));
}

LedgerEntry Draft::EntryFor(const Lot& lot, EntryKind kind, int64_t points, absl::Time effective_at,
                            const Cause& cause) const {
  LedgerEntry entry;
  entry.kind = kind;
  entry.points = points;
  entry.wallet = lot.wallet;
  entry.lot = lot.lot;
  entry.lot_purse = lot.purse;
  entry.purchase_id = lot.purchase_id;
  entry.effective_at = effective_at;
  entry.principal = cause.principal;
  entry.reference = cause.reference;
  entry.reason = cause.reason;
  if (const ProgramVersion* version = catalog_.At(effective_at); version != nullptr) {
    entry.program_version = version->version;
  }
  return entry;
}

void Draft::Post(LedgerEntry entry) {
  Account& account = MutableAccount(entry.wallet);
  if (int64_t* debit = PartOf(account, entry.debit); debit != nullptr) *debit -= entry.points;
  if (int64_t* credit = PartOf(account, entry.credit); credit != nullptr) *credit += entry.points;
  entry.member_id = member_.id;
  entry.number = ++member_.entry_count;
  entry.recorded_at = now_;
  entry.pending_after = account.pending;
  entry.available_after = account.available;
  entry.held_after = account.held;
  effects_.entries.push_back(std::move(entry));
}

void Draft::NameNext(Lot& lot) const {
  lot.purse = member_.id;
  lot.lot = member_.entry_count + 1;
}

size_t Draft::Reopen(const Lot& lot) {
  const size_t index = IndexOf(lot);
  if (index != lots_.size()) return index;
  Lot opened = lot;
  opened.remaining = 0;
  if (!Shares(member_, lot.person)) {
    NameNext(opened);
    opened.person = member_.id;
  }
  return Open(std::move(opened));
}

size_t Draft::Open(Lot lot) {
  lots_.push_back(std::move(lot));
  return lots_.size() - 1;
}

absl::Status Draft::CheckRoom(const std::string& wallet, int64_t points) {
  const Account& account = MutableAccount(wallet);
  const int64_t held = account.pending + account.available + account.held;
  return held > limits::kMaxBalance - points ? BalanceTooLarge(wallet) : absl::OkStatus();
}

size_t Draft::IndexOf(const Lot& lot) const {
  const auto place = std::find_if(lots_.begin(), lots_.end(), [&](const Lot& known) {
    return known.lot == lot.lot && known.purse == lot.purse;
  });
  return static_cast<size_t>(place - lots_.begin());
}

std::vector<size_t> Draft::SpendingOrder(const std::string& wallet, absl::Time at,
                                         const MemberId* person) const {
  std::vector<size_t> order;
  for (size_t i = 0; i < lots_.size(); ++i) {
    const Lot& lot = lots_[i];
    if (person != nullptr && lot.person != *person) continue;
    if (lot.remaining > 0 && lot.wallet == wallet &&
        AccountAt(lot, at) == LedgerAccount::kAvailable) {
      order.push_back(i);
    }
  }
  SortByExpiry(order);
  return order;
}

// What expires first, then what was earned first, then what is of who acts, then what was
// opened first.
void Draft::SortByExpiry(std::vector<size_t>& order) const {
  if (order.size() < 2) return;
  std::vector<std::pair<absl::Time, size_t>> by_expiry;
  by_expiry.reserve(order.size());
  for (const size_t index : order) by_expiry.emplace_back(ExpiryOf(lots_[index]), index);
  std::sort(by_expiry.begin(), by_expiry.end(), [this](const auto& a, const auto& b) {
    const Lot& left = lots_[a.second];
    const Lot& right = lots_[b.second];
    const bool left_is_others = left.person != person().id;
    const bool right_is_others = right.person != person().id;
    return std::tie(a.first, left.earned_at, left_is_others, left.lot, left.purse) <
           std::tie(b.first, right.earned_at, right_is_others, right.lot, right.purse);
  });
  for (size_t i = 0; i < order.size(); ++i) order[i] = by_expiry[i].second;
}

int Draft::GraceDays(const std::string& wallet, absl::Time at) const {
  const ProgramVersion* version = catalog_.At(at);
  if (version == nullptr) return 0;
  for (const Wallet& declared : version->program->wallets) {
    if (declared.id == wallet) return declared.grace_days;
  }
  return 0;
}

}  // namespace dangol::domain
