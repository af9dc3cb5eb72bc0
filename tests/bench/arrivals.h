#ifndef DANGOL_TESTS_BENCH_ARRIVALS_H_
#define DANGOL_TESTS_BENCH_ARRIVALS_H_

#include <chrono>
#include <random>

namespace dangol::bench {

// The moments at which independent callers call: a Poisson process, the same one
// each time.
class Arrivals {
 public:
  explicit Arrivals(double per_second) : per_second_(per_second) {}

  // The next moment, as time since the beginning.
  std::chrono::nanoseconds Next();

 private:
  const double per_second_;
  std::mt19937_64 random_;
  double seconds_ = 0;
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_ARRIVALS_H_
