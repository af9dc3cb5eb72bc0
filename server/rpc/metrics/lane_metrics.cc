#include "server/rpc/metrics/lane_metrics.h"

#include <google/protobuf/generated_enum_reflection.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "dangol/v1/care_service.pb.h"
#include "dangol/v1/event_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/reward_service.pb.h"
#include "dangol/v1/tier_service.pb.h"

namespace dangol::rpc {
namespace {

using Values = std::vector<std::string>;
using Sums = std::map<Values, int64_t>;

prometheus::Family<prometheus::Histogram>& Steps(prometheus::Registry& registry) {
  return prometheus::BuildHistogram()
      .Name("dangol_lane_step_seconds")
      .Help("How long the steps of a batch took: load, decide, write, commit.")
      .Register(registry);
}

prometheus::Histogram& Step(prometheus::Registry& registry, const std::string& step) {
  return Steps(registry).Add(
      {{"step", step}}, prometheus::Histogram::BucketBoundaries{0.00003, 0.0001, 0.0003, 0.001,
                                                                0.003, 0.01, 0.03, 0.1, 0.3, 1, 3});
}

// What the API calls it, without what all values of an enum begin with: "mature", say.
template <typename OfApi, typename Value>
std::string WordOf(Value value) {
  const auto* const all = google::protobuf::GetEnumDescriptor<OfApi>();
  const auto* const named = all->FindValueByNumber(static_cast<int>(value));
  if (named == nullptr) return "other";
  const absl::string_view prefix = absl::StripSuffix(all->value(0)->name(), "UNSPECIFIED");
  return absl::AsciiStrToLower(absl::StripPrefix(named->name(), prefix));
}

void Add(const domain::PointsNews& points, Sums& sums) {
  const int64_t more = points.pending + points.available + points.held;
  const int64_t moved =
      std::max({std::abs(points.pending), std::abs(points.available), std::abs(points.held)});
  const char* const direction = more > 0 ? "in" : more < 0 ? "out" : "within";
  sums[{points.wallet, WordOf<v1::EntryKind>(points.kind), direction}] +=
      more == 0 ? moved : std::abs(more);
}

void AddAll(const Sums& sums, LabelledCounters& counters) {
  for (const auto& [values, sum] : sums) counters.Add(values, static_cast<double>(sum));
}

}  // namespace

LabelledCounters::LabelledCounters(prometheus::Registry& registry, const std::string& name,
                                   const std::string& help, std::vector<std::string> labels)
    : family_(prometheus::BuildCounter().Name(name).Help(help).Register(registry)),
      labels_(std::move(labels)) {}

void LabelledCounters::Add(const std::vector<std::string>& values, double more) {
  absl::MutexLock lock(&mutex_);
  prometheus::Counter*& counter = counters_[values];
  if (counter == nullptr) {
    std::map<std::string, std::string> labels;
    for (size_t i = 0; i < labels_.size(); ++i) labels[labels_[i]] = values[i];
    counter = &family_.Add(labels);
  }
  counter->Increment(more);
}

LaneMetrics::LaneMetrics(prometheus::Registry& registry)
    : batch_commands_(prometheus::BuildHistogram()
                          .Name("dangol_lane_batch_commands")
                          .Help("Commands that took effect with one commit.")
                          .Register(registry)
                          .Add({}, prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64,
                                                                           128, 256, 512, 1'024})),
      load_(Step(registry, "load")),
      decide_(Step(registry, "decide")),
      write_(Step(registry, "write")),
      commit_(Step(registry, "commit")),
      recalled_(prometheus::BuildCounter()
                    .Name("dangol_lane_recalled_batches_total")
                    .Help("Batches that read nothing, since what they needed was remembered.")
                    .Register(registry)
                    .Add({})),
      faults_(registry, "dangol_store_faults_total",
              "Attempts to commit a batch that failed, by what the store said. ABORTED: another "
              "was faster, and it is tried again.",
              {"code"}),
      commands_(registry, "dangol_commands_total", "Commands that took effect, by kind.", {"kind"}),
      points_(registry, "dangol_points_total",
              "Points that ledger entries moved, by wallet, kind of entry, and whether members had "
              "more of them (in), fewer (out), or the same (within).",
              {"wallet", "kind", "direction"}),
      tiers_(registry, "dangol_tier_changes_total",
             "What was found of members' tiers, by ladder, tier and reason.",
             {"ladder", "tier", "reason"}),
      awards_(registry, "dangol_awards_total",
              "Awards of tiers and incentives, by cause and by whether they were given or taken "
              "back.",
              {"cause", "change"}),
      coupons_(registry, "dangol_coupons_total", "Coupons, by reward and by what became of them.",
               {"reward", "status"}),
      work_(registry, "dangol_work_total",
            "Alerts and complaints, by kind and by whether they came into the queue or left it.",
            {"kind", "change"}) {}

void LaneMetrics::OnCommitted(const lane::CommittedBatch& batch) {
  batch_commands_.Observe(static_cast<double>(batch.writes.commands.size()));
  load_.Observe(absl::ToDoubleSeconds(batch.load));
  decide_.Observe(absl::ToDoubleSeconds(batch.decide));
  write_.Observe(absl::ToDoubleSeconds(batch.write));
  commit_.Observe(absl::ToDoubleSeconds(batch.commit));
  if (batch.is_recalled) recalled_.Increment();
  CountNews(batch.writes);
}

void LaneMetrics::OnFault(const absl::Status& status) {
  faults_.Add({absl::StatusCodeToString(status.code())}, 1);
}

// Summed up first: a batch has hundreds of commands and a handful of counters.
void LaneMetrics::CountNews(const storage::WriteSet& writes) {
  std::map<domain::ActionKind, int64_t> kinds;
  Sums points;
  for (const storage::CommandWrite& command : writes.commands) {
    const domain::News& news = command.record.news;
    ++kinds[command.record.kind];
    for (const domain::PointsNews& change : news.points) Add(change, points);
    for (const domain::TierNews& tier : news.tiers) {
      if (tier.withdrawn) continue;
      tiers_.Add({tier.ladder, tier.tier, WordOf<v1::TierReason>(tier.reason)}, 1);
    }
    for (const domain::AwardNews& award : news.awards) {
      awards_.Add({award.cause, award.fallen ? "taken_back" : "given"}, 1);
    }
    for (const domain::CouponNews& coupon : news.coupons) {
      coupons_.Add({coupon.reward_id, WordOf<v1::CouponStatus>(coupon.status)}, 1);
    }
    for (const domain::WorkNews& work : news.work) {
      work_.Add({WordOf<v1::WorkKind>(work.kind),
                 work.status == domain::WorkStatus::kOpen ? "open" : "done"},
                1);
    }
  }
  for (const auto& [kind, count] : kinds) {
    commands_.Add({WordOf<v1::EventKind>(kind)}, static_cast<double>(count));
  }
  AddAll(points, points_);
}

}  // namespace dangol::rpc
