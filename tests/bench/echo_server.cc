#include "tests/bench/echo_server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <pthread.h>

#include <csignal>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "dangol/v1/points_service.grpc.pb.h"
#include "dangol/v1/purchase_service.grpc.pb.h"
#include "server/common/limits.h"

namespace dangol::bench {
namespace {

template <typename Message>
absl::Status ReadMessage(const std::string& path, Message& message) {
  std::ifstream file(path, std::ios::binary);
  if (!message.ParseFromIstream(&file)) {
    return absl::InvalidArgumentError(absl::StrCat("no serialized reply in ", path));
  }
  return absl::OkStatus();
}

template <typename Request>
grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext& context,
                                 const grpc::ByteBuffer& request,
                                 const google::protobuf::Message& reply, grpc::ByteBuffer& bytes) {
  Request message;
  grpc::ByteBuffer copy(request);  // The reader wants to own one; slices are shared.
  grpc::ProtoBufferReader reader(&copy);
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  if (!message.ParseFromZeroCopyStream(&reader)) {
    reactor->Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "not the request"));
    return reactor;
  }
  const grpc::Slice slice(reply.SerializeAsString());
  bytes = grpc::ByteBuffer(&slice, 1);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

class EchoPurchases final : public v1::PurchaseService::WithRawCallbackMethod_RecordPurchase<
                                v1::PurchaseService::Service> {
 public:
  grpc::ServerUnaryReactor* RecordPurchase(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* reply) override {
    return Answer<v1::RecordPurchaseRequest>(*context, *request, reply_, *reply);
  }

  v1::RecordPurchaseResponse reply_;
};

class EchoPoints final
    : public v1::PointsService::WithRawCallbackMethod_GetBalance<v1::PointsService::Service> {
 public:
  grpc::ServerUnaryReactor* GetBalance(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* reply) override {
    return Answer<v1::GetBalanceRequest>(*context, *request, reply_, *reply);
  }

  v1::GetBalanceResponse reply_;
};

}  // namespace

absl::Status RunEchoServer(const EchoOptions& options) {
  EchoPurchases purchases;
  EchoPoints points;
  absl::Status read = ReadMessage(options.purchase_reply, purchases.reply_);
  read.Update(ReadMessage(options.balance_reply, points.reply_));
  if (!read.ok()) return read;

#ifdef NDEBUG
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As dangold does.
#endif
  // Before gRPC starts its threads, which inherit the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(limits::kMaxMessageBytes);
  builder.AddListeningPort(absl::StrCat("127.0.0.1:", options.port),
                           grpc::InsecureServerCredentials());
  builder.RegisterService(&purchases);
  builder.RegisterService(&points);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot listen on port ", options.port));
  }
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown();
  return absl::OkStatus();
}

}  // namespace dangol::bench
