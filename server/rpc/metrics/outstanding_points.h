#ifndef DANGOL_SERVER_RPC_METRICS_OUTSTANDING_POINTS_H_
#define DANGOL_SERVER_RPC_METRICS_OUTSTANDING_POINTS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/common/clock.h"
#include "server/domain/program/in_use.h"
#include "server/lane/read_pool.h"

namespace dangol::rpc {

// What members have of each wallet, as it is stored: the liability in points. It takes reading
// every account, so it is read again when somebody looks, every ten minutes at most, and what is
// told is what the look before has found. Thread-safe.
class OutstandingPoints final : public prometheus::Collectable,
                                public std::enable_shared_from_this<OutstandingPoints> {
 public:
  // Both must outlive every look.
  OutstandingPoints(lane::ReadPool& reads, const Clock& clock) : reads_(reads), clock_(clock) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  void Note(const absl::StatusOr<std::vector<domain::InUse>>& found) const;

  lane::ReadPool& reads_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  mutable absl::Time asked_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  mutable std::vector<domain::InUse> wallets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_METRICS_OUTSTANDING_POINTS_H_
