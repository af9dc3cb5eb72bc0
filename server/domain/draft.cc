#include "server/domain/draft.h"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

#include "server/common/limits.h"
#include "server/domain/errors.h"

namespace dangol::domain {
namespace {

int64_t* Balance(Account& account, LedgerAccount which) {
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

// Points without a pending period are never pending, even where the purchase's
// clock runs ahead of ours.
bool StartsPending(const Lot& lot) { return lot.available_from > lot.earned_at; }

LedgerAccount AccountAt(const Lot& lot, absl::Time time) {
  return lot.available_from > time ? LedgerAccount::kPending : LedgerAccount::kAvailable;
}

}  // namespace

Draft::Draft(const MemberState& state, const ProgramCatalog& catalog, absl::Time now)
    : state_(state),
      catalog_(catalog),
      // A member's time never runs backwards, whatever servers' clocks say.
      now_(std::max(now, state.member.advanced_until)),
      member_(state.member) {}

void Draft::Advance() {
  const absl::Time from = std::exchange(member_.advanced_until, now_);
  if (member_.next_due_at > now_) return;
  assert(state_.has_lots);
  member_.next_due_at = absl::InfiniteFuture();
  std::vector<Lot> lots = state_.lots;
  PassTime(lots, from);
}

absl::Status Draft::OpenLot(Lot lot, const std::vector<Source>& sources, int64_t program_version,
                            absl::string_view principal) {
  lot.lot = member_.entry_count + 1;
  lot.points = 0;
  for (const Source& source : sources) lot.points += source.points;
  lot.remaining = lot.points;
  const Account& account = MutableAccount(lot.wallet);
  if (account.pending + account.available + account.held > limits::kMaxBalance - lot.points) {
    return BalanceTooLarge(lot.wallet);
  }
  for (const Source& source : sources) {
    LedgerEntry entry = EntryFor(lot, source.kind, lot.earned_at);
    entry.points = source.points;
    entry.debit = LedgerAccount::kIssued;
    entry.credit = AccountAt(lot, lot.earned_at);
    entry.rule_id = source.rule_id;
    entry.program_version = program_version;
    entry.principal = std::string(principal);
    Post(std::move(entry));
  }
  const absl::Time earned_at = lot.earned_at;
  const size_t changed_before = effects_.lots.size();
  std::vector<Lot> lots = {std::move(lot)};
  PassTime(lots, earned_at);
  if (effects_.lots.size() == changed_before) effects_.lots.push_back(std::move(lots.front()));
  return absl::OkStatus();
}

void Draft::AddQualifying(const std::string& wallet, int64_t points) {
  int64_t& qualifying = MutableAccount(wallet).qualifying;
  qualifying = std::min(qualifying + points, limits::kMaxBalance);
}

std::vector<Account> Draft::Accounts() const {
  std::vector<Account> accounts = state_.accounts;
  for (const Account& changed : effects_.accounts) {
    auto place = std::find_if(accounts.begin(), accounts.end(), [&](const Account& account) {
      return account.wallet == changed.wallet;
    });
    if (place != accounts.end()) {
      *place = changed;
    } else {
      accounts.push_back(changed);
    }
  }
  std::sort(accounts.begin(), accounts.end(),
            [](const Account& a, const Account& b) { return a.wallet < b.wallet; });
  return accounts;
}

Effects Draft::Finish() {
  effects_.member = std::move(member_);
  return std::move(effects_);
}

Account& Draft::MutableAccount(const std::string& wallet) {
  for (Account& account : effects_.accounts) {
    if (account.wallet == wallet) return account;
  }
  return effects_.accounts.emplace_back(AccountOf(state_, wallet));
}

void Draft::PassTime(std::vector<Lot>& lots, absl::Time from) {
  std::vector<Event> events;
  const auto passed = [&](absl::Time time) { return from < time && time <= now_; };
  for (size_t i = 0; i < lots.size(); ++i) {
    if (StartsPending(lots[i]) && passed(lots[i].available_from)) {
      events.push_back({lots[i].available_from, EntryKind::kMature, i});
    }
    if (passed(lots[i].expires_at)) events.push_back({lots[i].expires_at, EntryKind::kExpire, i});
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tie(a.at, a.kind, a.lot) < std::tie(b.at, b.kind, b.lot);
  });
  for (const Event& event : events) Happen(event, lots[event.lot]);
  for (const Lot& lot : lots) NoteDue(lot);
}

void Draft::Happen(const Event& event, Lot& lot) {
  if (lot.remaining == 0) return;
  LedgerEntry entry = EntryFor(lot, event.kind, event.at);
  entry.points = lot.remaining;
  if (event.kind == EntryKind::kMature) {
    entry.debit = LedgerAccount::kPending;
    entry.credit = LedgerAccount::kAvailable;
  } else {
    entry.debit = AccountAt(lot, event.at);
    entry.credit = LedgerAccount::kExpired;
    lot.remaining = 0;
    effects_.lots.push_back(lot);
  }
  Post(std::move(entry));
}

LedgerEntry Draft::EntryFor(const Lot& lot, EntryKind kind, absl::Time effective_at) const {
  LedgerEntry entry;
  entry.kind = kind;
  entry.wallet = lot.wallet;
  entry.lot = lot.lot;
  entry.purchase_id = lot.purchase_id;
  entry.effective_at = effective_at;
  entry.principal = kSystemPrincipal;
  if (const ProgramVersion* version = catalog_.At(effective_at); version != nullptr) {
    entry.program_version = version->version;
  }
  return entry;
}

void Draft::Post(LedgerEntry entry) {
  Account& account = MutableAccount(entry.wallet);
  if (int64_t* debit = Balance(account, entry.debit); debit != nullptr) *debit -= entry.points;
  if (int64_t* credit = Balance(account, entry.credit); credit != nullptr) *credit += entry.points;
  entry.member_id = member_.id;
  entry.number = ++member_.entry_count;
  entry.recorded_at = now_;
  entry.pending_after = account.pending;
  entry.available_after = account.available;
  entry.held_after = account.held;
  effects_.entries.push_back(std::move(entry));
}

void Draft::NoteDue(const Lot& lot) {
  if (lot.remaining == 0) return;
  for (const absl::Time time : {lot.available_from, lot.expires_at}) {
    if (time > now_) member_.next_due_at = std::min(member_.next_due_at, time);
  }
}

}  // namespace dangol::domain
