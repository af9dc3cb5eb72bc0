#include "server/domain/member/hand_over.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "server/common/status_macros.h"

namespace dangol::domain {
namespace {

bool Has(const std::vector<MemberId>& persons, const MemberId& person) {
  return std::find(persons.begin(), persons.end(), person) != persons.end();
}

// Points that live as long as somebody who uses the purse is active, where that was another.
void ExpireOverdue(Book& book) {
  for (size_t i = 0; i < book.lots().size(); ++i) {
    const Lot& lot = book.lots()[i];
    if (lot.remaining > 0 && book.ExpiryOf(lot) <= book.now()) book.Expire(i, book.now(), OfTime());
  }
}

// A debt is handed over as it is: what it owes is then owed there.
void HandOverLots(const std::vector<MemberId>& persons, const Cause& cause, Book& book,
                  HandedOver& handed) {
  for (size_t i = 0; i < book.lots().size(); ++i) {
    const Lot& lot = book.lots()[i];
    if (lot.remaining == 0 || !Has(persons, lot.person)) continue;
    handed.lots.push_back(lot);
    const Posting out{EntryKind::kMerge, std::abs(lot.remaining), AccountAt(lot, book.now()),
                      LedgerAccount::kTransferred};
    const Posting forgiven{EntryKind::kMerge, std::abs(lot.remaining), LedgerAccount::kTransferred,
                           LedgerAccount::kAvailable};
    book.Post(i, lot.remaining > 0 ? out : forgiven, book.now(), cause);
  }
}

void HandOverHeld(const std::vector<MemberId>& persons, const Cause& cause, Draft& draft,
                  HandedOver& handed) {
  for (const Reservation* reservation : draft.Held()) {
    if (!Has(persons, reservation->person)) continue;
    handed.due = std::min(handed.due, reservation->lapses_at);
    for (const Lot& held : reservation->lots) {
      handed.held.push_back(held);
      draft.book().PostBeside(
          held,
          {EntryKind::kMerge, held.remaining, LedgerAccount::kHeld, LedgerAccount::kTransferred},
          draft.now(), cause);
    }
  }
}

}  // namespace

HandedOver HandOver(const std::vector<MemberId>& persons, const Cause& cause, Draft& from) {
  HandedOver handed;
  HandOverLots(persons, cause, from.book(), handed);
  HandOverHeld(persons, cause, from, handed);
  for (const Coupon& coupon : from.coupons()) {
    if (coupon.status != CouponStatus::kIssued || !Has(persons, coupon.person)) continue;
    handed.due = std::min(handed.due, coupon.expires_at);
  }
  for (const Award& award : from.book().awards()) {
    if (award.fallen && Has(persons, award.person)) ++handed.fallen_awards;
  }
  from.moving().left = persons;
  ExpireOverdue(from.book());
  return handed;
}

absl::Status CheckRoomFor(const HandedOver& handed, const Draft& to) {
  std::map<std::string, int64_t> points;  // By wallet.
  for (const Lot& lot : handed.lots) points[lot.wallet] += lot.remaining;
  for (const Lot& held : handed.held) points[held.wallet] += held.remaining;
  for (const auto& [wallet, more] : points) {
    RETURN_IF_ERROR(to.book().CheckRoom(wallet, more));
  }
  return absl::OkStatus();
}

void TakeOver(const HandedOver& handed, const Cause& cause, Draft& to) {
  Book& book = to.book();
  std::set<std::string> wallets;
  for (const Lot& held : handed.held) {
    book.PostBeside(
        held,
        {EntryKind::kMerge, held.remaining, LedgerAccount::kTransferred, LedgerAccount::kHeld},
        book.now(), cause);
    to.moving().taken[held.wallet] += held.remaining;
  }
  for (const Lot& lot : handed.lots) {
    wallets.insert(lot.wallet);
    const Posting in{EntryKind::kMerge, std::abs(lot.remaining), LedgerAccount::kTransferred,
                     AccountAt(lot, book.now())};
    const Posting owed{EntryKind::kMerge, std::abs(lot.remaining), LedgerAccount::kAvailable,
                       LedgerAccount::kTransferred};
    book.Post(book.Open(lot, /*is_new=*/false), lot.remaining > 0 ? in : owed, book.now(), cause);
  }
  ExpireOverdue(book);
  for (const std::string& wallet : wallets) book.Settle(wallet, book.now());
  to.moving().fallen_awards += handed.fallen_awards;
  to.moving().due = std::min(to.moving().due, handed.due);
}

}  // namespace dangol::domain
