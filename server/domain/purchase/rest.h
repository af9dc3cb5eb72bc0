#ifndef DANGOL_SERVER_DOMAIN_PURCHASE_REST_H_
#define DANGOL_SERVER_DOMAIN_PURCHASE_REST_H_

#include <algorithm>
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

// Whether nothing has come back of it.
inline bool IsWhole(const Purchase& purchase) {
  return purchase.returned_minor == 0 &&
         std::all_of(purchase.lines.begin(), purchase.lines.end(),
                     [](const PurchaseLine& line) { return line.returned_quantity == 0; });
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

// The purchase as if nothing had come back.
Purchase WholeOf(const Purchase& purchase);

// By what a share of a purchase is measured: by amount, or by pieces where it costs nothing.
struct Goods {
  int64_t returned = 0;
  int64_t all = 0;
};
Goods GoodsOf(const Purchase& purchase);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PURCHASE_REST_H_
