#ifndef DANGOL_TESTS_BENCH_MACHINE_BENCH_H_
#define DANGOL_TESTS_BENCH_MACHINE_BENCH_H_

#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "tests/bench/bench_settings.h"
#include "tests/bench/engine.h"
#include "tests/bench/samples.h"

namespace dangol::bench {

// Measures what does not depend on the store: the echo server, fsync, and Decide.
class MachineBench {
 public:
  explicit MachineBench(BenchSettings settings) : settings_(std::move(settings)) {}

  // Those of the echo server's probes that are wanted. Any engine will do for the
  // dangold that is asked once for the replies that the echo server then gives.
  absl::Status MeasureEcho(const std::set<Probe>& wanted, Engine& engine);
  absl::Status MeasureFsync();
  absl::Status MeasureRules();

  const Samples& samples() const { return samples_; }

 private:
  absl::Status MakeEchoReplies(Engine& engine);
  absl::Status MeasureEchoOf(Probe probe, int port);
  std::string File(const std::string& name) const { return settings_.directory + "/" + name; }

  const BenchSettings settings_;
  Samples samples_;
  bool has_echo_replies_ = false;
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_MACHINE_BENCH_H_
