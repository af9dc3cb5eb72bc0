#ifndef DANGOL_SERVER_RPC_OPEN_CALLS_H_
#define DANGOL_SERVER_RPC_OPEN_CALLS_H_

#include <grpcpp/support/server_callback.h>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dangol::rpc {

// What can be asked to end when the server shuts down.
class Stream {
 public:
  virtual ~Stream() = default;

  // Takes no more requests, answers those it has, and ends.
  virtual void Drain() = 0;
};

// The calls of our services that are accepted and not over. gRPC's own services
// (health, reflection) have calls that end only when their caller does, so a server
// that shuts down waits for these and not for those. Thread-safe.
class OpenCalls {
 public:
  // The reactor of a new call, which is open until gRPC has sent its answer. Null
  // once Drain was called.
  grpc::ServerUnaryReactor* Open();

  // False once Drain was called: the stream must drain itself. It is open all the
  // same, up to Remove.
  bool Add(Stream& stream);
  void Remove(Stream& stream);

  // Opens no more, drains every stream, and returns when no call is open any more,
  // or at the deadline.
  void Drain(absl::Time deadline);

 private:
  class Unary;

  void Close();
  bool None() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return unary_ == 0 && streams_.empty();
  }

  absl::Mutex mutex_;
  int unary_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_set<Stream*> streams_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_OPEN_CALLS_H_
