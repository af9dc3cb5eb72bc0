#include "server/rpc/purchase_stream.h"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "server/common/limits.h"
#include "server/rpc/convert_purchase.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;

// Reads ahead up to a limit, hands each purchase to the lane as it comes, and
// writes the answers in the order of the requests.
class PurchaseStream final : public grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>, public Stream {
 public:
  PurchaseStream(const Backend& backend, const Context& context, StreamRegistry& streams)
      : backend_(backend), context_(context), streams_(streams) {
    if (!streams_.Add(*this)) {
      Drain();
      return;
    }
    absl::MutexLock lock(&mutex_);
    Proceed();
  }

  void Drain() override {
    absl::MutexLock lock(&mutex_);
    end_status_ = ToGrpcStatus(lane::ShuttingDown());
    no_more_requests_ = true;
    Proceed();
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      absl::MutexLock lock(&mutex_);
      reading_ = false;
      no_more_requests_ = true;
      Proceed();
      return;
    }
    Accept();
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    Proceed();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) cancelled_ = no_more_requests_ = true;
    Proceed();
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    no_more_requests_ = true;
    Proceed();
  }

  void OnDone() override {
    streams_.Remove(*this);
    delete this;
  }

 private:
  struct Slot {
    std::string purchase_id;
    std::optional<absl::StatusOr<lane::Reply>> reply;
  };

  // Hands the request that was read to the lane.
  void Accept() {
    v1::StreamPurchasesRequest message;
    const absl::Status parsed = Parse(request_, message);
    absl::StatusOr<lane::Request> request = parsed.ok() ? ToRequest(message.purchase(), "purchase")
                                                        : absl::StatusOr<lane::Request>(parsed);
    auto slot = std::make_shared<Slot>();
    slot->purchase_id = message.purchase().purchase_id();
    {
      absl::MutexLock lock(&mutex_);
      slots_.push_back(slot);
    }
    if (!request.ok()) {
      Complete(*slot, request.status());
      return;
    }
    request->deadline = DeadlineOf(context_);
    request->done = [this, slot](absl::StatusOr<lane::Reply> reply) {
      Complete(*slot, std::move(reply));
    };
    backend_.lane.Submit(*std::move(request));
  }

  void Complete(Slot& slot, absl::StatusOr<lane::Reply> reply) {
    absl::MutexLock lock(&mutex_);
    slot.reply = std::move(reply);
    Proceed();
  }

  // Starts whatever can be started. The stream ends only when every purchase is
  // answered, so completions never outlive it.
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_) return;
    if (cancelled_) {
      while (!slots_.empty() && slots_.front()->reply.has_value()) slots_.pop_front();
    } else if (!writing_ && !slots_.empty() && slots_.front()->reply.has_value()) {
      WriteFront();
    }
    if (!reading_ && !no_more_requests_ && slots_.size() < limits::kMaxInFlightPerStream) {
      reading_ = true;
      request_.Clear();
      StartRead(&request_);
    }
    if (no_more_requests_ && slots_.empty() && !writing_) {
      finished_ = true;
      Finish(end_status_);
    }
  }

  void WriteFront() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Slot& slot = *slots_.front();
    v1::StreamPurchasesResponse response;
    response.set_purchase_id(slot.purchase_id);
    FillResult(*std::move(slot.reply), "purchase.", *response.mutable_result());
    response_ = ToByteBuffer(response.SerializeAsString());
    slots_.pop_front();
    writing_ = true;
    StartWrite(&response_);
  }

  Backend backend_;
  const Context& context_;
  StreamRegistry& streams_;
  ByteBuffer request_;  // Of the read under way.

  absl::Mutex mutex_;
  ByteBuffer response_ ABSL_GUARDED_BY(mutex_);  // Of the write under way.
  std::deque<std::shared_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);
  grpc::Status end_status_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool no_more_requests_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

bool StreamRegistry::Add(Stream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.insert(&stream);
  return !draining_;
}

void StreamRegistry::Remove(Stream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(&stream);
}

void StreamRegistry::Drain() {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
  for (Stream* stream : streams_) stream->Drain();
}

grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>* MakePurchaseStream(const Backend& backend,
                                                                    const Context& context,
                                                                    StreamRegistry& streams) {
  return new PurchaseStream(backend, context, streams);
}

void FillResult(absl::StatusOr<lane::Reply> reply, absl::string_view prefix,
                v1::RecordPurchaseResult& result) {
  if (reply.ok()) {
    result.mutable_response()->ParseFromString(
        WithReplayed(std::move(reply->encoded), reply->replayed));
  } else {
    *result.mutable_error() = ToRpcStatus(PrefixFields(reply.status(), prefix));
  }
}

}  // namespace dangol::rpc
