#include "server/rpc/call_log.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/byte_buffer.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "server/rpc/trace.h"
#include "server/rpc/wire.h"

namespace dangol::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

constexpr int64_t kMaxFaultsPerSecond = 10;

bool IsFault(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS:
    case grpc::StatusCode::UNAVAILABLE:
      return true;
    default:
      return false;
  }
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return "";
  for (const google::protobuf::Any& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

// The id of a request, or of the purchase, return or reservation that it is about.
std::string IdIn(const Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  for (const char* const name : {"request_id", "purchase_id", "return_id", "reservation_id"}) {
    const FieldDescriptor* const field = type.FindFieldByName(name);
    if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
    std::string id = message.GetReflection()->GetString(message, field);
    if (!id.empty()) return id;
  }
  for (const char* const name : {"purchase", "return"}) {
    const FieldDescriptor* const field = type.FindFieldByName(name);
    if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->is_repeated()) continue;
    return IdIn(message.GetReflection()->GetMessage(message, field));
  }
  return "";
}

// `path` is "/dangol.v1.PointsService/GetBalance". Empty where it has none, or is none of ours.
std::string RequestIdOf(absl::string_view path, const grpc::ByteBuffer* request) {
  if (request == nullptr || path.empty()) return "";
  const MethodDescriptor* const method = DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(path.substr(1), {{"/", "."}}));
  if (method == nullptr) return "";
  const std::unique_ptr<Message> message(
      MessageFactory::generated_factory()->GetPrototype(method->input_type())->New());
  return Parse(*request, *message).ok() ? IdIn(*message) : "";
}

}  // namespace

// One call.
class CallLog::Interceptor final : public grpc::experimental::Interceptor {
 public:
  Interceptor(CallLog& log, ServerRpcInfo& info) : log_(log), info_(info) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      const auto* const metadata = methods->GetRecvInitialMetadata();
      const auto parent = metadata->find(kTraceparent);
      if (parent != metadata->end()) {
        trace_ = ParseTraceparent({parent->second.data(), parent->second.size()});
      }
    }
    // It stays there until the call is over. Those of a stream come and go.
    const bool is_unary = info_.type() == ServerRpcInfo::Type::UNARY;
    if (is_unary &&
        methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE)) {
      request_ = static_cast<const grpc::ByteBuffer*>(methods->GetRecvMessage());
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      End(*methods);
    }
    methods->Proceed();
  }

 private:
  void End(InterceptorBatchMethods& methods) {
    const grpc::Status status = methods.GetSendStatus();
    const bool is_fault = IsFault(status);
    const bool is_logged = log_.Wants(is_fault);
    if (!trace_.has_value() && (is_logged || is_fault)) trace_ = NewTrace();
    if (trace_.has_value()) {
      methods.GetSendTrailingMetadata()->emplace(kTraceresponse, TraceresponseOf(*trace_));
    }
    if (!is_logged) return;
    const std::string reason = ReasonOf(status);
    const std::string request_id = RequestIdOf(info_.method(), request_);
    spdlog::log(is_fault ? spdlog::level::warn : spdlog::level::info,
                "call of {}: {}{}{}, {:.3f} ms{}{}, trace {}", info_.method(),
                absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code())),
                reason.empty() ? "" : " ", reason,
                absl::ToDoubleMilliseconds(absl::Now() - started_),
                request_id.empty() ? "" : ", request ", request_id, trace_->trace_id);
  }

  CallLog& log_;
  ServerRpcInfo& info_;
  const absl::Time started_ = absl::Now();
  std::optional<Trace> trace_;
  const grpc::ByteBuffer* request_ = nullptr;
};

class CallLog::Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(CallLog& log) : log_(log) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    return new Interceptor(log_, *info);
  }

 private:
  CallLog& log_;
};

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> CallLog::MakeInterceptors() {
  return std::make_unique<Factory>(*this);
}

bool CallLog::Wants(bool is_fault) {
  if (!is_fault) {
    return one_in_ > 0 && calls_.fetch_add(1, std::memory_order_relaxed) % one_in_ == 0;
  }
  const int64_t second = absl::ToUnixSeconds(absl::Now());
  if (second_.exchange(second, std::memory_order_relaxed) != second) {
    faults_.store(0, std::memory_order_relaxed);
  }
  return faults_.fetch_add(1, std::memory_order_relaxed) < kMaxFaultsPerSecond;
}

}  // namespace dangol::rpc
