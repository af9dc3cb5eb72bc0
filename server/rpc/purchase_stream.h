#ifndef DANGOL_SERVER_RPC_PURCHASE_STREAM_H_
#define DANGOL_SERVER_RPC_PURCHASE_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/rpc/handling.h"

namespace dangol::rpc {

// What can be asked to end when the server shuts down.
class Stream {
 public:
  virtual ~Stream() = default;

  // Takes no more requests, answers those it has, and ends.
  virtual void Drain() = 0;
};

// The streams that are open. Thread-safe.
class StreamRegistry {
 public:
  // False once Drain was called: the stream must drain itself.
  bool Add(Stream& stream);
  void Remove(Stream& stream);

  // Drains every stream.
  void Drain();

 private:
  absl::Mutex mutex_;
  absl::flat_hash_set<Stream*> streams_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

// A call of StreamPurchases. Owns itself, until gRPC is done with it.
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* MakePurchaseStream(
    const Backend& backend, const Context& context, StreamRegistry& streams);

// Turns the fate of one purchase among several into its message.
void FillResult(absl::StatusOr<lane::Reply> reply, v1::RecordPurchaseResult& result);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_PURCHASE_STREAM_H_
