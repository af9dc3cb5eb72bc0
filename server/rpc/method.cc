#include "server/rpc/method.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"

namespace dangol::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::ServiceDescriptor;
using grpc::ByteBuffer;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

// Says no to a call of a stream, and goes.
template <typename Reactor>
class RefusedStream final : public Reactor {
 public:
  explicit RefusedStream(const absl::Status& status) { this->Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

grpc::ServerUnaryReactor* Refuse(Context& context, const absl::Status& status) {
  grpc::ServerUnaryReactor* const reactor = context.DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

// One line a second at most: whoever knocks must not fill the log.
void LogRefusal(const Context& context, const Gate& gate, const absl::Status& status) {
  static std::atomic<int64_t> last_second{0};
  const int64_t second = absl::ToUnixSeconds(absl::Now());
  if (last_second.exchange(second, std::memory_order_relaxed) == second) return;
  spdlog::warn("{} by {} is refused: {}: {}", gate.method(), context.peer(),
               DetailsOf(status).reason, std::string(status.message()));
}

// The call, where its caller is known and may call the method at all.
absl::StatusOr<Call> Begin(Backend& backend, Context& context, const Gate& gate) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Caller> caller, backend.callers.Identify(context));
  // What is refused costs as well.
  ASSIGN_OR_RETURN(const std::optional<int64_t> left, backend.callers.Charge(*caller));
  if (left.has_value()) context.AddTrailingMetadata(kCallsLeft, absl::StrCat(*left));
  RETURN_IF_ERROR(gate.Admit(*caller));
  return Call{context, std::move(caller), gate};
}

// Does what protoc's generated services do, for a table.
class Service final : public grpc::Service {
 public:
  Service(const Backend& backend, ServiceTable table)
      : backend_(backend), table_(std::move(table)) {
    const ServiceDescriptor& of_api =
        *DescriptorPool::generated_pool()->FindServiceByName(table_.name);
    gates_.reserve(table_.methods.size());
    for (Method& method : table_.methods) {
      gates_.push_back(std::make_unique<Gate>(absl::StrCat(of_api.name(), "/", method.name),
                                              *method.access,
                                              *of_api.FindMethodByName(method.name)->input_type()));
      // gRPC keeps pointers to the names.
      method.name = absl::StrCat("/", table_.name, "/", method.name);
    }
    for (size_t i = 0; i < table_.methods.size(); ++i) Add(i);
  }

 private:
  void Add(size_t i) {
    const Method& method = table_.methods[i];
    const int index = static_cast<int>(i);
    const Gate& gate = *gates_[i];
    const auto add = [&](RpcMethod::RpcType type) {
      AddMethod(new RpcServiceMethod(method.name.c_str(), type, nullptr));
    };
    if (const auto* unary = std::get_if<Unary>(&method.call)) {
      add(RpcMethod::NORMAL_RPC);
      AddUnary(index, *unary, gate);
    } else if (const auto* watch = std::get_if<Watch>(&method.call)) {
      add(RpcMethod::SERVER_STREAMING);
      AddWatch(index, *watch, gate);
    } else {
      add(RpcMethod::BIDI_STREAMING);
      AddBidi(index, std::get<Bidi>(method.call), gate);
    }
  }

  void AddUnary(int index, const Unary& handle, const Gate& gate) {
    MarkMethodRawCallback(
        index, new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                   [this, &handle, &gate](Context* context, const ByteBuffer* in, ByteBuffer* out) {
                     const absl::StatusOr<Call> call = Begin(backend_, *context, gate);
                     if (!call.ok()) {
                       LogRefusal(*context, gate, call.status());
                       return Refuse(*context, call.status());
                     }
                     return handle(backend_, *call, *in, *out);
                   }));
  }

  void AddWatch(int index, const Watch& handle, const Gate& gate) {
    MarkMethodRawCallback(
        index, new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
                   [this, &handle, &gate](Context* context, const ByteBuffer* in) -> WriteReactor* {
                     const absl::StatusOr<Call> call = Begin(backend_, *context, gate);
                     if (!call.ok()) {
                       LogRefusal(*context, gate, call.status());
                       return new RefusedStream<WriteReactor>(call.status());
                     }
                     return handle(backend_, *call, *in);
                   }));
  }

  void AddBidi(int index, const Bidi& handle, const Gate& gate) {
    MarkMethodRawCallback(index, new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                                     [this, &handle, &gate](Context* context) -> BidiReactor* {
                                       const absl::StatusOr<Call> call =
                                           Begin(backend_, *context, gate);
                                       if (!call.ok()) {
                                         LogRefusal(*context, gate, call.status());
                                         return new RefusedStream<BidiReactor>(call.status());
                                       }
                                       return handle(backend_, *call);
                                     }));
  }

  Backend backend_;
  ServiceTable table_;
  std::vector<std::unique_ptr<Gate>> gates_;  // One for each method.
};

void CheckTable(const ServiceTable& table) {
  const ServiceDescriptor* const service =
      DescriptorPool::generated_pool()->FindServiceByName(table.name);
  std::vector<std::string> of_api;
  for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
    of_api.push_back(service->method(i)->name());
  }
  std::vector<std::string> of_table;
  for (const Method& method : table.methods) {
    if (method.access.has_value()) of_table.push_back(method.name);
  }
  std::sort(of_api.begin(), of_api.end());
  std::sort(of_table.begin(), of_table.end());
  if (of_api == of_table) return;
  spdlog::critical("the table of {} is not that of the API, or says not who may call what",
                   table.name);
  std::abort();
}

}  // namespace

std::unique_ptr<grpc::Service> MakeService(const Backend& backend, ServiceTable table) {
  CheckTable(table);
  return std::make_unique<Service>(backend, std::move(table));
}

}  // namespace dangol::rpc
