#include "dangol/internal/retry.h"

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "dangol/error.h"

namespace dangol::internal {
namespace {

class SystemEnvironment : public RetryEnvironment {
 public:
  absl::Time Now() override { return absl::Now(); }

  // gRPC connects and shakes hands only while some thread polls, and while it has no connection a
  // call fails without that. Who sleeps here would never see a server again that speaks TLS.
  void Sleep(absl::Duration delay) override {
    grpc::CompletionQueue queue;
    void* tag = nullptr;
    bool ok = false;
    queue.AsyncNext(&tag, &ok, absl::ToChronoTime(absl::Now() + delay));  // Nothing comes.
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
  }

  void RunAfter(absl::Duration delay, absl::AnyInvocable<void()> action) override {
    // The alarm owns the callback, so the callback has to end the alarm.
    auto* alarm = new grpc::Alarm();
    auto shared_action = std::make_shared<absl::AnyInvocable<void()>>(std::move(action));
    const std::function<void(bool)> fire = [alarm, shared_action](bool) {
      (*shared_action)();
      delete alarm;
    };
    alarm->Set(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(delay), fire);
  }

  double Uniform() override {
    thread_local absl::BitGen generator;
    return absl::Uniform(generator, 0.0, 1.0);
  }
};

}  // namespace

std::shared_ptr<RetryEnvironment> SystemRetryEnvironment() {
  static const auto* const environment =
      new std::shared_ptr<RetryEnvironment>(std::make_shared<SystemEnvironment>());
  return *environment;
}

RetryState::RetryState(const Options& options, RetryEnvironment& environment)
    : options_(options),
      environment_(environment),
      deadline_(environment.Now() + options.deadline),
      backoff_(options.initial_backoff) {}

std::optional<absl::Duration> RetryState::AfterFailure(const absl::Status& error) {
  ++failures_;
  if (!IsTransient(error) || failures_ >= options_.max_attempts) return std::nullopt;

  // The server's delay is a floor; the jitter on top keeps the callers that it
  // turned away together from coming back together.
  absl::Duration delay = std::min(backoff_, options_.max_backoff) * environment_.Uniform();
  delay += RetryDelay(error).value_or(absl::ZeroDuration());
  backoff_ = std::min(backoff_ * options_.backoff_multiplier, options_.max_backoff);

  if (environment_.Now() + delay >= deadline_) return std::nullopt;
  return delay;
}

}  // namespace dangol::internal
