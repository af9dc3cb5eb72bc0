#ifndef DANGOL_SERVER_DOMAIN_POINTS_DRAFT_H_
#define DANGOL_SERVER_DOMAIN_POINTS_DRAFT_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/member/origin.h"
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
  // Refers to `state` and `catalog`, which must outlive the draft. Without lots
  // (state.has_lots) nothing but Advance, OpenLot and AddQualifying can be called, and
  // there must be no debt.
  Draft(const MemberState& state, const ProgramCatalog& catalog, absl::Time now);

  Member& member() { return member_; }
  const Member& member() const { return member_; }

  // The member's own time: not before what has happened to them already, whatever the
  // clock of this server says.
  absl::Time now() const { return now_; }

  // The member did something by themselves: bought, or set points aside, spent them or
  // gave them away.
  // Their last activity only ever moves forward.
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
  // and number are worked out here. Refused when the wallet would hold too much.
  absl::Status OpenLot(Lot lot, int origin, const std::vector<Source>& sources,
                       int64_t program_version, const Cause& cause);

  // Takes in what another member gave: available from now on, and as old and as lasting
  // as it was with them. Refused when the wallet would hold too much.
  absl::Status Receive(const std::string& wallet, const MovedLot& moved, const Cause& cause);

  // Points on their way from one member to another with a merge, as lots of the one who
  // takes them over.
  struct HandedOver {
    std::vector<Lot> lots;
    std::vector<Lot> held;  // What is held of lots, as `remaining`.
    std::vector<Repayment> repayments;
    int64_t last_lot = 0;  // No lot of whoever hands them over has a higher number in its range.
    // When the first hold lapses or coupon expires of those that go with them.
    absl::Time due = absl::InfiniteFuture();
  };
  // Gives up what is moved. Where points repaid a debt and only one of them moves, they
  // are given back and it is owed again.
  HandedOver HandOver(const Move& move, const Cause& cause);
  // Takes over what another draft, of the same moment, has handed over. Refused when a
  // wallet would hold too much.
  absl::Status TakeOver(const HandedOver& handed, const Cause& cause);

  // What has expired of every purchase that has its points here.
  std::vector<ExpiredPoints> Expired() const;

  // Adds to the points that count toward tiers, or takes from them; they end at
  // kMaxBalance.
  void AddQualifying(const std::string& wallet, int64_t points);

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

  // Reverses available points of others in the place of those that a returned purchase has
  // left no more. There must be as many. The policy says what becomes of it when those
  // others part.
  void ReverseOthers(const std::string& wallet, const Purchase& purchase, int64_t points,
                     DebtPolicy policy, const Cause& cause);

  // How many points of a purchase have expired so far.
  int64_t ExpiredOf(const std::string& purchase_id, const std::string& wallet) const;

  // Reverses points that are not there: as a debt of the purchase's origin, or given up.
  void Owe(const std::string& wallet, const Purchase& purchase, int64_t points, const Cause& cause);
  void WriteOff(const std::string& wallet, const std::string& purchase_id, int64_t points,
                const Cause& cause);

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

  // Every account of the member as it is now, by wallet.
  std::vector<Account> Accounts() const;

  // What has changed. The draft is empty afterwards.
  Effects Finish();

 private:
  // What time does to a lot or a reservation at a moment.
  struct Event {
    absl::Time at;
    int order;     // At one moment: 0 a lot matures, 1 a hold lapses, 2 a lot expires.
    size_t index;  // Of a lot; of a reservation by id.

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
  Account& MutableAccount(const std::string& wallet);
  void AddEvents(size_t lot, absl::Time from, Events& events) const;
  void PassTime(Events events);
  void Mature(Lot& lot, absl::Time at, const Cause& cause);
  void Expire(Lot& lot, absl::Time at, const Cause& cause);
  // The index of the lot that points went to.
  size_t PutBackAt(const Lot& taken, int64_t points, EntryKind kind, LedgerAccount from,
                   const Cause& cause, absl::Time at);
  void ReleaseAt(Reservation& reservation, ReservationStatus status, const Cause& cause,
                 absl::Time at, Events* events);
  // Lets what is available in the wallet repay what is owed in it.
  void Settle(const std::string& wallet, absl::Time at);
  LedgerEntry EntryFor(const Lot& lot, EntryKind kind, int64_t points, absl::Time effective_at,
                       const Cause& cause) const;
  void Post(LedgerEntry entry);
  // Keeps in mind that points of `credit` repaid what `debt` owes, if it is not of the
  // same origin.
  void NoteRepaid(const Lot& credit, const Lot& debt, int64_t points, bool write_off);
  // Keeps in mind that a hold or a coupon has these.
  void NoteKept(const std::vector<Lot>& lots);
  // Parts of HandOver. The first tells in which wallets something was undone.
  std::set<std::string> HandOverRepayments(const Move& move, const Cause& cause,
                                           HandedOver& handed);
  void HandOverLots(const Move& move, const Cause& cause, HandedOver& handed);
  void HandOverHeld(const Move& move, const Cause& cause, HandedOver& handed);
  void ExpireOverdue();
  void UndoRepayment(const Repayment& repayment, const Cause& cause);
  // A debt of the purchase, not open yet.
  Lot DebtOf(const Purchase& purchase, const std::string& wallet, int64_t points) const;
  // The index of a lot of which nothing was left, or which is gone.
  size_t Reopen(const Lot& lot);
  // The number of a lot that the next entry opens.
  int64_t NextLot(int origin) const;
  // Adds a lot; its index.
  size_t Open(Lot lot);
  // Refuses `points` more where the wallet would hold too much.
  absl::Status CheckRoom(const std::string& wallet, int64_t points);
  // The index of a lot that may be among the known; lots_.size() where it is not.
  size_t IndexOf(int64_t lot) const;
  // The lots of a wallet that have available points, in the order of spending.
  std::vector<size_t> SpendingOrder(const std::string& wallet, absl::Time at) const;
  void SortByExpiry(std::vector<size_t>& lots) const;
  int GraceDays(const std::string& wallet, absl::Time at) const;
  absl::Time NextDue() const;

  const MemberState& state_;
  const ProgramCatalog& catalog_;
  const absl::Time now_;
  Member member_;
  std::vector<Lot> lots_;  // Those of the state, if they are loaded, and new ones.
  size_t stored_lots_ = 0;
  std::vector<Reservation> reservations_;
  std::vector<size_t> reservations_by_id_;  // While time passes.
  std::vector<Coupon> coupons_;
  absl::Time handed_due_ = absl::InfiniteFuture();  // Of what was taken over.
  Effects effects_;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_DRAFT_H_
