#ifndef DANGOL_SERVER_DOMAIN_POINTS_OUTSTANDING_H_
#define DANGOL_SERVER_DOMAIN_POINTS_OUTSTANDING_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Points that members have in a wallet, all together.
struct OutstandingBalance {
  int64_t pending = 0;
  int64_t available = 0;  // Less what is owed.
  int64_t held = 0;
  int64_t owed = 0;
};

// The pieces that `cuts`, which ascend, make of time: piece 0 ends with the first of
// them, and each begins a piece.
int PieceOf(absl::Time time, absl::Span<const absl::Time> cuts);

// Sums over the points of all members, in groups that are few however many members
// there are. Months are pieces of time.
struct Outstanding {
  struct LotGroup {
    std::string wallet;
    int month_earned = 0;
    // InfiniteFuture for never. Where inactivity decides and no date comes before it, any
    // midnight of the month in which it does if members do nothing more.
    absl::Time expires_at;

    friend bool operator<(const LotGroup& a, const LotGroup& b) {
      return std::tie(a.wallet, a.month_earned, a.expires_at) <
             std::tie(b.wallet, b.month_earned, b.expires_at);
    }
  };
  struct FlowGroup {
    std::string wallet;
    int month_earned = 0;
    int month = 0;  // In which it happened.

    friend auto operator<=>(const FlowGroup&, const FlowGroup&) = default;
  };
  // What became of the points of one month in another.
  struct Flow {
    int64_t issued = 0;   // Given to members.
    int64_t expired = 0;  // Taken by time.
    int64_t used = 0;     // Left in any other way, less what came back.
  };

  std::map<std::string, OutstandingBalance> balances;  // By wallet.
  // Pending, available and held points: what is left of lots, debts aside.
  std::map<LotGroup, int64_t> lots;
  // The whole ledger but for debts.
  std::map<FlowGroup, Flow> flows;
};

// A period without activity after which points expire that have no earlier date, with what a sum
// over many lots needs to tell when: the beginnings of such a period fall into the pieces of
// `begins`, and those of a piece end at a midnight of the same month, of which `ends` has one.
struct IdlePeriod {
  int months = 0;
  int days = 0;
  std::vector<absl::Time> begins;
  std::vector<absl::Time> ends;  // One for each piece.
  // Of lots that were earned from the one time to before the other: their zone is in `begins`.
  absl::Time earned_from = absl::InfinitePast();
  absl::Time earned_until = absl::InfiniteFuture();
};

// By what points are summed.
struct OutstandingPieces {
  std::vector<absl::Time> months;        // Their beginnings, for earning and for what happens.
  std::vector<IdlePeriod> idle_periods;  // All that lots may have.
};

// Adds what is held of a member who was last active then.
void AddHeld(const Reservation& reservation, const std::optional<absl::Time>& last_activity_at,
             const ProgramCatalog& catalog, absl::Span<const absl::Time> months,
             Outstanding& outstanding);

// Takes a member out as they are stored, and puts them in as `effects` make them: sums
// of such changes may be negative. `stored` must have lots.
void Replace(const MemberState& stored, const Effects& effects, const ProgramCatalog& catalog,
             absl::Span<const absl::Time> months, Outstanding& outstanding);

void Add(const Outstanding& more, Outstanding& outstanding);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_OUTSTANDING_H_
