#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_REVERSAL_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_REVERSAL_H_

#include <cstdint>
#include <string>

#include "server/domain/points/book.h"
#include "server/domain/program/program.h"
#include "server/domain/purchase/purchase.h"

namespace dangol::domain {

// Points that a purchase had earned and that stand no more, or stand again.

// Reverses up to so many points of what is left, pending or available, of the lots that the
// purchase opened. Returns how many.
int64_t ReverseOwn(const std::string& wallet, const Purchase& purchase, int64_t points,
                   const Cause& cause, Book& book);

// Reverses up to so many available points of other lots in the place of those that a
// returned purchase has left no more: where a debt is allowed, of the same person, since
// each owes for their own goods. Returns how many.
int64_t ReverseOthers(const std::string& wallet, const Purchase& purchase, int64_t points,
                      DebtPolicy policy, const Cause& cause, Book& book);

// Undoes that points were given up that were not there.
void WithdrawWriteOff(const std::string& wallet, const Purchase& purchase, int64_t points,
                      const Cause& cause, Book& book);

// Undoes a reversal of points of the purchase that `lot` is of: pays what is owed for it, and
// brings the rest back, as old and as lasting as the lot.
void GiveAgain(Lot lot, int64_t points, const Cause& cause, Book& book);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_REVERSAL_H_
