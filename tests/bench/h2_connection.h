#ifndef DANGOL_TESTS_BENCH_H2_CONNECTION_H_
#define DANGOL_TESTS_BENCH_H2_CONNECTION_H_

#include <nghttp2/nghttp2.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dangol::bench {

// The grpc-status of a call that ended without one.
inline constexpr int kNoGrpcStatus = 17;

// One unary call. Its owner keeps it alive until it is done, and may then use
// it again.
struct H2Call {
  // The request as gRPC frames it: 5 bytes of prefix, then the message.
  std::string body;
  uint64_t number = 0;
  // From when its latency counts; its owner's.
  std::chrono::steady_clock::time_point started;

  // The answer.
  int grpc_status = kNoGrpcStatus;
  std::string grpc_message;
  std::string reply;  // Framed likewise.

  // How much of the body is sent.
  size_t sent = 0;
};

// A clear-text HTTP/2 connection to a gRPC server on loopback, on which many
// unary calls of one method run at once. Non-blocking: its owner waits on fd()
// and calls Receive() and Send(). Not thread-safe.
class H2Connection {
 public:
  // Runs once for each call, when it is over; may start the next.
  using OnDone = std::function<void(H2Connection&, H2Call&)>;

  // `token` is sent with each call, unless it is empty.
  static absl::StatusOr<std::unique_ptr<H2Connection>> Connect(int port, absl::string_view path,
                                                               absl::string_view token,
                                                               OnDone on_done);
  ~H2Connection();
  H2Connection(const H2Connection&) = delete;
  H2Connection& operator=(const H2Connection&) = delete;

  // Queues a call; Send() sends it.
  absl::Status Start(H2Call& call);

  // Reads all that has arrived and finishes the calls that it completes.
  // UNAVAILABLE when the server closed the connection.
  absl::Status Receive();

  // Writes what is queued, as far as the socket takes it.
  absl::Status Send();

  int fd() const { return fd_; }
  // Whether Send() is to be called again once the socket takes more.
  bool blocked() const { return unsent_ < out_.size(); }

 private:
  H2Connection(int fd, int port, absl::string_view path, absl::string_view token, OnDone on_done);
  absl::Status Handshake();
  // Moves what HTTP/2 has to say into out_, up to a buffer full.
  absl::Status Gather();

  static ssize_t ReadBody(nghttp2_session* session, int32_t stream, uint8_t* buffer, size_t length,
                          uint32_t* flags, nghttp2_data_source* source, void* user);
  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name,
                      size_t name_length, const uint8_t* value, size_t value_length, uint8_t flags,
                      void* user);
  static int OnData(nghttp2_session* session, uint8_t flags, int32_t stream, const uint8_t* data,
                    size_t length, void* user);
  static int OnClose(nghttp2_session* session, int32_t stream, uint32_t error, void* user);

  const int fd_;
  const std::string authority_;
  const std::string path_;
  const std::string authorization_;
  const OnDone on_done_;
  nghttp2_session* session_ = nullptr;
  std::vector<nghttp2_nv> headers_;
  std::vector<uint8_t> in_;
  std::string out_;
  size_t unsent_ = 0;  // Where the unsent part of out_ begins.
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_H2_CONNECTION_H_
