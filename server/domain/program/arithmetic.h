#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_ARITHMETIC_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_ARITHMETIC_H_

#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

// amount * numerator / denominator, exactly, then rounded. All arguments are
// not negative, the denominator is positive.
absl::int128 Scale(int64_t amount, int64_t numerator, int64_t denominator, Rounding rounding);

// Splits `total` in proportion to `weights` by largest remainder (Hamilton's
// method): each share is the exact one rounded down, and what is left over goes
// one by one to the largest remainders, among equals to the lowest index. The
// shares add up to `total`. Without any weight all shares are 0.
std::vector<int64_t> Spread(int64_t total, absl::Span<const int64_t> weights);

// floor(whole * part / of); the whole where that is all.
int64_t ShareOf(int64_t whole, int64_t part, int64_t of);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_ARITHMETIC_H_
