#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dangol/event_stream.h"
#include "dangol/internal/retry.h"
#include "dangol/options.h"

namespace dangol::internal {

// An event stream made of several: where one breaks, the next goes on after what was read.
class ResumingStream final : public EventStream {
 public:
  // Begins a stream that breaks when its connection does.
  using Open = std::function<std::unique_ptr<EventStream>(const v1::WatchEventsRequest& request)>;

  ResumingStream(const Options& options, std::shared_ptr<RetryEnvironment> environment, Open open,
                 v1::WatchEventsRequest request);

  std::optional<v1::WatchEventsResponse> Read() override;
  void Cancel() override;
  absl::Status Finish() override;

 private:
  // The stream to read from; null where it was cancelled.
  EventStream* Current();
  bool cancelled();
  // Waits, where it is worth another try.
  bool GoesOnAfter(const absl::Status& status);

  const Options options_;
  const std::shared_ptr<RetryEnvironment> environment_;
  const Open open_;
  v1::WatchEventsRequest request_;
  std::optional<RetryState> outage_;  // Under way.
  absl::Status end_;

  absl::Mutex mutex_;
  std::unique_ptr<EventStream> current_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dangol::internal
