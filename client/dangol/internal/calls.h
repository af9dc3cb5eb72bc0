#pragma once

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dangol/callback.h"
#include "dangol/internal/async_call.h"
#include "dangol/internal/retry.h"
#include "dangol/options.h"

namespace dangol::internal {

// Makes the unary calls of a connection: each with a deadline and retries, whatever the RPC.
// Thread safe.
class Calls {
 public:
  Calls(Options options, std::shared_ptr<RetryEnvironment> environment);

  // Lets asynchronous calls go on until they have reported, with the stubs that they use.
  static void Retire(std::unique_ptr<Calls> calls, std::shared_ptr<const void> stubs);

  // Makes a call of `stub` and waits for it.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    Response response;
    const absl::Status status = Repeat([&](grpc::ClientContext* context) {
      response.Clear();
      return (stub.*method)(context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  // The same without a thread that waits.
  template <typename Stub, typename Async, typename Request, typename Response>
  void Start(Stub& stub,
             void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                   std::function<void(grpc::Status)>),
             Request request, Callback<Response> done) {
    const auto sent = std::make_shared<const Request>(std::move(request));
    const auto response = std::make_shared<Response>();
    StartRepeating(
        [&stub, method, sent, response](grpc::ClientContext* context,
                                        std::function<void(grpc::Status)> finished) {
          response->Clear();
          (stub.async()->*method)(context, sent.get(), response.get(), std::move(finished));
        },
        [response, done = std::move(done)](const absl::Status& status) mutable {
          if (status.ok()) {
            done(std::move(*response));
          } else {
            done(status);
          }
        });
  }

 private:
  // Attempts a call until it succeeds, or fails for good.
  absl::Status Repeat(absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt);
  void StartRepeating(AsyncCall::Attempt attempt,
                      absl::AnyInvocable<void(const absl::Status&)> done);

  const Options options_;
  const std::shared_ptr<RetryEnvironment> environment_;
  RunningCalls running_;
};

}  // namespace dangol::internal
