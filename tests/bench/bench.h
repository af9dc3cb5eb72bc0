#ifndef DANGOL_TESTS_BENCH_BENCH_H_
#define DANGOL_TESTS_BENCH_BENCH_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/dangol_server.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/requests.h"
#include "tests/bench/samples.h"

namespace dangol::bench {

struct BenchSettings {
  std::string dangold;
  std::string decide_benchmark;
  std::string directory;  // For everything that the run writes.
  uint64_t members = 0;
  absl::Duration slice;  // How long each load lasts.
};

// Measures round by round. Within a round a figure and what it is compared with
// take turns, so that both see the same noise. Every error is one of the run:
// a reply that is not OK, or a store that does not hold what was acknowledged.
class Bench {
 public:
  explicit Bench(BenchSettings settings) : settings_(std::move(settings)) {}

  // Adds a sample of each probe wanted.
  absl::Status RunRound(const std::set<Probe>& wanted);

  const Samples& samples() const { return samples_; }

 private:
  // A server with its members.
  struct Subject {
    std::unique_ptr<DangolServer> server;
    std::unique_ptr<Requests> requests;
    uint64_t purchases = 0;  // Acknowledged so far.
  };

  bool Wants(Probe probe) const { return wanted_.count(probe) > 0; }
  void Add(Probe probe, double value) { samples_[probe].push_back({.value = value}); }
  void Add(Probe probe, const LoadResult& result, uint64_t purchases_per_call = 1);

  absl::StatusOr<Subject> StartSubject(const std::vector<std::string>& flags = {});
  // Checks the store, stops the server and keeps its file.
  absl::Status StopSubject(Subject& subject);

  // Purchases and what builds on the same store.
  absl::Status MeasurePurchases();
  absl::Status MeasureReplays(Subject& subject);
  absl::Status MeasureBalances(const Subject& subject);
  absl::Status MeasureRawLoop(const std::string& store, uint64_t purchases);
  // Other ways to write, each on a store of its own.
  absl::Status MeasureBatches();
  absl::Status MeasureUnary(Probe probe, int in_flight, const std::vector<std::string>& flags);
  absl::Status MeasureEcho();
  absl::Status MeasureFsync();
  absl::Status MeasureDecide();

  // Records purchases, uniform members or all to one.
  absl::StatusOr<LoadResult> RecordPurchases(Subject& subject, int in_flight, bool one_member);
  // Asks dangold once for the replies that the echo server then gives.
  absl::Status MakeEchoReplies();
  LoadOptions Load(int port, const char* path, int in_flight) const;
  std::string File(const std::string& name) const { return settings_.directory + "/" + name; }

  const BenchSettings settings_;
  std::set<Probe> wanted_;
  Samples samples_;
  double memory_mib_ = 0;  // Of this round.
  bool has_echo_replies_ = false;
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_BENCH_H_
