#ifndef DANGOL_SERVER_DOMAIN_POINTS_BOOK_H_
#define DANGOL_SERVER_DOMAIN_POINTS_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

namespace dangol::domain {

// Why points move, beside what the call itself says.
struct Cause {
  std::string principal;
  std::string reference;  // A return, a reservation or a transfer.
  std::string reason;     // Of an adjustment.
  // When that happened which is recorded now; the moment of recording when absent.
  std::optional<absl::Time> occurred_at = std::nullopt;
};

// Why something moves that time moves.
inline Cause OfTime() { return {kSystemPrincipal, "", ""}; }

// A movement of points of one lot.
struct Posting {
  EntryKind kind = EntryKind::kEarn;
  int64_t points = 0;  // Positive.
  LedgerAccount debit = LedgerAccount::kIssued;
  LedgerAccount credit = LedgerAccount::kAvailable;
  std::string rule_id = "";  // Of an earning.
};

// The points in a purse while a decision is made: accounts, lots and the entries that change
// them. What remains of a lot follows from its entries, and the balances do.
// Whatever becomes available repays debts at once. Not thread-safe.
class Book {
 public:
  // Refers to its arguments, which must outlive it. Without the lots of `purse` points can only
  // be added, and there must be no debt. `person`: who acts.
  Book(const MemberState& purse, const ProgramCatalog& catalog, absl::Time now, Member& owner,
       const MemberId& person);

  // The member's own time: not before what has happened to them already, whatever the
  // clock of this server says.
  absl::Time now() const { return now_; }

  // Whose purse it is.
  const Member& owner() const { return owner_; }

  // Those that are loaded, and new ones. A lot is named by its place in them.
  const std::vector<Lot>& lots() const { return lots_; }

  // Those that lie in the purse, where its lots are loaded, and new ones.
  std::vector<Award>& awards() { return awards_; }

  // When a lot of the purse expires if nobody who uses it does anything more.
  absl::Time ExpiryOf(const Lot& lot) const;

  // Free to spend in the wallet; negative where there is a debt.
  int64_t Available(const std::string& wallet) const;
  // Every account of the purse as it is now, by wallet.
  std::vector<Account> Accounts();
  // Those that were posted so far.
  const std::vector<LedgerEntry>& entries() const { return entries_; }
  // Refuses `points` more where the wallet would hold too much.
  absl::Status CheckRoom(const std::string& wallet, int64_t points) const;

  // Moves available points to `to`, from those lots first that expire first; of one person or
  // of anybody. There must be as many. Returns the lots as they were, with what was taken of
  // each as `remaining`.
  std::vector<Lot> Take(const std::string& wallet, int64_t points, EntryKind kind, LedgerAccount to,
                        const Cause& cause, const MemberId* person = nullptr);

  // Moves points that were taken of `taken` from `from` back to where they came from.
  // Where that lot has expired they live on for the wallet's days of grace, or expire
  // at once. Returns the lot that they went to.
  size_t PutBack(const Lot& taken, int64_t points, EntryKind kind, LedgerAccount from,
                 const Cause& cause, absl::Time at);

  // Makes points available that were pending.
  void Mature(size_t lot, absl::Time at, const Cause& cause);
  // Lets a lot repay what anybody owes in its wallet, and what is left of it expire.
  void Expire(size_t lot, absl::Time at, const Cause& cause);
  // Lets what is available in the wallet repay what the same person owes in it.
  void Settle(const std::string& wallet, absl::Time at);

  // Of the lots that have points left those that are wanted, in the order of spending.
  std::vector<size_t> InSpendingOrder(absl::FunctionRef<bool(const Lot&)> is_wanted) const;

  // The parts of what is above. Adds a lot, whose remaining points are then posted; `is_new`:
  // under a name that the next entry of this purse gives it. Returns its place.
  size_t Open(Lot lot, bool is_new = true);
  // Points that enter or leave what is pending or available are those that remain of the lot.
  void Post(size_t lot, const Posting& posting, absl::Time at, const Cause& cause);
  // Of a lot that lies elsewhere, is held, or is none.
  void PostBeside(const Lot& lot, const Posting& posting, absl::Time at, const Cause& cause);

  // What must be so and is not makes the decision fail, and nothing else.
  void Require(bool holds, absl::string_view what);

  // Adds what has changed, having checked what the ledger says must be so (Effects::fault).
  // `held`: by wallet. The book is empty afterwards.
  void Finish(const std::map<std::string, int64_t>& held, Effects& effects);

 private:
  Account AccountIn(const std::string& wallet) const;
  Account& MutableAccount(const std::string& wallet);
  void CheckLots(const std::map<std::string, int64_t>& held);
  // Brings up to date what is owed in each account, where the lots are here.
  void SumDebts();
  // Lets a lot that is about to expire repay what anybody owes in its wallet.
  void SettleLast(size_t credit, absl::Time at);
  void Repay(size_t credit, size_t debt, absl::Time at);
  void NoteExpired(const Lot& lot);
  // The lots of a wallet that owe points, the oldest first.
  std::vector<size_t> DebtsOf(const std::string& wallet, absl::Time at) const;
  // The lots of a wallet that have available points, in the order of spending; of one person
  // or of everybody.
  std::vector<size_t> SpendingOrder(const std::string& wallet, absl::Time at,
                                    const MemberId* person) const;
  LedgerEntry EntryFor(const Lot& lot, const Posting& posting, absl::Time at,
                       const Cause& cause) const;
  // The lot's place, added with nothing in it where nothing was left of it. Points of
  // somebody who has left the purse come back as a new lot of its owner.
  size_t Reopen(const Lot& lot);
  // lots_.size() where it is not there.
  size_t IndexOf(const Lot& lot) const;
  int GraceDays(const std::string& wallet, absl::Time at) const;

  const MemberState& state_;
  const ProgramCatalog& catalog_;
  const absl::Time now_;
  Member& owner_;
  const MemberId person_;
  std::vector<Lot> lots_;
  size_t stored_lots_ = 0;
  std::vector<Award> awards_;
  size_t stored_awards_ = 0;
  std::vector<Account> accounts_;  // That have changed.
  std::vector<LedgerEntry> entries_;
  std::string fault_;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_BOOK_H_
