// A request of any method, to a whole server on an embedded store: whatever bytes come, an answer
// goes back that is no fault of the server. The first byte chooses the method.

#include <google/protobuf/descriptor.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/clock.h"
#include "server/lane/lanes.h"
#include "server/lane/log_bell.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"
#include "server/rpc/access/callers.h"
#include "server/rpc/call_log.h"
#include "server/rpc/open_calls.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/program/sample_program.h"
#include "server/rpc/server.h"
#include "server/rpc/services.h"
#include "server/startup.h"
#include "server/storage/open_store.h"
#include "tests/support/temporary_directory.h"

namespace dangol {
namespace {

// Everything that a server is made of, in this process, and a channel to it.
class FuzzedServer {
 public:
  FuzzedServer()
      : store_(*storage::OpenStore("sqlite:" + directory_.File("fuzz.db"))),
        programs_(rpc::ParseProgram),
        lanes_({}, *store_, programs_, clock_),
        reads_({}, *store_, programs_, clock_),
        callers_(nullptr, clock_),
        log_(0) {
    const absl::Status ready =
        EnsureProgram("", rpc::SampleProgramText(), *store_, programs_, lanes_, clock_);
    if (!ready.ok()) std::abort();
    auto server = rpc::Server::Start(
        "127.0.0.1:0", rpc::Backend{callers_, lanes_, reads_, programs_, clock_, calls_, bell_},
        nullptr, log_, nullptr);
    if (!server.ok()) std::abort();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
    for (const rpc::ServiceTable& service : rpc::Services()) AddMethods(service);
  }

  void Call(uint8_t choice, const uint8_t* data, size_t size) {
    const std::string& name = methods_[choice % methods_.size()];
    const grpc::Slice slice(data, size);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    const grpc::Status status = grpc::internal::BlockingUnaryCall(
        channel_.get(),
        grpc::internal::RpcMethod(name.c_str(), grpc::internal::RpcMethod::NORMAL_RPC), &context,
        request, &response);
    const bool is_fault = status.error_code() == grpc::StatusCode::INTERNAL ||
                          status.error_code() == grpc::StatusCode::UNKNOWN ||
                          status.error_code() == grpc::StatusCode::UNAVAILABLE;
    if (!is_fault) return;
    std::fprintf(stderr, "%s: %s\n", name.c_str(), status.error_message().c_str());
    std::abort();
  }

 private:
  // Streams have no end of their own.
  void AddMethods(const rpc::ServiceTable& service) {
    const auto& of_api =
        *google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service.name);
    for (int i = 0; i < of_api.method_count(); ++i) {
      const auto& method = *of_api.method(i);
      if (method.client_streaming() || method.server_streaming()) continue;
      methods_.push_back(absl::StrCat("/", service.name, "/", method.name()));
    }
  }

  const testing::TemporaryDirectory directory_;
  const SystemClock clock_;
  std::unique_ptr<storage::Store> store_;
  lane::ProgramLibrary programs_;
  lane::LogBell bell_;
  lane::Lanes lanes_;
  lane::ReadPool reads_;
  rpc::Callers callers_;
  rpc::CallLog log_;
  rpc::OpenCalls calls_;
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::vector<std::string> methods_;
};

}  // namespace
}  // namespace dangol

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto* const server = new dangol::FuzzedServer();
  if (size > 0) server->Call(data[0], data + 1, size - 1);
  return 0;
}
