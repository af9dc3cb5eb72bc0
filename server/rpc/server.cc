#include "server/rpc/server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/rpc/services.h"
#include "server/rpc/tls/tls_credentials.h"

namespace dangol::rpc {
namespace {

// How long gRPC's own services may take to send what they have to say at the end.
constexpr absl::Duration kFarewell = absl::Milliseconds(200);

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::string& address,
                                                      const Backend& backend,
                                                      const CertificateWatch* certificates,
                                                      CallLog& log, CallMetrics* metrics) {
  // What matters of its errors comes back as a status.
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_verbosity(static_cast<gpr_log_severity>(GPR_LOG_SEVERITY_ERROR + 1));
  grpc::EnableDefaultHealthCheckService(true);
  static const bool reflection_registered = [] {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)reflection_registered;

  std::unique_ptr<Server> server(new Server(backend.calls));
  grpc::ServerBuilder builder;
  // Without this a second server on the same port would silently share it.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits::kMaxStreamsPerConnection);
  // Clients that only wait ask now and then whether the server is still there, and so does it.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(limits::kMinPingInterval)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(limits::kKeepalive)));
  builder.AddChannelArgument(
      GRPC_ARG_MAX_CONNECTION_AGE_MS,
      static_cast<int>(absl::ToInt64Milliseconds(limits::kMaxConnectionAge)));
  builder.SetMaxReceiveMessageSize(limits::kMaxMessageBytes);
  grpc::ResourceQuota quota("dangold");
  quota.Resize(limits::kMaxTransportBytes);
  builder.SetResourceQuota(quota);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> creators;
  creators.push_back(log.MakeInterceptors());
  if (metrics != nullptr) creators.push_back(metrics->MakeInterceptors());
  builder.experimental().SetInterceptorCreators(std::move(creators));
  int port = 0;
  server->credentials_ = certificates != nullptr ? MakeTlsCredentials(*certificates)
                                                 : grpc::InsecureServerCredentials();
  builder.AddListeningPort(address, server->credentials_, &port);
  for (ServiceTable& table : Services()) {
    server->service_names_.push_back(table.name);
    server->services_.push_back(MakeService(backend, std::move(table)));
  }
  for (const std::unique_ptr<grpc::Service>& service : server->services_)
    builder.RegisterService(service.get());
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || port == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen at ", address, "; is the port in use?"));
  }
  server->address_ = absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  return server;
}

Server::~Server() { Drain(absl::Now()); }

void Server::SetServing(bool serving) {
  auto* const health = server_->GetHealthCheckService();
  if (health == nullptr) return;
  for (const std::string& service : service_names_) health->SetServingStatus(service, serving);
  health->SetServingStatus(serving);
}

void Server::Drain(absl::Time deadline) {
  if (server_ == nullptr) return;
  SetServing(false);
  calls_.Drain(deadline);
  // Who watches our health holds the call for ever, but shall hear that we end.
  const absl::Time farewell = std::min(deadline, absl::Now() + kFarewell);
  server_->Shutdown(absl::ToChronoTime(farewell));
  server_->Wait();
  server_ = nullptr;
}

}  // namespace dangol::rpc
