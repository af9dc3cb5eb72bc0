#ifndef DANGOL_SERVER_DOMAIN_AUDIT_H_
#define DANGOL_SERVER_DOMAIN_AUDIT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/ledger.h"
#include "server/domain/program_catalog.h"
#include "server/domain/purchase.h"
#include "server/domain/state.h"

// Whether what is stored of a member is what the rules make of what was asked for.
namespace dangol::domain {

// A member's life, decided again from the beginning: every command that took effect,
// in the order of the log. Not thread-safe.
class Replay {
 public:
  // `catalog` has every version of the program, and must outlive this.
  explicit Replay(const ProgramCatalog& catalog);

  // Decides the next command as it was decided when it was `now`: by the versions of
  // the program that there were.
  absl::StatusOr<Outcome> Step(const Command& command, absl::Time now);

  // With every lot that was ever opened, also those that nothing is left of.
  const MemberState& state() const { return state_; }
  const std::vector<Lot>& lots() const { return lots_; }  // By number.
  const std::vector<LedgerEntry>& entries() const { return entries_; }
  const std::vector<Return>& returns() const { return returns_; }

 private:
  const ProgramCatalog& CatalogAt(absl::Time now) const;

  std::vector<ProgramCatalog> catalogs_;  // With the first version, the first two, ...
  MemberState state_;
  std::vector<Lot> lots_;
  std::vector<LedgerEntry> entries_;
  std::vector<Return> returns_;
};

enum class FindingKind {
  kLedgerGap = 1,  // Numbers of entries are not 1, 2, 3 and so on.
  kBalance = 2,    // A balance is not the sum of its entries.
  kLots = 3,       // A balance is not the sum of its lots, or of what is held.
  kCommand = 4,    // A command that took effect is refused, or cannot be read.
  kEntry = 5,      // An entry is missing, is too many, or is another one.
  kState = 6,      // Anything else that is stored is not what came out.
};

struct Finding {
  FindingKind kind;
  std::string message;
};

// What is stored of a member; `state` with everything, and all lots.
struct StoredMember {
  MemberState state;
  std::vector<LedgerEntry> entries;  // By number.
  std::vector<Return> returns;       // In any order.
};

// Whether the stored books balance by themselves.
std::vector<Finding> CheckBooks(const StoredMember& stored);

// Whether what is stored is what the replay ended with, bit for bit. Only the next due
// time may be earlier: it is a hint that is not always worked out anew.
std::vector<Finding> CheckReplay(const StoredMember& stored, const Replay& replay);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_AUDIT_H_
