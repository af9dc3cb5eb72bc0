#ifndef DANGOL_SERVER_DOMAIN_DRAFT_H_
#define DANGOL_SERVER_DOMAIN_DRAFT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/ledger.h"
#include "server/domain/member.h"
#include "server/domain/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// A member's points while a decision is made: starts from the stored state,
// posts entries, keeps balances, lots and the next due time in step with them,
// and ends as effects. Not thread-safe; lives within one decision.
class Draft {
 public:
  // Refers to `state` and `catalog`, which must outlive the draft.
  Draft(const MemberState& state, const ProgramCatalog& catalog, absl::Time now);

  Member& member() { return member_; }

  // Lets everything happen that time causes up to now: in the order of time, and
  // at one moment points mature before points expire.
  void Advance();

  // Where the points of an earning come from.
  struct Source {
    std::string rule_id;
    EntryKind kind = EntryKind::kEarn;
    int64_t points = 0;  // Positive.
  };

  // Opens `lot` with the points of `sources`, as of lot.earned_at, and lets
  // time have its effect on it up to now. At least one source; lot.points and
  // remaining are worked out here. Refused when the wallet would hold too much.
  absl::Status OpenLot(Lot lot, const std::vector<Source>& sources, int64_t program_version,
                       absl::string_view principal);

  // Adds to the points that count toward tiers; they end at kMaxBalance.
  void AddQualifying(const std::string& wallet, int64_t points);

  // Every account of the member as it is now, by wallet.
  std::vector<Account> Accounts() const;

  // What has changed. The draft is empty afterwards.
  Effects Finish();

 private:
  // What time does to a lot at a moment.
  struct Event {
    absl::Time at;
    EntryKind kind;
    size_t lot;  // Index into the lots that time passes over.
  };

  Account& MutableAccount(const std::string& wallet);
  void PassTime(std::vector<Lot>& lots, absl::Time from);
  void Happen(const Event& event, Lot& lot);
  LedgerEntry EntryFor(const Lot& lot, EntryKind kind, absl::Time effective_at) const;
  void Post(LedgerEntry entry);
  void NoteDue(const Lot& lot);

  const MemberState& state_;
  const ProgramCatalog& catalog_;
  const absl::Time now_;
  Member member_;
  Effects effects_;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_DRAFT_H_
