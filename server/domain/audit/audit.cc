#include "server/domain/audit/audit.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::domain {
namespace {

// Findings of one kind in one member: more would say nothing new.
constexpr size_t kMaxOfAKind = 3;

class Findings {
 public:
  void Add(FindingKind kind, std::string message) {
    if (++counts_[kind] <= kMaxOfAKind) findings_.push_back({kind, std::move(message)});
  }
  std::vector<Finding> Take() { return std::move(findings_); }

 private:
  std::map<FindingKind, size_t> counts_;
  std::vector<Finding> findings_;
};

struct Sums {
  int64_t pending = 0;
  int64_t available = 0;
  int64_t held = 0;

  friend bool operator==(const Sums&, const Sums&) = default;
};
using SumsByWallet = std::map<std::string, Sums>;

std::string ToString(const Sums& sums) {
  return absl::StrCat(sums.pending, " pending, ", sums.available, " available, ", sums.held,
                      " held");
}

void Count(LedgerAccount account, int64_t points, Sums& sums) {
  if (account == LedgerAccount::kPending) sums.pending += points;
  if (account == LedgerAccount::kAvailable) sums.available += points;
  if (account == LedgerAccount::kHeld) sums.held += points;
}

SumsByWallet OfAccounts(const std::vector<Account>& accounts) {
  SumsByWallet sums;
  for (const Account& account : accounts) {
    sums[account.wallet] = {account.pending, account.available, account.held};
  }
  return sums;
}

SumsByWallet OfEntries(const std::vector<LedgerEntry>& entries) {
  SumsByWallet sums;
  for (const LedgerEntry& entry : entries) {
    Count(entry.debit, -entry.points, sums[entry.wallet]);
    Count(entry.credit, entry.points, sums[entry.wallet]);
  }
  return sums;
}

SumsByWallet OfLots(const MemberState& state) {
  SumsByWallet sums;
  for (const Lot& lot : state.lots) {
    Count(AccountAt(lot, state.member.advanced_until), lot.remaining, sums[lot.wallet]);
  }
  for (const Reservation& reservation : state.reservations) {
    if (reservation.status != ReservationStatus::kHeld) continue;
    for (const Lot& lot : reservation.lots) sums[reservation.wallet].held += lot.remaining;
  }
  return sums;
}

// Says for each wallet in which they differ what both are.
void Compare(const SumsByWallet& balances, const SumsByWallet& sums, absl::string_view of,
             FindingKind kind, Findings& findings) {
  SumsByWallet all = balances;
  all.insert(sums.begin(), sums.end());
  for (const auto& [wallet, ignored] : all) {
    const auto balance = balances.find(wallet);
    const auto sum = sums.find(wallet);
    const Sums left = balance == balances.end() ? Sums() : balance->second;
    const Sums right = sum == sums.end() ? Sums() : sum->second;
    if (left == right) continue;
    findings.Add(kind, absl::StrCat("wallet ", wallet, " has ", ToString(left), ", its ", of,
                                    " add up to ", ToString(right)));
  }
}

// Puts rows in an order in which equal ones meet.
template <typename Row, typename Key>
std::vector<Row> Sorted(std::vector<Row> rows, Key key) {
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  return rows;
}

template <typename Row, typename Key, typename Name>
void CompareRows(const std::vector<Row>& stored, const std::vector<Row>& replayed, Key key,
                 const Name& name, Findings& findings) {
  const std::vector<Row> left = Sorted(stored, key);
  const std::vector<Row> right = Sorted(replayed, key);
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() || r != right.end()) {
    if (r == right.end() || (l != left.end() && key(*l) < key(*r))) {
      findings.Add(FindingKind::kState, absl::StrCat(name(*l++), " is stored and was never made"));
    } else if (l == left.end() || key(*r) < key(*l)) {
      findings.Add(FindingKind::kState, absl::StrCat(name(*r++), " is not stored"));
    } else if (*l++ != *r++) {
      findings.Add(FindingKind::kState,
                   absl::StrCat(name(*std::prev(l)), " is stored otherwise than it was made"));
    }
  }
}

