#ifndef DANGOL_SERVER_DOMAIN_POINTS_LEDGER_H_
#define DANGOL_SERVER_DOMAIN_POINTS_LEDGER_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"

namespace dangol::domain {

// What points move between: a member's own accounts in each wallet, and the
// program's.
enum class LedgerAccount : int8_t {
  kPending = 1,
  kAvailable = 2,
  kHeld = 3,
  kIssued = 4,
  kRedeemed = 5,
  kExpired = 6,
  kReversed = 7,
  kAdjusted = 8,
  kWrittenOff = 9,
  kTransferred = 10,  // On their way between members: over all of them, always zero.
};

enum class EntryKind : int8_t {
  kEarn = 1,
  kBonus = 2,
  kMature = 3,
  kExpire = 4,
  kHold = 5,
  kCapture = 6,
  kRelease = 7,
  kRedeem = 8,
  kReverse = 9,
  kRestore = 10,
  kAdjust = 11,
  kWriteOff = 12,
  kTransfer = 13,
  kMerge = 14,
};

// An immutable movement of points, always of one lot: so a lot is the sum of its
// entries, and a balance the sum of the entries of its account.
struct LedgerEntry {
  MemberId member_id;
  int64_t number = 0;  // 1, 2, 3 and so on in each member's ledger.
  std::string wallet;
  EntryKind kind = EntryKind::kEarn;
  int64_t points = 0;                              // Positive.
  LedgerAccount debit = LedgerAccount::kIssued;    // Where they left.
  LedgerAccount credit = LedgerAccount::kPending;  // Where they went.
  std::string rule_id;                             // Of an earning; empty otherwise.
  std::string purchase_id;                         // That earned the lot.
  // The return, the reservation or the transfer that caused it; empty without one.
  std::string reference;
  std::string reason;  // The reason code of an adjustment; empty otherwise.
  // The lot that it moves points of: by the purse that the lot was opened in, and its number
  // there. No purse where it concerns no lot.
  int64_t lot = 0;
  MemberId lot_purse;
  int64_t program_version = 0;
  std::string principal;
  absl::Time effective_at;
  absl::Time recorded_at;
  // The wallet right after this entry.
  int64_t pending_after = 0;
  int64_t available_after = 0;
  int64_t held_after = 0;

  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// What a member has in one wallet: the sums of the ledger.
struct Account {
  std::string wallet;
  int64_t pending = 0;
  int64_t available = 0;
  int64_t held = 0;
  // What its debts come to: in a purse of several, points of the one may lie beside a debt of
  // another, and `available` is what is left.
  int64_t owed = 0;

  friend bool operator==(const Account&, const Account&) = default;
};

// Points of one earning, with a life of their own. A lot's remaining points are
// pending until available_from, and available after: what is available in a wallet is
// the sum over its lots.
//
// A lot may be a debt: a return took back more than there was, and `remaining` is
// negative. It never expires, and new points repay it.
struct Lot {
  // Its name, wherever it lies: the purse that it was opened in, and the number of the entry
  // that opened it there.
  MemberId purse;
  int64_t lot = 0;
  MemberId person;  // Whose it is: who earned it, and takes it along.
  std::string wallet;
  int64_t points = 0;     // As earned.
  int64_t remaining = 0;  // Neither held, spent, expired nor reversed.
  absl::Time earned_at;
  absl::Time available_from;
  // Whatever its member does; InfiniteFuture where it has no date.
  absl::Time expires_at = absl::InfiniteFuture();
  std::string purchase_id;
  // Where either is not 0, points expire after so long without activity, if expires_at does not
  // come first: domain::ExpiryOf tells which.
  int idle_months = 0;
  int idle_days = 0;

  friend bool operator==(const Lot&, const Lot&) = default;
};

// The name of a lot.
inline std::pair<MemberId, int64_t> NameOf(const Lot& lot) { return {lot.purse, lot.lot}; }

// Points without a pending period are never pending, even where the purchase's clock
// runs ahead of ours.
inline bool StartsPending(const Lot& lot) { return lot.available_from > lot.earned_at; }

// Where the remaining points of a lot are at a moment.
inline LedgerAccount AccountAt(const Lot& lot, absl::Time time) {
  return StartsPending(lot) && lot.available_from > time ? LedgerAccount::kPending
                                                         : LedgerAccount::kAvailable;
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_POINTS_LEDGER_H_
