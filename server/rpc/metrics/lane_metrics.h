#ifndef DANGOL_SERVER_RPC_METRICS_LANE_METRICS_H_
#define DANGOL_SERVER_RPC_METRICS_LANE_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "server/lane/observer.h"

namespace dangol::rpc {

// Counters of one name, by the values of their labels. Thread-safe.
class LabelledCounters {
 public:
  LabelledCounters(prometheus::Registry& registry, const std::string& name, const std::string& help,
                   std::vector<std::string> labels);

  // `values` in the order of the labels.
  void Add(const std::vector<std::string>& values, double more);

 private:
  prometheus::Family<prometheus::Counter>& family_;
  const std::vector<std::string> labels_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::vector<std::string>, prometheus::Counter*> counters_
      ABSL_GUARDED_BY(mutex_);
};

// What the lanes do, and what comes of it: commands, points, tiers, awards, coupons and work, as
// the news of what was committed say. Thread-safe.
class LaneMetrics final : public lane::Observer {
 public:
  // `registry` must outlive this.
  explicit LaneMetrics(prometheus::Registry& registry);

  void OnCommitted(const lane::CommittedBatch& batch) override;
  void OnFault(const absl::Status& status) override;

 private:
  void CountNews(const storage::WriteSet& writes);

  prometheus::Histogram& batch_commands_;
  prometheus::Histogram& load_;
  prometheus::Histogram& decide_;
  prometheus::Histogram& write_;
  prometheus::Histogram& commit_;
  prometheus::Counter& recalled_;
  LabelledCounters faults_;
  LabelledCounters commands_;
  LabelledCounters points_;
  LabelledCounters tiers_;
  LabelledCounters awards_;
  LabelledCounters coupons_;
  LabelledCounters work_;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_METRICS_LANE_METRICS_H_
