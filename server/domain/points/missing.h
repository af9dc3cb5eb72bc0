#ifndef DANGOL_SERVER_DOMAIN_POINTS_MISSING_H_
#define DANGOL_SERVER_DOMAIN_POINTS_MISSING_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "server/domain/points/book.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

// What became of points that were to go and were not there.
struct Missing {
  int64_t owed = 0;
  int64_t written_off = 0;
  int64_t refused = 0;
  std::optional<size_t> debt;  // The lot that owes them.
};

// Does with so many points what the program says: a debt, given up, or refused, so that the
// caller has to. `of`: whose they were to be, in which wallet, and of which purchase. `kind` and
// `to`: as if they had been there.
Missing TakeMissing(DebtPolicy policy, const Lot& of, int64_t points, EntryKind kind,
                    LedgerAccount to, const Cause& cause, Book& book);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_MISSING_H_
