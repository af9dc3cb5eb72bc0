#ifndef DANGOL_SERVER_RPC_SERVER_H_
#define DANGOL_SERVER_RPC_SERVER_H_

#include <grpcpp/impl/service_type.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/rpc/call_log.h"
#include "server/rpc/handling.h"
#include "server/rpc/metrics/call_metrics.h"
#include "server/rpc/open_calls.h"
#include "server/rpc/tls/certificate_watch.h"

namespace dangol::rpc {

// The gRPC server with every service of the API, health and reflection.
// Thread-safe.
class Server {
 public:
  // Listens at "HOST:PORT"; port 0 lets the system choose. In TLS with these
  // certificates, which outlive the server; in plain text where they are null. Calls are seen by
  // `log`, and counted by `metrics`, which outlive it as well; null: they are not.
  // UNAVAILABLE if the address cannot be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::string& address,
                                                       const Backend& backend,
                                                       const CertificateWatch* certificates,
                                                       CallLog& log, CallMetrics* metrics);

  ~Server();

  // Where it listens, with the port that was chosen.
  const std::string& address() const { return address_; }

  // What health tells, of the server and of each of its services, which all need the store: whether
  // calls can be expected to succeed. They are answered in any case.
  void SetServing(bool serving);

  // Accepts no more calls, lets those that are accepted finish, and cancels the rest
  // at the deadline. Who watches the server's health is told, and cancelled after
  // the others.
  void Drain(absl::Time deadline);

 private:
  explicit Server(OpenCalls& calls) : calls_(calls) {}

  std::string address_;
  OpenCalls& calls_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;  // Asked for as long as it listens.
  std::vector<std::string> service_names_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_SERVER_H_
