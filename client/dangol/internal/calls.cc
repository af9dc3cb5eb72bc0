#include "dangol/internal/calls.h"

#include <optional>
#include <thread>

#include "dangol/internal/grpc_status.h"

namespace dangol::internal {

Calls::Calls(Options options, std::shared_ptr<RetryEnvironment> environment)
    : options_(std::move(options)), environment_(std::move(environment)), metadata_(options_) {}

void Calls::Retire(std::unique_ptr<Calls> calls, std::shared_ptr<const void> stubs) {
  if (calls->running_.idle()) return;
  // This may be such a call's own callback, where waiting would never end.
  std::thread([calls = std::move(calls), stubs = std::move(stubs)] {
    calls->running_.WaitUntilIdle();
  }).detach();
}

absl::Status Calls::Repeat(absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt) {
  RetryState retry(options_, *environment_);
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(retry.deadline()));
    if (absl::Status known = metadata_.AddTo(context); !known.ok()) return known;
    absl::Status status = ToStatus(attempt(&context));
    if (status.ok()) return status;
    const std::optional<absl::Duration> delay = retry.AfterFailure(status);
    if (!delay.has_value()) return status;
    environment_->Sleep(*delay);
  }
}

void Calls::StartRepeating(AsyncCall::Attempt attempt,
                           absl::AnyInvocable<void(const absl::Status&)> done) {
  std::make_shared<AsyncCall>(options_, *environment_, metadata_, running_, std::move(attempt),
                              std::move(done))
      ->Start();
}

}  // namespace dangol::internal
