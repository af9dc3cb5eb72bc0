#ifndef DANGOL_SERVER_DOMAIN_STATE_H_
#define DANGOL_SERVER_DOMAIN_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/domain/command.h"
#include "server/domain/ledger.h"
#include "server/domain/member.h"
#include "server/domain/program_catalog.h"
#include "server/domain/purchase.h"

namespace dangol::domain {

// Points that a capped rule has given to a member within a period.
struct CapUsage {
  std::string period;  // "2026-11-22", "2026-11" or "ever".
  std::string rule_id;
  int64_t points = 0;

  friend bool operator==(const CapUsage&, const CapUsage&) = default;
};

// Everything of a member that a decision may depend on.
struct MemberState {
  Member member;
  std::vector<Account> accounts;  // One for each wallet that was ever credited.
  // Lots with points remaining, in the order of spending; empty unless loaded.
  std::vector<Lot> lots;
  bool has_lots = false;
  std::vector<Alias> aliases;       // Empty unless asked for.
  std::vector<CapUsage> cap_usage;  // Of the periods asked for.
};

using AliasOwners = absl::flat_hash_map<Alias, MemberId>;

// What a command is decided upon. A view: it owns nothing.
struct State {
  const MemberState* member = nullptr;   // Whom the command concerns, if there is such a member.
  const AliasOwners* aliases = nullptr;  // Owners of the aliases that the command names.
};

// What a decision needs to know of a member beside the member and accounts.
struct MemberNeeds {
  bool aliases = false;
  bool lots = false;
  std::vector<std::string> cap_periods;
};

// What a command may read, to be loaded before it is decided. The lots of a
// member who is due are loaded in any case.
struct Reads {
  std::optional<MemberRef> member;
  MemberNeeds needs;
  std::vector<Alias> aliases;
};

Reads ReadsOf(const Command& command, const ProgramCatalog& catalog, absl::Time now);

// A change of an alias's owner.
struct AliasChange {
  Alias alias;
  MemberId member_id;
  bool added = true;  // False: removed.

  friend bool operator==(const AliasChange&, const AliasChange&) = default;
};

// What a decision changes: rows that are new, and rows as they are afterwards.
struct Effects {
  std::optional<Member> member;
  std::vector<Account> accounts;
  std::vector<Lot> lots;
  std::vector<LedgerEntry> entries;
  std::vector<CapUsage> cap_usage;
  std::vector<AliasChange> aliases;
  std::optional<Purchase> purchase;
  std::optional<ProgramVersion> program;
};

// Folds effects into the state of the member that they are about, so that the
// next command sees them.
void Apply(const Effects& effects, MemberState& state);

// The member's account of a wallet; an empty one where there is none.
Account AccountOf(const MemberState& state, const std::string& wallet);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STATE_H_
