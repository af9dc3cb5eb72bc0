#ifndef DANGOL_TESTS_BENCH_BENCH_H_
#define DANGOL_TESTS_BENCH_BENCH_H_

#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/bench/bench_settings.h"
#include "tests/bench/engine.h"
#include "tests/bench/machine_bench.h"
#include "tests/bench/samples.h"
#include "tests/bench/store_bench.h"

namespace dangol::bench {

// Measures round by round, on one storage engine or on several. Within a round the
// engines, and a figure and what it is compared with, take turns, so that all see
// the same noise.
class Bench {
 public:
  Bench(const BenchSettings& settings, std::vector<std::unique_ptr<Engine>> engines);

  // Adds a sample of each probe wanted.
  absl::Status RunRound(const std::set<Probe>& wanted);

  // Everything that says something about the engine at that place.
  Samples SamplesOf(size_t engine) const;

 private:
  absl::Status MeasureStores(std::initializer_list<Probe> probes);

  MachineBench machine_;
  std::vector<std::unique_ptr<StoreBench>> stores_;
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_BENCH_H_
