#pragma once

#include <memory>

#include "dangol/connection.h"
#include "dangol/internal/grpc_rpcs.h"
#include "dangol/internal/retry.h"

namespace dangol::internal {

// The connection that programs use: one gRPC channel to options.endpoint, every call with a
// deadline and retries. Asynchronous calls outlive it, until they have reported. Thread safe.
class GrpcConnection : public GrpcRpcs, public std::enable_shared_from_this<GrpcConnection> {
 public:
  GrpcConnection(const Options& options, std::shared_ptr<RetryEnvironment> environment);

  std::unique_ptr<PurchaseStream> StreamPurchases() override;
  std::unique_ptr<EventStream> WatchEvents(const v1::WatchEventsRequest& request) override;

 private:
  const Options options_;
  const std::shared_ptr<RetryEnvironment> environment_;
};

}  // namespace dangol::internal
