#include "server/domain/purchase/rest.h"

#include <algorithm>
#include <numeric>

#include "absl/numeric/int128.h"
#include "server/domain/program/arithmetic.h"

namespace dangol::domain {
namespace {

// Takes as much of `amount` off as these are worth, in proportion; the rest of it.
int64_t TakeOff(int64_t amount, const std::vector<int64_t>& weights, std::vector<int64_t>& left) {
  int64_t sum = 0;
  for (const int64_t weight : weights) sum += weight;
  const int64_t part = std::min(amount, sum);
  const std::vector<int64_t> taken = Spread(part, weights);
  for (size_t i = 0; i < left.size(); ++i) left[i] -= taken[i];
  return amount - part;
}

}  // namespace

std::vector<int64_t> AmountsLeft(const Purchase& purchase) {
  std::vector<int64_t> left;
  left.reserve(purchase.lines.size());
  for (const PurchaseLine& line : purchase.lines) {
    left.push_back(line.amount_minor - line.returned_minor);
  }
  if (purchase.returned_by_amount_minor == 0) return left;
  std::vector<int64_t> of_nothing(left.size(), 0);
  for (size_t i = 0; i < left.size(); ++i) {
    if (QuantityLeft(purchase.lines[i]) == 0) of_nothing[i] = left[i];
  }
  const int64_t rest = TakeOff(purchase.returned_by_amount_minor, of_nothing, left);
  for (size_t i = 0; i < left.size(); ++i) of_nothing[i] = left[i];
  TakeOff(rest, of_nothing, left);
  return left;
}

int64_t ValueOf(const Purchase& purchase, size_t line, int64_t quantity) {
  const PurchaseLine& of = purchase.lines[line];
  if (purchase.returned_by_amount_minor > 0) {
    return ShareOf(AmountsLeft(purchase)[line], quantity, QuantityLeft(of));
  }
  return ShareOf(of.amount_minor, of.returned_quantity + quantity, of.quantity) - of.returned_minor;
}

Purchase RestOf(const Purchase& purchase) {
  Purchase rest = purchase;
  const std::vector<int64_t> left = AmountsLeft(purchase);
  for (size_t i = 0; i < left.size(); ++i) {
    PurchaseLine& line = rest.lines[i];
    line.tax_minor -= left[i] == line.amount_minor
                          ? 0
                          : ShareOf(line.tax_minor, line.amount_minor - left[i], line.amount_minor);
    line.amount_minor = left[i];
  }
  // By what the goods had cost, whatever was paid back for them.
  const int64_t gone = purchase.total_minor - std::accumulate(left.begin(), left.end(), int64_t{0});
  if (gone > 0) {
    rest.paid_with_points_minor -=
        ShareOf(purchase.paid_with_points_minor, gone, purchase.total_minor);
  }
  return rest;
}

Purchase WholeOf(const Purchase& purchase) {
  Purchase whole = purchase;
  whole.returned_minor = whole.returned_by_amount_minor = 0;
  for (PurchaseLine& line : whole.lines) line.returned_quantity = line.returned_minor = 0;
  return whole;
}

Goods GoodsOf(const Purchase& purchase) {
  if (purchase.total_minor > 0) return {purchase.returned_minor, purchase.total_minor};
  Goods goods;
  for (const PurchaseLine& line : purchase.lines) {
    goods.all += line.quantity;
    goods.returned += line.returned_quantity;
  }
  return goods;
}

}  // namespace dangol::domain
