#pragma once

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "dangol/internal/call_metadata.h"
#include "dangol/internal/grpc_status.h"
#include "dangol/internal/retry.h"
#include "dangol/options.h"

namespace dangol::internal {

// How many asynchronous calls of a connection are under way. gRPC must not
// lose its channel on a thread on which it runs callbacks, so a call does not
// keep the channel alive; whoever owns it waits here instead. Thread safe.
class RunningCalls {
 public:
  void Began() {
    const absl::MutexLock lock(&mutex_);
    ++count_;
  }
  void Ended() {
    const absl::MutexLock lock(&mutex_);
    --count_;
  }
  bool idle() const {
    const absl::MutexLock lock(&mutex_);
    return count_ == 0;
  }
  void WaitUntilIdle() const {
    const auto none = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return count_ == 0; };
    const absl::MutexLock lock(&mutex_, absl::Condition(&none));
  }

 private:
  mutable absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

// One asynchronous unary call with its retries. It keeps itself alive until it
// has reported.
class AsyncCall : public std::enable_shared_from_this<AsyncCall> {
 public:
  // Begins one attempt.
  using Attempt = std::function<void(grpc::ClientContext*, std::function<void(grpc::Status)>)>;

  // All references must live until `running` is idle.
  AsyncCall(const Options& options, RetryEnvironment& environment, CallMetadata& metadata,
            RunningCalls& running, Attempt attempt,
            absl::AnyInvocable<void(const absl::Status&)> done)
      : environment_(environment),
        metadata_(metadata),
        running_(running),
        attempt_(std::move(attempt)),
        done_(std::move(done)),
        retry_(options, environment) {
    running_.Began();
  }

  void Start() {
    contexts_.push_back(std::make_unique<grpc::ClientContext>());
    contexts_.back()->set_deadline(absl::ToChronoTime(retry_.deadline()));
    const absl::Status known = metadata_.AddTo(*contexts_.back());
    if (!known.ok()) {
      // Not on the caller's own thread.
      environment_.RunAfter(absl::ZeroDuration(),
                            [self = shared_from_this(), known] { self->Finish(known); });
      return;
    }
    attempt_(contexts_.back().get(), [self = shared_from_this()](const grpc::Status& status) {
      self->Finish(ToStatus(status));
    });
  }

 private:
  void Finish(const absl::Status& status) {
    if (!status.ok()) {
      if (const std::optional<absl::Duration> delay = retry_.AfterFailure(status)) {
        environment_.RunAfter(*delay, [self = shared_from_this()] { self->Start(); });
        return;
      }
    }
    done_(status);
    // What the caller put into the callback, and the contexts, which hold the
    // channel, go before the owner of the channel is told.
    done_ = nullptr;
    contexts_.clear();
    running_.Ended();
  }

  RetryEnvironment& environment_;
  CallMetadata& metadata_;
  RunningCalls& running_;
  const Attempt attempt_;
  absl::AnyInvocable<void(const absl::Status&)> done_;
  RetryState retry_;
  // One for each attempt: the next one may begin before gRPC is done with the
  // callback of the last.
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts_;
};

}  // namespace dangol::internal
