#include "server/domain/points/outstanding.h"

#include <algorithm>

#include "server/domain/points/expiry.h"

namespace dangol::domain {
namespace {

bool IsOfMember(LedgerAccount account) {
  return account == LedgerAccount::kPending || account == LedgerAccount::kAvailable ||
         account == LedgerAccount::kHeld;
}

// Adds members, `sign` times.
class Adder {
 public:
  Adder(const ProgramCatalog& catalog, absl::Span<const absl::Time> months, int sign,
        Outstanding& outstanding)
      : catalog_(catalog), months_(months), sign_(sign), outstanding_(outstanding) {}

  void AddMember(const MemberState& state) const {
    for (const Account& account : state.accounts) {
      OutstandingBalance& balance = outstanding_.balances[account.wallet];
      balance.pending += sign_ * account.pending;
      balance.available += sign_ * account.available;
      balance.held += sign_ * account.held;
    }
    for (const Lot& lot : state.lots) {
      if (lot.remaining < 0) {
        outstanding_.balances[lot.wallet].owed -= sign_ * lot.remaining;
      } else {
        AddLot(lot, state.member.last_activity_at);
      }
    }
    for (const Reservation& reservation : state.reservations) {
      if (reservation.status != ReservationStatus::kHeld) continue;
      AddLots(reservation.lots, state.member.last_activity_at);
    }
  }

  void AddLots(const std::vector<Lot>& lots,
               const std::optional<absl::Time>& last_activity_at) const {
    for (const Lot& lot : lots) AddLot(lot, last_activity_at);
  }

 private:
  void AddLot(const Lot& lot, const std::optional<absl::Time>& last_activity_at) const {
    outstanding_.lots[{lot.wallet, PieceOf(lot.earned_at, months_),
                       ExpiryOf(lot, last_activity_at, catalog_)}] += sign_ * lot.remaining;
  }

  const ProgramCatalog& catalog_;
  const absl::Span<const absl::Time> months_;
  const int sign_;
  Outstanding& outstanding_;
};

// The lot of an entry; null where there is none.
const Lot* FindLot(int64_t number, const MemberState& before, const MemberState& after,
                   const Effects& effects) {
  const auto find = [number](const std::vector<Lot>& lots) {
    const auto lot = std::find_if(lots.begin(), lots.end(),
                                  [number](const Lot& each) { return each.lot == number; });
    return lot == lots.end() ? nullptr : &*lot;
  };
  for (const std::vector<Lot>* lots : {&before.lots, &after.lots, &effects.lots}) {
    if (const Lot* lot = find(*lots); lot != nullptr) return lot;
  }
  for (const Reservation& reservation : before.reservations) {
    if (const Lot* lot = find(reservation.lots); lot != nullptr) return lot;
  }
  return nullptr;
}

void AddFlow(const LedgerEntry& entry, Outstanding::Flow& flow) {
  const bool comes = IsOfMember(entry.credit);
  if (comes == IsOfMember(entry.debit)) return;
  if (entry.credit == LedgerAccount::kExpired) {
    flow.expired += entry.points;
  } else if (!comes) {
    flow.used += entry.points;
  } else if (entry.debit == LedgerAccount::kIssued || entry.debit == LedgerAccount::kAdjusted) {
    flow.issued += entry.points;
  } else {
    flow.used -= entry.points;
  }
}

}  // namespace

int PieceOf(absl::Time time, absl::Span<const absl::Time> cuts) {
  return static_cast<int>(std::upper_bound(cuts.begin(), cuts.end(), time) - cuts.begin());
}

void AddHeld(const Reservation& reservation, const std::optional<absl::Time>& last_activity_at,
             const ProgramCatalog& catalog, absl::Span<const absl::Time> months,
             Outstanding& outstanding) {
  Adder(catalog, months, 1, outstanding).AddLots(reservation.lots, last_activity_at);
}

void Replace(const MemberState& stored, const Effects& effects, const ProgramCatalog& catalog,
             absl::Span<const absl::Time> months, Outstanding& outstanding) {
  MemberState after = stored;
  Apply(effects, after);
  Adder(catalog, months, -1, outstanding).AddMember(stored);
  Adder(catalog, months, 1, outstanding).AddMember(after);
  for (const LedgerEntry& entry : effects.entries) {
    const Lot* const lot = FindLot(entry.lot, stored, after, effects);
    if (lot == nullptr || lot->points < 0) continue;  // Written off, or a debt.
    AddFlow(entry, outstanding.flows[{entry.wallet, PieceOf(lot->earned_at, months),
                                      PieceOf(entry.effective_at, months)}]);
  }
}

void Add(const Outstanding& more, Outstanding& outstanding) {
  for (const auto& [wallet, balance] : more.balances) {
    OutstandingBalance& sum = outstanding.balances[wallet];
    sum.pending += balance.pending;
    sum.available += balance.available;
    sum.held += balance.held;
    sum.owed += balance.owed;
  }
  for (const auto& [group, points] : more.lots) outstanding.lots[group] += points;
  for (const auto& [group, flow] : more.flows) {
    Outstanding::Flow& sum = outstanding.flows[group];
    sum.issued += flow.issued;
    sum.expired += flow.expired;
    sum.used += flow.used;
  }
}

}  // namespace dangol::domain
