#include "server/domain/purchase/reversal.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace dangol::domain {
namespace {

bool IsOf(const Purchase& purchase, const std::string& wallet, const Lot& lot) {
  return lot.wallet == wallet && lot.purchase_id == purchase.purchase_id;
}

}  // namespace

int64_t ReverseOwn(const std::string& wallet, const Purchase& purchase, int64_t points,
                   const Cause& cause, Book& book) {
  int64_t left = points;
  const auto is_own = [&](const Lot& lot) { return IsOf(purchase, wallet, lot); };
  for (const size_t index : book.InSpendingOrder(is_own)) {
    const Lot& lot = book.lots()[index];
    const int64_t part = std::min(left, lot.remaining);
    if (part == 0) break;
    left -= part;
    book.Post(index,
              {EntryKind::kReverse, part, AccountAt(lot, book.now()), LedgerAccount::kReversed},
              book.now(), cause);
  }
  return points - left;
}

int64_t ReverseOthers(const std::string& wallet, const Purchase& purchase, int64_t points,
                      DebtPolicy policy, const Cause& cause, Book& book) {
  const MemberId* const person = policy == DebtPolicy::kAllowDebt ? &purchase.person : nullptr;
  int64_t there = 0;
  for (const Lot& lot : book.lots()) {
    const bool is_there = lot.remaining > 0 && lot.wallet == wallet &&
                          AccountAt(lot, book.now()) == LedgerAccount::kAvailable;
    if (is_there && (person == nullptr || lot.person == *person)) there += lot.remaining;
  }
  // What others owe is not there for anybody.
  if (person == nullptr) there = std::min(there, book.Available(wallet));
  const int64_t part = std::min(points, std::max<int64_t>(there, 0));
  if (part > 0) {
    book.Take(wallet, part, EntryKind::kReverse, LedgerAccount::kReversed, cause, person);
  }
  return part;
}

void WithdrawWriteOff(const std::string& wallet, const Purchase& purchase, int64_t points,
                      const Cause& cause, Book& book) {
  if (points == 0) return;
  Lot none;
  none.wallet = wallet;
  none.purchase_id = purchase.purchase_id;
  book.PostBeside(
      none, {EntryKind::kWriteOff, points, LedgerAccount::kReversed, LedgerAccount::kWrittenOff},
      book.now(), cause);
}

void GiveAgain(Lot lot, int64_t points, const Cause& cause, Book& book) {
  const auto give = [&](size_t to, int64_t part) {
    book.Post(to,
              {EntryKind::kRestore, part, LedgerAccount::kReversed,
               AccountAt(book.lots()[to], book.now())},
              book.now(), cause);
  };
  size_t own = book.lots().size();
  for (size_t i = 0; i < book.lots().size() && points > 0; ++i) {
    const Lot& known = book.lots()[i];
    if (known.purchase_id != lot.purchase_id || known.wallet != lot.wallet) continue;
    if (known.remaining > 0) own = i;
    const int64_t part = std::min(points, std::max<int64_t>(-known.remaining, 0));
    if (part > 0) give(i, part);
    points -= part;
  }
  if (points == 0) return;
  if (own == book.lots().size()) {
    lot.points = points;
    own = book.Open(std::move(lot));
  }
  give(own, points);
  const Lot& given = book.lots()[own];
  book.Settle(given.wallet, book.now());
  if (book.ExpiryOf(given) <= book.now() && given.remaining > 0) {
    book.Expire(own, book.now(), OfTime());
  }
}

}  // namespace dangol::domain
