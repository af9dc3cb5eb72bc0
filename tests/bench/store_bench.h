#ifndef DANGOL_TESTS_BENCH_STORE_BENCH_H_
#define DANGOL_TESTS_BENCH_STORE_BENCH_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/bench_settings.h"
#include "tests/bench/dangol_server.h"
#include "tests/bench/engine.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/history.h"
#include "tests/bench/requests.h"
#include "tests/bench/samples.h"

namespace dangol::bench {

// Measures dangold on one storage engine. Every error is one of the run: a reply
// that is not OK, or a store that does not hold what was acknowledged.
class StoreBench {
 public:
  StoreBench(BenchSettings settings, std::unique_ptr<Engine> engine)
      : settings_(std::move(settings)), engine_(std::move(engine)) {}

  void BeginRound(std::set<Probe> wanted);

  // Adds a sample of the probe, if it is wanted, on a store of its own; with
  // kPurchases also of what builds on the same store.
  absl::Status Measure(Probe probe);

  void EndRound();

  Engine& engine() { return *engine_; }
  const Samples& samples() const { return samples_; }

 private:
  // A server with its members.
  struct Subject {
    std::unique_ptr<DangolServer> server;
    std::unique_ptr<Requests> requests;
    uint64_t purchases = 0;  // Acknowledged so far, with the numbers from 0 on.
    uint64_t seeded = 0;     // Purchases that were there before.
  };

  // The place of the member who makes the purchase of a number.
  using Buyer = std::function<size_t(uint64_t number)>;

  // A store that is filled the first time, and kept for further rounds.
  struct FilledStore {
    std::optional<std::string> url;
    Subject subject;
  };

  bool Wants(Probe probe) const { return wanted_.contains(probe); }
  void Add(Probe probe, Sample sample) { samples_[probe].push_back(sample); }

  // `token`: of who enrols; empty where the server lets everybody in.
  absl::StatusOr<Subject> StartSubject(const std::vector<std::string>& flags = {},
                                       const std::string& token = "");
  // Checks the store, stops the server and keeps the store.
  absl::Status StopSubject(Subject& subject);
  absl::Status CheckStore(const Subject& subject);

  absl::Status MeasurePurchases();
  absl::Status MeasureOpenLoop(Subject& subject, double purchases_per_second);
  absl::Status MeasureReplays(const Subject& subject);
  absl::Status MeasureBalances(const Subject& subject);
  absl::Status MeasureRawLoop(const std::string& store, uint64_t purchases);
  // Other ways to write.
  absl::Status MeasureBatches();
  absl::Status MeasureUnary(Probe probe, int in_flight, const std::vector<std::string>& flags = {});
  absl::Status MeasureGuarded();

  // What members do with their points.
  absl::Status MeasureSpending();
  absl::Status MeasureReturns();

  // The load of kPurchases on a store that is filled the first time.
  absl::Status MeasureSeeded();
  absl::Status FillStore(const std::string& store);
  // `flags` are those of the server that records them.
  absl::StatusOr<Histories> MakeHistories(const Past& past, absl::Time now,
                                          const std::vector<std::string>& flags = {});

  // The loads of kPurchases and kBatches on such a store with the rich program.
  absl::Status MeasureRich(Probe probe);
  absl::Status FillRichStore(const std::string& store);

  // The load of kPurchases on a store with a tree of referrals and as many members beside it, which
  // is filled the first time.
  absl::Status MeasureTree();
  absl::Status GrowTree();
  absl::Status MeasureFirstPurchases();
  absl::Status MeasureLaterPurchases();

  // Test stores whose clock is advanced: to the end of a month, and by a year.
  absl::Status MeasureReviews();
  absl::Status MeasureYear();
  // A test store with so many members whose clock has just begun to move.
  absl::StatusOr<std::string> FillTestStore(const Past& past, absl::Time begin, uint64_t members,
                                            std::optional<Histories>& histories);
  // How long the server takes for it; starts one, and stops it.
  absl::StatusOr<absl::Duration> AdvanceClock(const std::string& store, absl::Time to);
  // The reviews of that store, written to another one.
  absl::Status MeasureRawReviews(const std::string& reviewed);

  // Records purchases in batches, so many a second.
  absl::StatusOr<Sample> RecordBatches(Subject& subject);
  // Records purchases, of uniform members where nobody else is said.
  absl::StatusOr<LoadResult> RecordPurchases(Subject& subject, const LoadOptions& options,
                                             const Buyer& buyer = nullptr);

  const BenchSettings settings_;
  const std::unique_ptr<Engine> engine_;
  FilledStore seeded_;
  FilledStore rich_;
  FilledStore tree_;
  std::optional<Histories> reviewed_;
  std::optional<Histories> year_;
  std::set<Probe> wanted_;
  Samples samples_;
  double memory_mib_ = 0;  // Of this round.
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_STORE_BENCH_H_
