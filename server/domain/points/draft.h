#ifndef DANGOL_SERVER_DOMAIN_POINTS_DRAFT_H_
#define DANGOL_SERVER_DOMAIN_POINTS_DRAFT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/points/ledger.h"
#include "server/domain/points/reservation.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/purchase/purchase.h"
#include "server/domain/reward/coupon.h"
#include "server/domain/state.h"

namespace dangol::domain {

// A member's points while a decision is made: starts from the stored state,
// posts entries, keeps balances, lots, reservations and the next due time in step
// with them, and ends as effects. Whatever becomes available repays debts at once.
// Not thread-safe; lives within one decision.
class Draft {
 public:
  // Refers to `state`, `person` and `catalog`, which must outlive the draft. Without lots
  // (state.has_lots) nothing but Advance, OpenLot and Restand can be called, and there must be
  // no debt. `person`: who acts, where the purse is another's; else null.
  Draft(const MemberState& state, const ProgramCatalog& catalog, absl::Time now,
        const MemberState* person = nullptr);
  // On behalf of who acts; there must be such a member.
  Draft(const State& state, const ProgramCatalog& catalog, absl::Time now)
      : Draft(*state.member, catalog, now, state.person) {}

  // Whose purse it is.
  Member& member() { return member_; }
  const Member& member() const { return member_; }

  // Who acts.
  Member& person() { return person_.has_value() ? *person_ : member_; }
  const Member& person() const { return person_.has_value() ? *person_ : member_; }
  // Whether this is who acts, or was merged into them.
  bool IsOneWithPerson(const MemberId& id) const;

  // The member's own time: not before what has happened to them already, whatever the
  // clock of this server says.
  absl::Time now() const { return now_; }

  // Who acts did something by themselves: bought, or set points aside, spent them or gave
  // them away.
  void NoteActivity(absl::Time at);

  // When a lot of the member expires if they do nothing more.
  absl::Time ExpiryOf(const Lot& lot) const;

  // Lets everything happen that time causes up to now: in the order of time, and
  // at one moment points mature, then holds lapse, then points expire.
  void Advance();

  // Why points move, beside what the call itself says.
  struct Cause {
    std::string principal;
    std::string reference;  // A return, a reservation or a transfer.
    std::string reason;     // Of an adjustment.
  };

  // Where the points of a new lot come from.
  struct Source {
    std::string rule_id;
    EntryKind kind = EntryKind::kEarn;
    int64_t points = 0;  // Positive.
    LedgerAccount debit = LedgerAccount::kIssued;
  };

  // Opens `lot` with the points of `sources`, as of lot.earned_at, and lets
  // time have its effect on it up to now. At least one source; lot.points, remaining
  // and name are worked out here. Refused when the wallet would hold too much.
  absl::Status OpenLot(Lot lot, const std::vector<Source>& sources, int64_t program_version,
                       const Cause& cause);

  // Takes in what another member gave: available from now on, and as old and as lasting
  // as it was with them. Refused when the wallet would hold too much.
  // `person`: whose they are, who uses the purse.
  absl::Status Receive(const std::string& wallet, const MovedLot& moved, const MemberId& person,
                       const Cause& cause);

  // Points on their way from one purse to another.
  struct HandedOver {
    std::vector<Lot> lots;
    std::vector<Lot> held;  // What is held of lots, as `remaining`.
    // When the first hold lapses or coupon expires of those that go with them.
    absl::Time due = absl::InfiniteFuture();
  };
  // Gives up what these persons earned and is left, what they owe, and what they have set
  // aside: whoever earned that.
  HandedOver HandOver(const std::vector<MemberId>& persons, const Cause& cause);
  // Takes over what another draft, of the same moment, has handed over. Refused when a
  // wallet would hold too much.
  absl::Status TakeOver(const HandedOver& handed, const Cause& cause);

  // What has expired of every purchase that has its points here.
  std::vector<ExpiredPoints> Expired() const;

  // Changes the history of a person who is, or was merged into, who acts (history.h).
  void Restand(const MemberId& whose, const Fact& should, const Fact& stands);

