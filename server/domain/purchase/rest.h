#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_REST_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_REST_H_

#include <cstdint>
#include <vector>

#include "server/domain/purchase/purchase.h"

// What has not come back of a purchase. It follows from how many pieces of each line have come
// back and what amount of the whole, and not from the order in which they did.
namespace dangol::domain {

// How many pieces of a line have not come back.
inline int64_t QuantityLeft(const PurchaseLine& line) {
  return line.quantity - line.returned_quantity;
}

// What each line is worth without what has come back: an amount of the whole is spread over
// the lines by largest remainder, first over those of which all pieces have come back.
std::vector<int64_t> AmountsLeft(const Purchase& purchase);

// What so many more pieces of a line are worth: the share of the line, so that the last of
// them brings the rest.
int64_t ValueOf(const Purchase& purchase, size_t line, int64_t quantity);

// The purchase as if only the rest had been bought, with the same part of tax and of what was
// paid with points.
Purchase RestOf(const Purchase& purchase);

// floor(whole * part / of); the whole where that is all.
int64_t ShareOf(int64_t whole, int64_t part, int64_t of);

// The share of so many points that has come back with the goods, by amount, or by pieces where
// they cost nothing.
int64_t ReturnedShareOf(const Purchase& purchase, int64_t points);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_REST_H_
