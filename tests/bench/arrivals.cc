#include "tests/bench/arrivals.h"

#include <cmath>

namespace dangol::bench {

std::chrono::nanoseconds Arrivals::Next() {
  // From [0, 1), so that the logarithm is finite.
  const double uniform = std::ldexp(static_cast<double>(random_() >> 11), -53);
  seconds_ -= std::log1p(-uniform) / per_second_;
  return std::chrono::nanoseconds(static_cast<int64_t>(seconds_ * 1e9));
}

}  // namespace dangol::bench