  // Free to spend in the wallet; negative where there is a debt.
  int64_t Available(const std::string& wallet) const;

  // Moves available points to `to`, from those lots first that expire first. There
  // must be as many. Returns the lots as they were, with what was taken of each as
  // `remaining`.
  std::vector<Lot> Take(const std::string& wallet, int64_t points, EntryKind kind, LedgerAccount to,
                        const Cause& cause);

  // Reverses up to so many points of what is left, pending or available, of the lots
  // that a purchase opened. Returns how many.
  int64_t ReverseLotsOf(const std::string& purchase_id, const std::string& wallet, int64_t points,
                        const Cause& cause);

  // Reverses up to so many available points of other lots in the place of those that a
  // returned purchase has left no more: where a debt is allowed, of the same person, since
  // each owes for their own goods. Returns how many.
  int64_t ReverseOthers(const std::string& wallet, const Purchase& purchase, int64_t points,
                        DebtPolicy policy, const Cause& cause);

  // How many points of a purchase have expired so far.
  int64_t ExpiredOf(const std::string& purchase_id, const std::string& wallet) const;

  // Reverses points that are not there: as a debt of the purchase's person, or given up.
  void Owe(const std::string& wallet, const Purchase& purchase, int64_t points, const Cause& cause);
  void WriteOff(const std::string& wallet, const std::string& purchase_id, int64_t points,
                const Cause& cause);
  // Undoes the latter.
  void WithdrawWriteOff(const std::string& wallet, const std::string& purchase_id, int64_t points,
                        const Cause& cause);
  // Undoes a reversal of points of the purchase that `lot` is of: pays what is owed for it, and
  // brings the rest back, as old and as lasting as the lot.
  void GiveAgain(Lot lot, int64_t points, const Cause& cause);

  // Moves points that were taken of `taken` from `from` back to where they came from.
  // Where that lot has expired they live on for the wallet's days of grace, or expire
  // at once.
  void PutBack(const Lot& taken, int64_t points, EntryKind kind, LedgerAccount from,
               const Cause& cause);

  // Null where there is none with this id. What is changed in it is written.
  Reservation* FindReservation(absl::string_view id);
  // Sets `points` aside, or spends them at once; there must be as many.
  const Reservation& Reserve(Reservation reservation, const Cause& cause);
  // Spends `points` of what is held, and releases the rest.
  void Capture(Reservation& reservation, int64_t points, const Cause& cause);
  void Release(Reservation& reservation, ReservationStatus status, const Cause& cause);

  // Those that are known: see MemberState.
  const std::vector<Coupon>& coupons() const { return coupons_; }
  // Null where there is none with this code. What is changed in it is written.
  Coupon* FindCoupon(absl::string_view code);
  // Takes the points that the coupon costs; there must be as many.
  const Coupon& Issue(Coupon coupon, const Cause& cause);
  // Gives them back.
  void Cancel(Coupon& coupon, const Cause& cause);

  // Makes available what waits for this purchase to be confirmed.
  void Confirm(const std::string& purchase_id, const Cause& cause);

  // Ends all that the member has: holds are released, points and coupons expire, debts are
  // given up, and those that were repaid stay so.
  void Close(const Cause& cause);

  // Every account of the purse as it is now, by wallet.
  std::vector<Account> Accounts();

  // What has changed. The draft is empty afterwards. Checks what the ledger says must be so
  // (Effects::fault).
  Effects Finish();

 private:
  // What time does to a lot or a reservation at a moment.
  struct Event {
    absl::Time at;
    int order;       // At one moment: 0 a lot matures, 1 a hold lapses, 2 a lot expires.
    bool is_others;  // Of lots the owner's own come first.
    size_t index;    // Of a lot; of a reservation by id.

    bool operator>(const Event& other) const;
  };
  using Events = std::vector<Event>;  // A heap, the next one first.

  // Why something moves that time moves.
  static Cause OfTime() { return {kSystemPrincipal, "", ""}; }

