#ifndef DANGOL_SERVER_RPC_METRICS_CALL_METRICS_H_
#define DANGOL_SERVER_RPC_METRICS_CALL_METRICS_H_

#include <grpcpp/support/server_interceptor.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace dangol::rpc {

// How often each method is called, how that ends and how long it takes: the server's metrics of
// gRPC's proposal A66, by their names. Methods that are none of ours nor of health and reflection
// are one, "other". Thread-safe.
class CallMetrics {
 public:
  // `registry` must outlive this, and this every call.
  explicit CallMetrics(prometheus::Registry& registry);

  // What sees every call of a server.
  std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptors();

 private:
  class Interceptor;
  class Factory;
  static constexpr int kCodes = 17;

  // Of one method.
  struct Method {
    std::string name;
    prometheus::Counter* started = nullptr;
    std::array<std::atomic<prometheus::Histogram*>, kCodes> ended = {};  // By status, once there.
  };

  void AddMethod(const std::string& name);
  Method& Find(absl::string_view path);
  void OnEnded(Method& method, int code, double seconds);

  prometheus::Family<prometheus::Counter>& started_;
  prometheus::Family<prometheus::Histogram>& ended_;
  absl::flat_hash_map<std::string, std::unique_ptr<Method>> methods_;  // Not changed once made.
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_METRICS_CALL_METRICS_H_
