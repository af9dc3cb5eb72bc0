#include "server/domain/program/arithmetic.h"

#include <algorithm>
#include <numeric>

#include "absl/container/inlined_vector.h"

namespace dangol::domain {

absl::int128 Scale(int64_t amount, int64_t numerator, int64_t denominator, Rounding rounding) {
  const absl::int128 product = absl::int128(amount) * numerator;
  switch (rounding) {
    case Rounding::kFloor:
      return product / denominator;
    case Rounding::kHalfUp:
      return (product * 2 + denominator) / (absl::int128(denominator) * 2);
    case Rounding::kCeiling:
      return (product + denominator - 1) / denominator;
  }
  return 0;
}

std::vector<int64_t> Spread(int64_t total, absl::Span<const int64_t> weights) {
  std::vector<int64_t> shares(weights.size(), 0);
  const int64_t weight_sum = std::accumulate(weights.begin(), weights.end(), int64_t{0});
  if (total == 0 || weight_sum == 0) return shares;

  absl::InlinedVector<int64_t, 16> remainders(weights.size());
  int64_t left = total;
  const bool is_small = total < (int64_t{1} << 31) && weight_sum < (int64_t{1} << 31);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (is_small) {  // Nearly always; a 128-bit division costs ten times as much.
      shares[i] = total * weights[i] / weight_sum;
      remainders[i] = total * weights[i] % weight_sum;
    } else {
      const absl::int128 product = absl::int128(total) * weights[i];
      shares[i] = static_cast<int64_t>(product / weight_sum);
      remainders[i] = static_cast<int64_t>(product % weight_sum);
    }
    left -= shares[i];
  }
  if (left == 0) return shares;

  absl::InlinedVector<size_t, 16> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
  });
  for (int64_t i = 0; i < left; ++i) ++shares[order[i]];
  return shares;
}

int64_t ShareOf(int64_t whole, int64_t part, int64_t of) {
  if (part >= of) return whole;
  return static_cast<int64_t>(Scale(whole, part, of, Rounding::kFloor));
}

}  // namespace dangol::domain