  // The indices of the reservations in the order of ids: in which they were loaded must not
  // show in the ledger.
  std::vector<size_t> ReservationsById() const;
  // Those whose time is over by now.
  void ExpireCoupons();
  // All of them, now.
  void EndCoupons();
  Account AccountIn(const std::string& wallet) const;
  Account& MutableAccount(const std::string& wallet);
  // What must be so and is not makes the decision fail, and nothing else.
  void Require(bool holds, absl::string_view what);
  void CheckLots();
  // Brings up to date what is owed in each account, where the lots are here.
  void SumDebts();
  bool HasLeft(const MemberId& person) const;
  void AddEvents(size_t lot, absl::Time from, Events& events) const;
  void PassTime(Events events);
  void Mature(Lot& lot, absl::Time at, const Cause& cause);
  void Expire(Lot& lot, absl::Time at, const Cause& cause);
  // The index of the lot that points went to.
  size_t PutBackAt(const Lot& taken, int64_t points, EntryKind kind, LedgerAccount from,
                   const Cause& cause, absl::Time at);
  void ReleaseAt(Reservation& reservation, ReservationStatus status, const Cause& cause,
                 absl::Time at, Events* events);
  // Lets what is available in the wallet repay what the same person owes in it.
  void Settle(const std::string& wallet, absl::Time at);
  // Lets a lot that is about to expire repay what anybody owes in its wallet.
  void SettleLast(Lot& credit, absl::Time at);
  void Repay(Lot& credit, Lot& debt, absl::Time at);
  // The lots of a wallet that owe points, the oldest first.
  std::vector<size_t> DebtsOf(const std::string& wallet, absl::Time at) const;
  LedgerEntry EntryFor(const Lot& lot, EntryKind kind, int64_t points, absl::Time effective_at,
                       const Cause& cause) const;
  void Post(LedgerEntry entry);
  // Parts of HandOver.
  void HandOverLots(const std::vector<MemberId>& persons, const Cause& cause, HandedOver& handed);
  void HandOverHeld(const std::vector<MemberId>& persons, const Cause& cause, HandedOver& handed);
  void ExpireOverdue();
  // Gives a lot that the next entry opens its name.
  void NameNext(Lot& lot) const;
  // The index of the lot, added with nothing in it where nothing was left of it. Points of
  // somebody who has left the purse come back as a new lot of its owner.
  size_t Reopen(const Lot& lot);
  // Adds a lot; its index.
  size_t Open(Lot lot);
  // Refuses `points` more where the wallet would hold too much.
  absl::Status CheckRoom(const std::string& wallet, int64_t points);
  // The index of a lot that may be among the known; lots_.size() where it is not.
  size_t IndexOf(const Lot& lot) const;
  // The lots of a wallet that have available points, in the order of spending; of one person
  // or of everybody.
  std::vector<size_t> SpendingOrder(const std::string& wallet, absl::Time at,
                                    const MemberId* person = nullptr) const;
  std::vector<Lot> TakeOf(const MemberId* person, const std::string& wallet, int64_t points,
                          EntryKind kind, LedgerAccount to, const Cause& cause);
  void SortByExpiry(std::vector<size_t>& lots) const;
  int GraceDays(const std::string& wallet, absl::Time at) const;
  absl::Time NextDue() const;

  const MemberState& state_;
  const ProgramCatalog& catalog_;
  const absl::Time now_;
  const MemberState* const person_state_;
  Member member_;
  std::optional<Member> person_;
  std::vector<Lot> lots_;  // Those of the state, if they are loaded, and new ones.
  size_t stored_lots_ = 0;
  std::vector<Reservation> reservations_;
  std::vector<size_t> reservations_by_id_;  // While time passes.
  std::vector<Coupon> coupons_;
  absl::Time handed_due_ = absl::InfiniteFuture();  // Of what was taken over.
  std::map<std::string, int64_t> taken_over_held_;  // By wallet.
  std::vector<MemberId> left_;                      // Whose holds and coupons are another's now.
  Effects effects_;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_DRAFT_H_
