#include "server/rpc/method.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace dangol::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::ServiceDescriptor;
using grpc::ByteBuffer;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

// Does what protoc's generated services do, for a table.
class Service final : public grpc::Service {
 public:
  Service(const Backend& backend, const std::string& name, std::vector<Method> methods)
      : backend_(backend), methods_(std::move(methods)) {
    // gRPC keeps pointers to the names.
    for (Method& method : methods_) {
      method.name = absl::StrCat("/", name, "/", method.name);
    }
    for (size_t i = 0; i < methods_.size(); ++i) Add(static_cast<int>(i), methods_[i]);
  }

 private:
  void Add(int index, const Method& method) {
    const bool is_unary = std::holds_alternative<Unary>(method.call);
    AddMethod(new RpcServiceMethod(method.name.c_str(),
                                   is_unary ? RpcMethod::NORMAL_RPC : RpcMethod::BIDI_STREAMING,
                                   nullptr));
    if (is_unary) {
      const Unary& call = std::get<Unary>(method.call);
      MarkMethodRawCallback(
          index, new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                     [this, &call](Context* context, const ByteBuffer* in, ByteBuffer* out) {
                       return call(backend_, *context, *in, *out);
                     }));
    } else {
      const Bidi& call = std::get<Bidi>(method.call);
      MarkMethodRawCallback(
          index, new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                     [this, &call](Context* context) { return call(backend_, *context); }));
    }
  }

  Backend backend_;
  std::vector<Method> methods_;
};

void CheckTable(const std::string& name, const std::vector<Method>& methods) {
  const ServiceDescriptor* const service =
      DescriptorPool::generated_pool()->FindServiceByName(name);
  std::vector<std::string> of_api;
  for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
    of_api.push_back(service->method(i)->name());
  }
  std::vector<std::string> of_table;
  for (const Method& method : methods) of_table.push_back(method.name);
  std::sort(of_api.begin(), of_api.end());
  std::sort(of_table.begin(), of_table.end());
  if (of_api == of_table) return;
  spdlog::critical("the table of {} is not that of the API", name);
  std::abort();
}

}  // namespace

std::unique_ptr<grpc::Service> MakeService(const Backend& backend, const std::string& name,
                                           std::vector<Method> methods) {
  CheckTable(name, methods);
  return std::make_unique<Service>(backend, name, std::move(methods));
}

}  // namespace dangol::rpc