void CompareMember(const Member& stored, const Member& replayed, Findings& findings) {
  Member expected = replayed;
  expected.version = stored.version;
  expected.next_due_at = stored.next_due_at;
  expected.points_due_at = stored.points_due_at;
  if (stored != expected) {
    findings.Add(FindingKind::kState, "the member's own row is another one");
  }
  if (stored.next_due_at > replayed.next_due_at) {
    findings.Add(
        FindingKind::kState,
        absl::StrCat("next_due_at is ", absl::FormatTime(stored.next_due_at),
                     ", after something is due at ", absl::FormatTime(replayed.next_due_at)));
  }
  const absl::Time never = absl::InfiniteFuture();
  const absl::Time points_due_at = replayed.points_due_at.value_or(never);
  if (stored.points_due_at.value_or(never) > points_due_at) {
    findings.Add(FindingKind::kState, absl::StrCat("points_due_at is after something is due at ",
                                                   absl::FormatTime(points_due_at)));
  }
}

void CompareEntries(const std::vector<LedgerEntry>& stored,
                    const std::vector<LedgerEntry>& replayed, Findings& findings) {
  for (size_t i = 0; i < std::max(stored.size(), replayed.size()); ++i) {
    if (i >= replayed.size()) {
      findings.Add(FindingKind::kEntry,
                   absl::StrCat("entry ", stored[i].number, " is stored and was never posted"));
    } else if (i >= stored.size()) {
      findings.Add(FindingKind::kEntry,
                   absl::StrCat("entry ", replayed[i].number, " is not stored"));
    } else if (stored[i] != replayed[i]) {
      findings.Add(FindingKind::kEntry, absl::StrCat("entry ", stored[i].number,
                                                     " is stored otherwise than it was posted"));
    }
  }
}

}  // namespace

Replay::Replay(const ProgramCatalog& catalog) : catalog_(catalog) {
  state_.has_lots = true;
  state_.has_purchases = true;
}

Replay::Replay(const ProgramCatalog& catalog, SharedCounters& counters)
    : catalog_(catalog), counters_(&counters) {
  state_.has_lots = true;
  state_.has_purchases = true;
}

const ProgramCatalog& Replay::CatalogOf(const RecordedCommand& command) {
  if (counters_ != nullptr) return catalog_;
  static const auto* const kNone = new ProgramCatalog();
  const int64_t known = command.inputs.rules;
  if (known > catalog_.rules()) return *kNone;
  // Commands come in the order of time, but for lanes that learn of something one after another.
  if (known < known_.rules()) known_ = ProgramCatalog();
  while (known_.rules() < known) known_.AddNextOf(catalog_);
  return known_;
}

absl::StatusOr<Outcome> Replay::Step(const RecordedCommand& command, Replay* person,
                                     absl::Span<const Replay* const> family) {
  AliasOwners aliases;
  const MemberState& whose = person == nullptr ? state_ : person->state_;
  for (const Alias& alias : whose.aliases) aliases[alias] = whose.member.id;
  ForgetHints();
  FindAdjusted(*command.action, family);
  SharedCounters counters;
  for (const auto& [name, used] : command.inputs.counters) counters[name].used = used;
  State state;
  state.member = state_.member.id.IsNil() ? nullptr : &state_;
  state.aliases = &aliases;
  state.again = true;
  state.counters = counters_ == nullptr ? &counters : counters_;
  if (person != nullptr) state.person = &person->state_;
  ASSIGN_OR_RETURN(Decision decision, Decide({*command.action, command.principal}, state,
                                             CatalogOf(command), command.recorded_at));
  const absl::Status told = CheckNews(command, decision.effects);
  std::vector<Effects> of_person = std::exchange(decision.effects.of_person, {});
  Fold(std::move(decision.effects));
  for (Effects& theirs : of_person) person->Fold(std::move(theirs));
  RETURN_IF_ERROR(told);
  return std::move(decision.outcome);
}

