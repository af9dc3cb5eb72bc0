#include "tests/bench/bench.h"

#include <utility>

#include "server/common/status_macros.h"

namespace dangol::bench {

Bench::Bench(const BenchSettings& settings, std::vector<std::unique_ptr<Engine>> engines)
    : machine_(settings) {
  for (std::unique_ptr<Engine>& engine : engines) {
    stores_.push_back(std::make_unique<StoreBench>(settings, std::move(engine)));
  }
}

absl::Status Bench::RunRound(const std::set<Probe>& wanted) {
  for (const auto& store : stores_) store->BeginRound(wanted);
  RETURN_IF_ERROR(MeasureStores({Probe::kPurchases, Probe::kGuarded, Probe::kMetered,
                                 Probe::kRichPurchases, Probe::kSeeded}));
  RETURN_IF_ERROR(machine_.MeasureEcho(wanted, stores_[0]->engine()));
  RETURN_IF_ERROR(
      MeasureStores({Probe::kBatches, Probe::kRichBatches, Probe::kOneMember, Probe::kSixtyFour,
                     Probe::kOneByOne, Probe::kAlone, Probe::kSpending, Probe::kReturns,
                     Probe::kReviews, Probe::kYear, Probe::kTreeLater}));
  if (wanted.contains(Probe::kFsync)) RETURN_IF_ERROR(machine_.MeasureFsync());
  if (wanted.contains(Probe::kDecide) || wanted.contains(Probe::kScoring)) {
    RETURN_IF_ERROR(machine_.MeasureRules());
  }
  for (const auto& store : stores_) store->EndRound();
  return absl::OkStatus();
}

absl::Status Bench::MeasureStores(std::initializer_list<Probe> probes) {
  for (const Probe probe : probes) {
    for (const auto& store : stores_) RETURN_IF_ERROR(store->Measure(probe));
  }
  return absl::OkStatus();
}

Samples Bench::SamplesOf(size_t engine) const {
  Samples samples = stores_[engine]->samples();
  const Samples& machine = machine_.samples();
  samples.insert(machine.begin(), machine.end());
  return samples;
}

}  // namespace dangol::bench
