#ifndef DANGOL_SERVER_RPC_METRICS_METRICS_H_
#define DANGOL_SERVER_RPC_METRICS_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/rpc/metrics/call_metrics.h"
#include "server/rpc/metrics/lane_metrics.h"

namespace dangol::rpc {

// What a server measures of itself, and the HTTP page /metrics at which Prometheus reads it. None
// of it names a member. Thread-safe.
class Metrics {
 public:
  Metrics() : calls_(*registry_), lanes_(*registry_) {}

  CallMetrics& calls() { return calls_; }
  LaneMetrics& lanes() { return lanes_; }

  // Listens at "HOST:PORT", and tells these as well. What they ask must outlive this, or Stop.
  // UNAVAILABLE if the address cannot be had. Where it listens, with the port that was chosen.
  absl::StatusOr<std::string> Listen(const std::string& address,
                                     std::vector<std::shared_ptr<prometheus::Collectable>> also);

  // Listens no more.
  void Stop() { exposer_.reset(); }

 private:
  const std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  CallMetrics calls_;
  LaneMetrics lanes_;
  std::vector<std::shared_ptr<prometheus::Collectable>> also_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_METRICS_METRICS_H_
