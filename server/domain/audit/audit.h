#ifndef DANGOL_SERVER_DOMAIN_AUDIT_AUDIT_H_
#define DANGOL_SERVER_DOMAIN_AUDIT_AUDIT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/inputs.h"
#include "server/domain/news.h"
#include "server/domain/points/ledger.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/state.h"

// Whether what is stored of a member is what the rules make of what was asked for.
namespace dangol::domain {

// A command that took effect, as the log has it.
struct RecordedCommand {
  std::string id;  // Of the request.
  ActionKind kind = {};
  absl::StatusOr<Action> action;  // An error where it cannot be read.
  std::string principal;
  absl::Time recorded_at;
  Inputs inputs;
  std::optional<News> news;  // Nothing where it is not to be compared.
};

// A member's life, decided again from the beginning: every command that took effect,
// in the order of the log. Not thread-safe.
class Replay {
 public:
  // `catalog` has every version of the program, and must outlive this.
  explicit Replay(const ProgramCatalog& catalog);
  // As if all of the catalog had been known from the beginning: what had become of it under other
  // rules. Counters are shared with others who are replayed so; both must outlive this.
  Replay(const ProgramCatalog& catalog, SharedCounters& counters);

  // Decides the next command, which can be read, as it was decided: by the versions of the
  // program that were known, and upon what was seen of shared counters.
  // `person`: of who acted, where the purse is another's (Inputs::person). `family`: of all with
  // whom the member was ever merged, as far as that has come; this one may be among them.
  // DATA_LOSS where it was decided, and the event of it says something else.
  absl::StatusOr<Outcome> Step(const RecordedCommand& command, Replay* person = nullptr,
                               absl::Span<const Replay* const> family = {});

  // Decides a command of two members again, who are both at the moment when it was
  // decided: one half of a merge or an unmerge, and with it the other half, of `other`.
  absl::Status StepWith(Replay& other, const RecordedCommand& command);

  // Lets time have its effect, up to a moment.
  void AdvanceTo(absl::Time now);

  // With every lot that was ever opened, also those that nothing is left of.
  const MemberState& state() const { return state_; }
  const std::vector<Lot>& lots() const { return lots_; }  // By number.
  const std::vector<LedgerEntry>& entries() const { return entries_; }

 private:
  // What was known when it was decided.
  const ProgramCatalog& CatalogOf(const RecordedCommand& command);
  absl::Status CheckNews(const RecordedCommand& command, const Effects& effects) const;
  void Fold(Effects effects);
  void ForgetHints();
  // What a decision about an adjustment asks for.
  void FindAdjusted(const Action& action, absl::Span<const Replay* const> family);

  const ProgramCatalog& catalog_;
  SharedCounters* const counters_ = nullptr;  // Null: those that were seen.
  ProgramCatalog known_;                      // As many of its rules as the last command knew.
  MemberState state_;
  std::vector<Lot> lots_;
  std::vector<LedgerEntry> entries_;
};

enum class FindingKind {
  kLedgerGap = 1,  // Numbers of entries are not 1, 2, 3 and so on.
  kBalance = 2,    // A balance is not the sum of its entries.
  kLots = 3,       // A balance is not the sum of its lots, or of what is held.
  kCommand = 4,    // A command that took effect is refused, or cannot be read.
  kEntry = 5,      // An entry is missing, is too many, or is another one.
  kState = 6,      // Anything else that is stored is not what came out.
  kCounter = 7,    // A shared counter is not the sum of what it counts, or is too high.
  kTransfer = 8,   // What left one member is not what arrived at the other.
};

struct Finding {
  FindingKind kind;
  std::string message;
};

// What is stored of a member; `state` with everything, and all lots.
struct StoredMember {
  MemberState state;
  std::vector<LedgerEntry> entries;       // By number.
  std::vector<RecordedCommand> commands;  // In the order of the log.
};

// Whether the stored books balance by themselves.
std::vector<Finding> CheckBooks(const StoredMember& stored);

// Whether what is stored is what the replay ended with, bit for bit. Only the next due
// time may be earlier: it is a hint that is not always worked out anew.
std::vector<Finding> CheckReplay(const StoredMember& stored, const Replay& replay);

// The shared counters as they are stored, and what they count, of one state.
struct StoredCounters {
  // Points that rules have given by versions of the program: what the ledger says.
  struct Given {
    std::string rule_id;
    int64_t program_version = 0;
    int64_t points = 0;
  };
  // Pieces of rewards that are issued and not cancelled, by the version that issued them.
  struct Taken {
    std::string reward_id;
    int64_t program_version = 0;
    int64_t pieces = 0;
  };
  std::map<std::string, int64_t> used;  // By name.
  std::vector<Given> given;             // In any order.
  std::vector<Taken> taken;             // In any order.
};

// Whether every counter is the sum of what it counts, and no budget or stock was exceeded.
// `catalog` has every version of the program.
std::vector<Finding> CheckCounters(const StoredCounters& stored, const ProgramCatalog& catalog);

// What one transfer, merge or unmerge moved, by what the ledgers of both say.
struct UnevenTransfer {
  std::string reference;
  std::string wallet;
  int64_t left = 0;
  int64_t arrived = 0;
};

// A member's audit cannot tell that what they received was never given: this is for those
// of which that is so.
std::vector<Finding> NameTransfers(const std::vector<UnevenTransfer>& uneven);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_AUDIT_AUDIT_H_