// Under other rules it would have told of something else.
absl::Status Replay::CheckNews(const RecordedCommand& command, const Effects& effects) const {
  const bool is_compared = counters_ == nullptr && command.news.has_value();
  if (!is_compared || *command.news == NewsOf(effects)) return absl::OkStatus();
  return absl::DataLossError("its event tells of something else than it changed");
}

// The server may have looked for what is due when nothing was: its hints are not always worked out
// anew.
void Replay::ForgetHints() {
  state_.member.next_due_at = absl::InfinitePast();
  state_.member.points_due_at = absl::InfinitePast();
}

void Replay::FindAdjusted(const Action& action, absl::Span<const Replay* const> family) {
  state_.adjusted_lots.clear();
  state_.adjusted_entries.clear();
  const auto* const adjust = std::get_if<AdjustPoints>(&action);
  if (adjust == nullptr || adjust->undoes.empty()) return;
  std::vector<const Replay*> purses = {this};
  for (const Replay* other : family) {
    const bool was_there = absl::c_linear_search(state_.member.purses, other->state_.member.id);
    if (was_there) purses.push_back(other);
  }
  std::set<std::pair<MemberId, int64_t>> names;
  for (const Replay* purse : purses) {
    std::set<std::pair<MemberId, int64_t>> here;
    for (const LedgerEntry& entry : purse->entries_) {
      const bool is_of = entry.kind == EntryKind::kAdjust && entry.reference == adjust->undoes;
      if (is_of) here.insert({entry.lot_purse, entry.lot});
    }
    absl::c_copy_if(purse->lots_, std::back_inserter(state_.adjusted_lots),
                    [&](const Lot& lot) { return here.contains(NameOf(lot)); });
    names.merge(here);
  }
  for (const Replay* purse : purses) {
    absl::c_copy_if(purse->entries_, std::back_inserter(state_.adjusted_entries),
                    [&](const LedgerEntry& entry) {
                      const bool is_given_up =
                          entry.kind == EntryKind::kWriteOff && entry.reference == adjust->undoes;
                      return is_given_up || names.contains({entry.lot_purse, entry.lot});
                    });
  }
}

absl::Status Replay::StepWith(Replay& other, const RecordedCommand& command) {
  const AliasOwners none;
  for (Replay* replay : {this, &other}) {
    replay->ForgetHints();
  }
  State state;
  state.member = &state_;
  state.other = &other.state_;
  state.aliases = &none;
  state.again = true;
  ASSIGN_OR_RETURN(Decision decision, Decide({*command.action, command.principal}, state,
                                             CatalogOf(command), command.recorded_at));
  if (decision.consequences.empty()) return absl::InternalError("has no other half");
  absl::Status told = CheckNews(command, decision.effects);
  const std::optional<Move> move = decision.effects.move;
  Fold(std::move(decision.effects));
  other.Fold(std::move(decision.consequences.front().effects));
  if (move.has_value()) ApplyMove(*move, state_, other.state_);
  return told;
}

void Replay::AdvanceTo(absl::Time now) {
  if (state_.member.id.IsNil()) return;
  ForgetHints();
  Fold(Advance(state_, catalog_, now));
}

void Replay::Fold(Effects effects) {
  for (const CounterUse& use : effects.counters) {
    if (counters_ != nullptr) (*counters_)[use.name].used = use.after;
  }
  for (const Lot& lot : effects.lots) {
    const auto known = std::find_if(lots_.begin(), lots_.end(),
                                    [&](const Lot& other) { return NameOf(other) == NameOf(lot); });
    if (known == lots_.end()) {
      lots_.push_back(lot);
    } else {
      *known = lot;
    }
  }
  Apply(effects, state_);
  std::move(effects.entries.begin(), effects.entries.end(), std::back_inserter(entries_));
}

