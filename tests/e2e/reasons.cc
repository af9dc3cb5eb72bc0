#include "tests/e2e/reasons.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/client_interceptor.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "tests/support/documented_reasons.h"

namespace dangol::e2e {
namespace {

using grpc::experimental::InterceptionHookPoints;

const testing::DocumentedReasons& Documented() {
  static const auto* const documented =
      new testing::DocumentedReasons(testing::ReadDocumentedReasons());
  return *documented;
}

// What the server says of itself; empty where the error is gRPC's own.
std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return "";
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

class Interceptor : public grpc::experimental::Interceptor {
 public:
  explicit Interceptor(const char* method) : method_(absl::StripPrefix(method, "/")) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_STATUS)) {
      Check(*methods->GetRecvStatus());
    }
    methods->Proceed();
  }

 private:
  void Check(const grpc::Status& status) const {
    const std::string reason = ReasonOf(status);
    const auto documented = Documented().of_method.find(method_);
    if (reason.empty() || documented == Documented().of_method.end()) return;
    EXPECT_TRUE(documented->second.contains(reason) || Documented().of_any.contains(reason))
        << method_ << " was refused for " << reason << ", which its documentation does not name";
  }

  const std::string method_;
};

class Factory : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo* info) override {
    return new Interceptor(info->method());
  }
};

}  // namespace

void CheckReasonsOfRefusals() {
  [[maybe_unused]] static const bool registered = [] {
    grpc::experimental::RegisterGlobalClientInterceptorFactory(new Factory());
    return true;
  }();
}

}  // namespace dangol::e2e
