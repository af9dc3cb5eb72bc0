#include "dangol/internal/grpc_connection.h"

#include <grpc/grpc.h>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/grpc_library.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "dangol/internal/grpc_status.h"
#include "dangol/internal/resuming_stream.h"
#include "dangol/internal/tls.h"

namespace dangol::internal {
namespace {

// gRPC's own pause before it dials again grows to two minutes; ours must not
// outlast the retries of a call.
constexpr int kFirstReconnectMs = 100;
constexpr int kLastReconnectMs = 1000;
// Who waits for events has nothing to say for hours: a server that vanished without a word is
// noticed so soon.
constexpr int kKeepaliveMs = 30'000;
// How long one attempt to connect may take.
constexpr int kConnectMs = 5000;

class GrpcPurchaseStream : public PurchaseStream {
 public:
  GrpcPurchaseStream(std::shared_ptr<Stubs> stubs, CallMetadata& metadata)
      : stubs_(std::move(stubs)),
        known_(metadata.AddTo(context_)),
        stream_(stubs_->purchase_service->StreamPurchases(&context_)) {
    if (!known_.ok()) context_.TryCancel();
  }

  // gRPC insists that a stream is finished before it goes; who drops one early
  // has no use for what is still to come.
  ~GrpcPurchaseStream() override {
    if (finished_) return;
    context_.TryCancel();
    v1::StreamPurchasesResponse response;
    while (stream_->Read(&response)) {
    }
    stream_->Finish();
  }

  bool Write(const v1::Purchase& purchase) override {
    v1::StreamPurchasesRequest request;
    *request.mutable_purchase() = purchase;
    return stream_->Write(request);
  }

  void WritesDone() override { stream_->WritesDone(); }

  std::optional<v1::StreamPurchasesResponse> Read() override {
    v1::StreamPurchasesResponse response;
    if (!stream_->Read(&response)) return std::nullopt;
    return response;
  }

  absl::Status Finish() override {
    finished_ = true;
    const absl::Status status = ToStatus(stream_->Finish());
    return known_.ok() ? status : known_;
  }

 private:
  grpc::ClientContext context_;
  const std::shared_ptr<Stubs> stubs_;
  const absl::Status known_;  // Not where there is no token to send.
  const std::unique_ptr<
      grpc::ClientReaderWriterInterface<v1::StreamPurchasesRequest, v1::StreamPurchasesResponse>>
      stream_;
  bool finished_ = false;
};

// Breaks when its connection does.
class GrpcEventStream : public EventStream {
 public:
  GrpcEventStream(std::shared_ptr<Stubs> stubs, CallMetadata& metadata,
                  const v1::WatchEventsRequest& request)
      : stubs_(std::move(stubs)),
        known_(metadata.AddTo(context_)),
        stream_(stubs_->event_service->WatchEvents(&context_, request)) {
    if (!known_.ok()) context_.TryCancel();
  }

  ~GrpcEventStream() override {
    if (finished_) return;
    context_.TryCancel();
    while (Read().has_value()) {
    }
    stream_->Finish();
  }

  std::optional<v1::WatchEventsResponse> Read() override {
    v1::WatchEventsResponse response;
    if (!stream_->Read(&response)) return std::nullopt;
    return response;
  }

  void Cancel() override { context_.TryCancel(); }

  absl::Status Finish() override {
    finished_ = true;
    const absl::Status status = ToStatus(stream_->Finish());
    return known_.ok() ? status : known_;
  }

 private:
  grpc::ClientContext context_;
  const std::shared_ptr<Stubs> stubs_;
  const absl::Status known_;  // Not where there is no token to send.
  const std::unique_ptr<grpc::ClientReaderInterface<v1::WatchEventsResponse>> stream_;
  bool finished_ = false;
};

// Fails every call with this error.
std::shared_ptr<grpc::Channel> MakeFailingChannel(const std::string& endpoint,
                                                  const absl::Status& error) {
  const grpc::GrpcLibraryCodegen library;
  return grpc::CreateChannelInternal(
      endpoint,
      grpc_lame_client_channel_create(endpoint.c_str(), static_cast<grpc_status_code>(error.code()),
                                      std::string(error.message()).c_str()),
      {});
}

// Whether nothing that is sent there leaves the machine: every address is a loopback one.
bool IsLocal(absl::string_view endpoint) {
  if (absl::StartsWith(endpoint, "unix:")) return true;
  for (const absl::string_view scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"}) {
    if (absl::ConsumePrefix(&endpoint, scheme)) break;
  }
  const std::vector<absl::string_view> addresses = absl::StrSplit(endpoint, ',');
  return std::all_of(addresses.begin(), addresses.end(), [](absl::string_view address) {
    const absl::string_view host = address.substr(0, address.rfind(':'));
    return host == "localhost" || host == "[::1]" ||
           (absl::StartsWith(host, "127.") &&
            host.find_first_not_of("0123456789.") == absl::string_view::npos);
  });
}

std::shared_ptr<grpc::Channel> MakeChannel(const Options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_reply_bytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLastReconnectMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  // Over all servers that a name has, such as dns:///dangold:7420, or a list, as ipv4:A:P,B:P.
  arguments.SetLoadBalancingPolicyName("round_robin");
  if (!options.user_agent.empty()) arguments.SetUserAgentPrefix(options.user_agent);
  if (options.tls.has_value() && !options.tls->server_name.empty()) {
    arguments.SetSslTargetNameOverride(options.tls->server_name);
  }
  if (!options.token_file.empty() && !options.tls.has_value() && !IsLocal(options.endpoint)) {
    return MakeFailingChannel(
        options.endpoint, absl::FailedPreconditionError(
                              "a token would be sent in plain text; set tls beside token_file"));
  }
  const auto credentials = MakeCredentials(options.tls);
  if (!credentials.ok()) return MakeFailingChannel(options.endpoint, credentials.status());
  return grpc::CreateCustomChannel(options.endpoint, *credentials, arguments);
}

}  // namespace

GrpcConnection::GrpcConnection(const Options& options,
                               std::shared_ptr<RetryEnvironment> environment)
    : GrpcRpcs(MakeChannel(options), std::make_unique<Calls>(options, environment)),
      options_(options),
      environment_(std::move(environment)) {}

std::unique_ptr<PurchaseStream> GrpcConnection::StreamPurchases() {
  return std::make_unique<GrpcPurchaseStream>(stubs(), calls().metadata());
}

std::unique_ptr<EventStream> GrpcConnection::WatchEvents(const v1::WatchEventsRequest& request) {
  return std::make_unique<ResumingStream>(
      options_, environment_,
      [self = shared_from_this()](
          const v1::WatchEventsRequest& again) -> std::unique_ptr<EventStream> {
        return std::make_unique<GrpcEventStream>(self->stubs(), self->calls().metadata(), again);
      },
      request);
}

}  // namespace dangol::internal

namespace dangol {

std::shared_ptr<Connection> MakeConnection(Options options) {
  return std::make_shared<internal::GrpcConnection>(options, internal::SystemRetryEnvironment());
}

}  // namespace dangol
