#include "server/rpc/metrics/call_metrics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/rpc/services.h"

namespace dangol::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

constexpr char kOther[] = "other";

// The bounds that A66 recommends, in seconds, as far as they say anything of a server that answers
// within milliseconds.
const prometheus::Histogram::BucketBoundaries& Bounds() {
  static const auto* const bounds = new prometheus::Histogram::BucketBoundaries{
      0.0003, 0.0006, 0.001, 0.002, 0.003, 0.005, 0.008, 0.013, 0.02,
      0.04,   0.08,   0.13,  0.2,   0.4,   0.8,   1.6,   3.2,   10};
  return *bounds;
}

std::string CodeName(int code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

}  // namespace

// One call. It goes when the call is over, however that was.
class CallMetrics::Interceptor final : public grpc::experimental::Interceptor {
 public:
  Interceptor(CallMetrics& metrics, Method& method) : metrics_(metrics), method_(method) {
    method_.started->Increment();
  }

  ~Interceptor() override {
    metrics_.OnEnded(method_, code_, absl::ToDoubleSeconds(absl::Now() - started_));
  }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      code_ = methods->GetSendStatus().error_code();
    }
    methods->Proceed();
  }

 private:
  CallMetrics& metrics_;
  Method& method_;
  const absl::Time started_ = absl::Now();
  int code_ = grpc::StatusCode::CANCELLED;  // Where no status is ever sent.
};

class CallMetrics::Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(CallMetrics& metrics) : metrics_(metrics) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    return new Interceptor(metrics_, metrics_.Find(info->method()));
  }

 private:
  CallMetrics& metrics_;
};

CallMetrics::CallMetrics(prometheus::Registry& registry)
    : started_(prometheus::BuildCounter()
                   .Name("grpc_server_call_started_total")
                   .Help("Calls that have begun, by method.")
                   .Register(registry)),
      ended_(
          prometheus::BuildHistogram()
              .Name("grpc_server_call_duration_seconds")
              .Help("How long calls took, by method and by how they ended. A stream is one call.")
              .Register(registry)) {
  for (const ServiceTable& service : Services()) {
    for (const rpc::Method& method : service.methods) {
      AddMethod(absl::StrCat(service.name, "/", method.name));
    }
  }
  AddMethod("grpc.health.v1.Health/Check");
  AddMethod("grpc.health.v1.Health/Watch");
  AddMethod(kOther);
}

void CallMetrics::AddMethod(const std::string& name) {
  auto method = std::make_unique<Method>();
  method->name = name;
  method->started = &started_.Add({{"grpc_method", name}});
  methods_.emplace(name, std::move(method));
}

CallMetrics::Method& CallMetrics::Find(absl::string_view path) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  const auto method = methods_.find(path);
  return method == methods_.end() ? *methods_.at(kOther) : *method->second;
}

void CallMetrics::OnEnded(Method& method, int code, double seconds) {
  std::atomic<prometheus::Histogram*>& place =
      method.ended.at(static_cast<size_t>(std::clamp(code, 0, kCodes - 1)));
  prometheus::Histogram* histogram = place.load(std::memory_order_acquire);
  if (histogram == nullptr) {
    // The same for whoever comes at the same moment.
    histogram =
        &ended_.Add({{"grpc_method", method.name}, {"grpc_status", CodeName(code)}}, Bounds());
    place.store(histogram, std::memory_order_release);
  }
  histogram->Observe(seconds);
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
CallMetrics::MakeInterceptors() {
  return std::make_unique<Factory>(*this);
}

}  // namespace dangol::rpc
