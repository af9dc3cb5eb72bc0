#ifndef DANGOL_TESTS_BENCH_STATISTICS_H_
#define DANGOL_TESTS_BENCH_STATISTICS_H_

#include <vector>

namespace dangol::bench {

// What several rounds said about one quantity.
struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
};

// The median of an even number of values is the mean of the two in the middle.
// `values` must not be empty.
Spread SpreadOf(std::vector<double> values);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_STATISTICS_H_
