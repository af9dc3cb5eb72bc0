#ifndef DANGOL_TESTS_BENCH_FSYNC_PROBE_H_
#define DANGOL_TESTS_BENCH_FSYNC_PROBE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/histogram.h"

namespace dangol::bench {

// How long it takes to make 16 KiB durable at the end of a new file in
// `directory`, which is about what one purchase appends to SQLite's log.
absl::StatusOr<Histogram> ProbeFsync(const std::string& directory, absl::Duration duration);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_FSYNC_PROBE_H_