std::vector<Finding> CheckBooks(const StoredMember& stored) {
  Findings findings;
  for (size_t i = 0; i < stored.entries.size(); ++i) {
    if (stored.entries[i].number == static_cast<int64_t>(i) + 1) continue;
    findings.Add(
        FindingKind::kLedgerGap,
        absl::StrCat("entry ", i + 1, " is missing: ", stored.entries[i].number, " follows"));
    break;
  }
  if (stored.state.member.entry_count != static_cast<int64_t>(stored.entries.size())) {
    findings.Add(FindingKind::kLedgerGap,
                 absl::StrCat("the member has ", stored.state.member.entry_count, " entries, and ",
                              stored.entries.size(), " are stored"));
  }
  const SumsByWallet balances = OfAccounts(stored.state.accounts);
  Compare(balances, OfEntries(stored.entries), "entries", FindingKind::kBalance, findings);
  Compare(balances, OfLots(stored.state), "lots", FindingKind::kLots, findings);
  return findings.Take();
}

std::vector<Finding> CheckReplay(const StoredMember& stored, const Replay& replay) {
  Findings findings;
  const MemberState& state = replay.state();
  CompareEntries(stored.entries, replay.entries(), findings);
  CompareMember(stored.state.member, state.member, findings);
  CompareRows(
      stored.state.accounts, state.accounts, [](const Account& row) { return row.wallet; },
      [](const Account& row) { return absl::StrCat("the account of wallet ", row.wallet); },
      findings);
  CompareRows(
      stored.state.lots, replay.lots(), [](const Lot& row) { return NameOf(row); },
      [](const Lot& row) { return absl::StrCat("lot ", row.lot); }, findings);
  CompareRows(
      stored.state.reservations, state.reservations,
      [](const Reservation& row) { return row.reservation_id; },
      [](const Reservation& row) { return absl::StrCat("reservation ", row.reservation_id); },
      findings);
  CompareRows(
      stored.state.coupons, state.coupons, [](const Coupon& row) { return row.coupon_id; },
      [](const Coupon& row) { return absl::StrCat("coupon ", row.coupon_id); }, findings);
  CompareRows(
      stored.state.awards, state.awards,
      [](const Award& row) { return std::pair(row.person, row.number); },
      [](const Award& row) { return absl::StrCat("award ", row.number, " of ", row.cause); },
      findings);
  CompareRows(
      stored.state.work_items, state.work_items,
      [](const WorkItem& row) { return std::pair(row.kind, row.item_id); },
      [](const WorkItem& row) { return absl::StrCat("work item ", row.item_id); }, findings);
  CompareRows(
      stored.state.tier_records, state.tier_records,
      [](const TierRecord& row) { return row.number; },
      [](const TierRecord& row) { return absl::StrCat("tier record ", row.number); }, findings);
  CompareRows(
      stored.state.purchases, state.purchases, [](const Purchase& row) { return row.purchase_id; },
      [](const Purchase& row) { return absl::StrCat("purchase ", row.purchase_id); }, findings);
  CompareRows(
      stored.state.returns, state.returns, [](const Return& row) { return row.return_id; },
      [](const Return& row) { return absl::StrCat("return ", row.return_id); }, findings);
  CompareRows(
      stored.state.activities, state.activities,
      [](const Activity& row) { return row.activity_id; },
      [](const Activity& row) { return absl::StrCat("activity ", row.activity_id); }, findings);
  CompareRows(
      stored.state.aliases, state.aliases,
      [](const Alias& row) { return std::tie(row.kind, row.value); },
      [](const Alias& row) { return absl::StrCat("alias ", row.kind, ":", row.value); }, findings);
  return findings.Take();
}

}  // namespace dangol::domain
