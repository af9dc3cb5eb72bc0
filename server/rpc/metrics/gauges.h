#ifndef DANGOL_SERVER_RPC_METRICS_GAUGES_H_
#define DANGOL_SERVER_RPC_METRICS_GAUGES_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace dangol::rpc {

// What is asked for when somebody looks: queues, the store, the process. Complete before the first
// look; thread-safe from then on.
class Gauges final : public prometheus::Collectable {
 public:
  using Value = std::function<double()>;

  void Add(std::string name, std::string help, Value value) {
    gauges_.push_back({std::move(name), std::move(help), std::move(value), false});
  }
  // What only ever grows.
  void AddCounter(std::string name, std::string help, Value value) {
    gauges_.push_back({std::move(name), std::move(help), std::move(value), true});
  }
  // 1, with this label.
  void AddInfo(const std::string& name, const std::string& help, const std::string& label,
               const std::string& value);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct Gauge {
    std::string name;
    std::string help;
    Value value;
    bool is_counter;
  };
  std::vector<Gauge> gauges_;
  std::vector<prometheus::MetricFamily> infos_;
};

// Those of this process, by the names that every Prometheus client library gives them.
void AddProcess(Gauges& gauges);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_METRICS_GAUGES_H_
