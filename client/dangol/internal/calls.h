#pragma once

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dangol/callback.h"
#include "dangol/internal/async_call.h"
#include "dangol/internal/call_metadata.h"
#include "dangol/internal/retry.h"
#include "dangol/internal/valid_until.h"
#include "dangol/options.h"

namespace dangol::internal {

// Makes the unary calls of a connection: each with a deadline and retries, whatever the RPC.
// Thread safe.
class Calls {
 public:
  Calls(Options options, std::shared_ptr<RetryEnvironment> environment);

  // What says who calls.
  CallMetadata& metadata() { return metadata_; }

  // Lets asynchronous calls go on until they have reported, with the stubs that they use.
  static void Retire(std::unique_ptr<Calls> calls, std::shared_ptr<const void> stubs);

  // Makes a call of `stub` and waits for it.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    Response response;
    // A copy only where it is changed.
    std::conditional_t<kHasValidUntil<Request>, Request, const Request&> sent = request;
    EnsureValidUntil(ValidUntil(), sent);
    const absl::Status status = Repeat([&](grpc::ClientContext* context) {
      response.Clear();
      return (stub.*method)(context, sent, &response);
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
    EnsureValidUntil(ValidUntil(), request);
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
  // When a call that begins now is given up; nothing where requests are not to be told.
  std::optional<absl::Time> ValidUntil() const {
    if (!options_.set_valid_until) return std::nullopt;
    return environment_->Now() + options_.deadline;
  }
  // Attempts a call until it succeeds, or fails for good.
  absl::Status Repeat(absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt);
  void StartRepeating(AsyncCall::Attempt attempt,
                      absl::AnyInvocable<void(const absl::Status&)> done);

  const Options options_;
  const std::shared_ptr<RetryEnvironment> environment_;
  CallMetadata metadata_;
  RunningCalls running_;
};

}  // namespace dangol::internal
