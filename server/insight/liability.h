#ifndef DANGOL_SERVER_INSIGHT_LIABILITY_H_
#define DANGOL_SERVER_INSIGHT_LIABILITY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/domain/points/outstanding.h"
#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"

namespace dangol::insight {

// By what points are summed at `now`: months, each of the zone that was in force when it began,
// from 1970 to a month after it, and every period of inactivity that any version declares, in
// every zone that it may be of. There must be a version.
domain::OutstandingPieces PiecesAt(absl::Time now, const domain::ProgramCatalog& catalog);

// What the program owes its members in one wallet.
struct WalletLiability {
  struct Month {
    std::optional<absl::CivilMonth> month;  // Nothing: never.
    int64_t points = 0;
  };
  // In minor units of a currency, rounded up.
  struct Cost {
    std::string currency;
    int64_t all_minor = 0;       // If every point were redeemed.
    int64_t expected_minor = 0;  // Without those that are expected to expire.
  };

  std::string wallet;
  domain::OutstandingBalance balance;
  int64_t outstanding = 0;  // Pending, available and held, debts aside.
  // Of these, in the order of time; those that never expire come last.
  std::vector<Month> by_month_earned;
  std::vector<Month> by_month_of_expiry;  // The month that has the last day.
  int history_months = 0;
  int64_t expected_to_expire = 0;  // As history shows.
  int64_t beyond_history = 0;      // Of these history does not tell what becomes of them.
  std::optional<Cost> cost;        // Where the program declares what a point is worth.
};

// Of every wallet that the program declares or that there are points in, by name.
// `outstanding` is as of `now`, by the pieces of PiecesAt, of which these are the months.
std::vector<WalletLiability> Assess(const domain::Outstanding& outstanding,
                                    const domain::Program& program,
                                    absl::Span<const absl::Time> months, absl::Time now);

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_LIABILITY_H_
