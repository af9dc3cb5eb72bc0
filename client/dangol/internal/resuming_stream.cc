#include "dangol/internal/resuming_stream.h"

#include <utility>

namespace dangol::internal {

ResumingStream::ResumingStream(const Options& options,
                               std::shared_ptr<RetryEnvironment> environment, Open open,
                               v1::WatchEventsRequest request)
    : options_(options),
      environment_(std::move(environment)),
      open_(std::move(open)),
      request_(std::move(request)) {}

std::optional<v1::WatchEventsResponse> ResumingStream::Read() {
  while (EventStream* const stream = Current()) {
    if (std::optional<v1::WatchEventsResponse> response = stream->Read(); response.has_value()) {
      outage_.reset();
      request_.set_resume_token(response->resume_token());
      request_.clear_from_now();
      return response;
    }
    const absl::Status status = stream->Finish();
    {
      const absl::MutexLock lock(&mutex_);
      current_.reset();
    }
    if (status.ok() || !GoesOnAfter(status)) {
      end_ = status;
      return std::nullopt;
    }
  }
  end_ = absl::CancelledError("the stream was cancelled");
  return std::nullopt;
}

EventStream* ResumingStream::Current() {
  const absl::MutexLock lock(&mutex_);
  if (cancelled_) return nullptr;
  if (current_ == nullptr) current_ = open_(request_);
  return current_.get();
}

bool ResumingStream::GoesOnAfter(const absl::Status& status) {
  if (cancelled()) return false;
  if (!outage_.has_value()) outage_.emplace(options_, *environment_);
  const std::optional<absl::Duration> delay = outage_->AfterFailure(status);
  if (delay.has_value()) environment_->Sleep(*delay);
  return delay.has_value();
}

bool ResumingStream::cancelled() {
  const absl::MutexLock lock(&mutex_);
  return cancelled_;
}

void ResumingStream::Cancel() {
  const absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  if (current_ != nullptr) current_->Cancel();
}

absl::Status ResumingStream::Finish() { return end_; }

}  // namespace dangol::internal
