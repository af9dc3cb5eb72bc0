#include "server/rpc/purchase/purchase_stream.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/rpc/batch.h"
#include "server/rpc/purchase/convert_purchase.h"
#include "server/rpc/validation.h"

namespace dangol::rpc {
namespace {

using grpc::ByteBuffer;

// Reads ahead up to a limit, hands each purchase to the lane as it comes, and
// writes the answers in the order of the requests.
class PurchaseStream final : public grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>, public Stream {
 public:
  PurchaseStream(const Backend& backend, const Call& call) : backend_(backend), call_(call) {
    if (!backend_.calls.Add(*this)) {
      Drain();
      return;
    }
    Update([] {});
  }

  void Drain() override {
    Update([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      if (!finished_) end_status_ = ToGrpcStatus(lane::ShuttingDown());
      no_more_requests_ = true;
    });
  }

  void OnReadDone(bool ok) override {
    // A request that was read while the stream ended is dropped: its sender is
    // told nothing of it, as if it had not arrived.
    if (ok && BeginAccepting()) Accept();
    Update([this, ok]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      accepting_ = false;
      reading_ = false;
      no_more_requests_ = no_more_requests_ || !ok;
    });
  }

  void OnWriteDone(bool ok) override {
    Update([this, ok]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      writing_ = false;
      if (!ok) cancelled_ = no_more_requests_ = true;
    });
  }

  void OnCancel() override {
    Update([this]()
               ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { cancelled_ = no_more_requests_ = true; });
  }

  void OnDone() override {
    backend_.calls.Remove(*this);
    delete this;
  }

 private:
  struct Slot {
    std::string purchase_id;
    std::optional<absl::StatusOr<lane::Reply>> reply;
  };

  // False if the stream takes no more requests; otherwise it does not end before
  // the one at hand is accepted.
  bool BeginAccepting() {
    absl::MutexLock lock(&mutex_);
    accepting_ = !no_more_requests_;
    return accepting_;
  }

  // Hands the request that was read to the lane. Its slot keeps the stream from
  // ending until the lane has answered.
  void Accept() {
    if (const absl::Status known = IdentifyAgain(backend_.callers, call_); !known.ok()) {
      return Update([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        end_status_ = ToGrpcStatus(known);
        no_more_requests_ = true;
      });
    }
    v1::StreamPurchasesRequest message;
    absl::Status received = Receive(call_, request_, message);
    if (received.ok()) received = backend_.callers.Charge(*call_.caller).status();
    absl::StatusOr<lane::Request> request = received.ok()
                                                ? ToRequest(message.purchase(), Path("purchase"))
                                                : absl::StatusOr<lane::Request>(received);
    auto slot = std::make_shared<Slot>();
    slot->purchase_id = message.purchase().purchase_id();
    Update([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      slots_.push_back(slot);
      if (!request.ok()) slot->reply = request.status();
    });
    if (!request.ok()) return;
    request->command.principal = call_.caller->principal;
    request->deadline = DeadlineOf(call_);
    request->done = [this, slot](absl::StatusOr<lane::Reply> reply) {
      if (!reply.ok()) reply = PrefixFields(reply.status(), "purchase.");
      Update([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { slot->reply = std::move(reply); });
    };
    backend_.lanes.Submit(*std::move(request));
  }

  // Changes the state and starts whatever can then be started. The call is
  // finished outside of the lock: from then on this may be gone at any time.
  template <typename Change>
  void Update(Change change) {
    bool finish = false;
    {
      absl::MutexLock lock(&mutex_);
      change();
      finish = Proceed();
    }
    if (finish) Finish(end_status_);
  }

  // True once, when the stream is over: every request is answered, and no more
  // will come.
  bool Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_) return false;
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
    finished_ = no_more_requests_ && slots_.empty() && !writing_ && !accepting_;
    return finished_;
  }

  void WriteFront() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Slot& slot = *slots_.front();
    v1::StreamPurchasesResponse response;
    response.set_purchase_id(slot.purchase_id);
    FillResult(*std::move(slot.reply), *response.mutable_result());
    response_ = ToByteBuffer(response.SerializeAsString());
    slots_.pop_front();
    writing_ = true;
    StartWrite(&response_);
  }

  Backend backend_;
  Call call_;           // Its caller is used by one thread, that of reads.
  ByteBuffer request_;  // Of the read under way.

  absl::Mutex mutex_;
  ByteBuffer response_ ABSL_GUARDED_BY(mutex_);  // Of the write under way.
  std::deque<std::shared_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);
  grpc::Status end_status_;  // Not changed once finished_.
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool accepting_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool no_more_requests_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>* MakePurchaseStream(const Backend& backend,
                                                                    const Call& call) {
  return new PurchaseStream(backend, call);
}

}  // namespace dangol::rpc
