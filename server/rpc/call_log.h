#ifndef DANGOL_SERVER_RPC_CALL_LOG_H_
#define DANGOL_SERVER_RPC_CALL_LOG_H_

#include <grpcpp/support/server_interceptor.h>

#include <atomic>
#include <cstdint>
#include <memory>

// Calls in the log: a line for each that ends by a fault of the server, at most ten a second, and
// for one in so many of the others. A line has the method, how the call ended, how long it took,
// the id of its request, and the caller's trace; nothing else of what was asked or answered. A
// caller who sends a trace gets it back, and so does who meets with a fault, so that it can be
// found in the log.
namespace dangol::rpc {

// Thread-safe.
class CallLog {
 public:
  // Of `one_in` calls that are no fault of the server one is logged; 0: none is.
  explicit CallLog(int64_t one_in) : one_in_(one_in) {}

  // What sees every call of a server. This must outlive the server.
  std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeInterceptors();

 private:
  class Interceptor;
  class Factory;

  // Whether to log a call that ended so.
  bool Wants(bool is_fault);

  const int64_t one_in_;
  std::atomic<int64_t> calls_{0};
  std::atomic<int64_t> second_{0};  // In which faults were logged last, and how many.
  std::atomic<int64_t> faults_{0};
};

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CALL_LOG_H_
