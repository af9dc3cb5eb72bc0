#ifndef DANGOL_TESTS_BENCH_BENCH_SETTINGS_H_
#define DANGOL_TESTS_BENCH_BENCH_SETTINGS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "tests/bench/h2_load.h"

namespace dangol::bench {

struct BenchSettings {
  std::string dangold;
  std::string decide_benchmark;
  std::string directory;  // For everything that the run writes.
  uint64_t members = 0;
  uint64_t seeded_members = 0;    // Of the store that is filled before.
  uint64_t reviewed_members = 0;  // Of the test store with one midnight.
  uint64_t year_members = 0;      // Of that with a year.
  uint64_t rich_members = 0;      // Of the store with the rich program, of 0.3 MB each.
  uint64_t tree_members = 0;      // Who were brought by another, with as many beside them.
  absl::Duration slice;           // How long each load lasts.

  // A load of that length, in a closed loop.
  LoadOptions Load(int port, const char* path, int in_flight) const;
};

inline constexpr int kManyInFlight = 128;
inline constexpr int kSomeInFlight = 64;

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_BENCH_SETTINGS_H_
