#include "server/rpc/event/event_stream.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "dangol/v1/event_service.pb.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/event/watch.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;

absl::Status TooManyFollow() {
  ErrorDetails details;
  details.reason = "TOO_MANY_STREAMS";
  details.retry_delay = limits::kLogFollowerRetry;
  return MakeError(absl::StatusCode::kResourceExhausted,
                   absl::StrCat("this server tells ", limits::kMaxLogFollowers,
                                " streams of events already; ask another one, or share a stream"),
                   details);
}

// Does one thing at a time, and each ends by starting the next: it reads the log, writes what it
// found, or waits for the bell. So what it works with needs no lock; only whether it is to end is
// said by others.
class EventStream final : public WriteReactor, public Stream {
 public:
  EventStream(const Backend& backend, const Call& call, const ByteBuffer& in)
      : backend_(backend), call_(call) {
    const bool is_open = backend_.calls.Add(*this);
    has_joined_ = backend_.bell.Join();
    absl::Status status = is_open ? Parse(in) : lane::ShuttingDown();
    if (status.ok() && !has_joined_) status = TooManyFollow();
    if (status.ok()) {
      Read();
    } else {
      End(status);
    }
  }

  void Drain() override { EndSoon(lane::ShuttingDown()); }

  void OnCancel() override { EndSoon(absl::CancelledError("the caller has gone")); }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the caller has gone"));
    Read();
  }

  void OnDone() override {
    if (has_joined_) backend_.bell.Leave();
    backend_.calls.Remove(*this);
    delete this;
  }

 private:
  absl::Status Parse(const ByteBuffer& in) {
    RETURN_IF_ERROR(Receive(call_, in, request_));
    ASSIGN_OR_RETURN(watch_, EventWatch::Parse(request_));
    return absl::OkStatus();
  }

  // Whoever waits for the bell is woken by it.
  void EndSoon(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      if (!ending_.has_value()) ending_ = status;
    }
    backend_.bell.Ring();
  }

  // The last thing that is done.
  void End(const absl::Status& status) { Finish(ToGrpcStatus(status)); }

  std::optional<absl::Status> ending() {
    absl::MutexLock lock(&mutex_);
    return ending_;
  }

  void Read() {
    if (const std::optional<absl::Status> status = ending(); status.has_value()) {
      return End(*status);
    }
    // What is committed from here on rings after this.
    rung_ = backend_.bell.rung();
    backend_.reads.Run([this](absl::StatusOr<storage::Reader*> reader) {
      v1::WatchEventsResponse response;
      const absl::Status status = reader.ok() ? ReadFrom(**reader, response) : reader.status();
      if (!status.ok()) return End(status);
      GoOn(std::move(response));
    });
  }

  absl::Status ReadFrom(storage::Reader& reader, v1::WatchEventsResponse& response) {
    if (!std::exchange(begun_, true)) RETURN_IF_ERROR(watch_->Begin(reader));
    return watch_->Read(reader, response);
  }

  void GoOn(v1::WatchEventsResponse response) {
    const bool is_last = watch_->at_end() && watch_->until_now();
    const bool tells = response.events_size() > 0 || !has_told_ ||
                       watch_->skipped() > limits::kMaxSkippedEvents ||
                       (is_last && watch_->skipped() > 0);
    if (tells) return Write(std::move(response));
    if (is_last) return End(absl::OkStatus());
    if (!watch_->at_end()) return Read();
    backend_.bell.Await(rung_, [this] { Read(); });
  }

  void Write(v1::WatchEventsResponse response) {
    absl::Status known = IdentifyAgain(backend_.callers, call_);
    if (known.ok()) known = call_.gate.Authorize(*call_.caller, request_);
    if (!known.ok()) return End(known);
    has_told_ = true;
    response.set_resume_token(watch_->TakeToken());
    response_ = ToByteBuffer(response.SerializeAsString());
    StartWrite(&response_);
  }

  Backend backend_;
  Call call_;
  v1::WatchEventsRequest request_;
  std::optional<EventWatch> watch_;  // There unless the request is refused.
  bool has_joined_ = false;
  bool begun_ = false;
  bool has_told_ = false;
  uint64_t rung_ = 0;
  ByteBuffer response_;  // Of the write under way.

  absl::Mutex mutex_;
  std::optional<absl::Status> ending_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

WriteReactor* MakeEventStream(Backend& backend, const Call& call, const ByteBuffer& in) {
  return new EventStream(backend, call, in);
}

}  // namespace dangol::rpc
