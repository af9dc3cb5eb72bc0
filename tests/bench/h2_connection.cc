#include "tests/bench/h2_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"

namespace dangol::bench {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;
// So large that the generator never holds the server up.
constexpr int32_t kWindowBytes = (1 << 30) - 1;

absl::string_view View(const uint8_t* data, size_t length) {
  return {reinterpret_cast<const char*>(data), length};
}

// The strings must outlive the header, which refers to them.
nghttp2_nv Header(absl::string_view name, absl::string_view value) {
  auto* name_bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data()));
  auto* value_bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data()));
  return {name_bytes, value_bytes, name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

absl::Status Http2Error(absl::string_view what, ssize_t code) {
  return absl::InternalError(
      absl::StrCat("HTTP/2, ", what, ": ", nghttp2_strerror(static_cast<int>(code))));
}

H2Call* CallOf(nghttp2_session* session, int32_t stream) {
  return static_cast<H2Call*>(nghttp2_session_get_stream_user_data(session, stream));
}

}  // namespace

absl::StatusOr<std::unique_ptr<H2Connection>> H2Connection::Connect(int port,
                                                                    absl::string_view path,
                                                                    absl::string_view token,
                                                                    OnDone on_done) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "socket");
  // Owns the socket from here on.
  std::unique_ptr<H2Connection> connection(
      new H2Connection(fd, port, path, token, std::move(on_done)));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("connect to port ", port));
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  RETURN_IF_ERROR(connection->Handshake());
  return connection;
}

H2Connection::H2Connection(int fd, int port, absl::string_view path, absl::string_view token,
                           OnDone on_done)
    : fd_(fd),
      authority_(absl::StrCat("127.0.0.1:", port)),
      path_(path),
      authorization_(absl::StrCat("Bearer ", token)),
      on_done_(std::move(on_done)),
      headers_{Header(":method", "POST"),
               Header(":scheme", "http"),
               Header(":path", path_),
               Header(":authority", authority_),
               Header("content-type", "application/grpc"),
               Header("te", "trailers")},
      in_(kBufferBytes) {
  if (!token.empty()) headers_.push_back(Header("authorization", authorization_));
}

H2Connection::~H2Connection() {
  nghttp2_session_del(session_);
  close(fd_);
}

absl::Status H2Connection::Handshake() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
  const int made = nghttp2_session_client_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  if (made != 0) return Http2Error("new session", made);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes},
  };
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
  return Send();
}

absl::Status H2Connection::Start(H2Call& call) {
  call.sent = 0;
  call.grpc_status = kNoGrpcStatus;
  call.grpc_message.clear();
  call.reply.clear();
  nghttp2_data_provider provider = {};
  provider.source.ptr = &call;
  provider.read_callback = ReadBody;
  const int32_t stream =
      nghttp2_submit_request(session_, nullptr, headers_.data(), headers_.size(), &provider, &call);
  return stream > 0 ? absl::OkStatus() : Http2Error("new stream", stream);
}

absl::Status H2Connection::Receive() {
  while (true) {
    const ssize_t got = recv(fd_, in_.data(), in_.size(), MSG_DONTWAIT);
    if (got == 0) return absl::UnavailableError("the server closed the connection");
    if (got < 0) {
      if (errno == EAGAIN) return absl::OkStatus();
      if (errno == EINTR) continue;
      return absl::ErrnoToStatus(errno, "receive");
    }
    const ssize_t used = nghttp2_session_mem_recv(session_, in_.data(), static_cast<size_t>(got));
    if (used < 0) return Http2Error("receive", used);
    // A read that does not fill the buffer has emptied the socket.
    if (static_cast<size_t>(got) < in_.size()) return absl::OkStatus();
  }
}

absl::Status H2Connection::Send() {
  while (true) {
    if (!blocked()) {
      RETURN_IF_ERROR(Gather());
      if (out_.empty()) return absl::OkStatus();
    }
    const ssize_t sent =
        send(fd_, out_.data() + unsent_, out_.size() - unsent_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN) return absl::OkStatus();
      if (errno == EINTR) continue;
      return absl::ErrnoToStatus(errno, "send");
    }
    unsent_ += static_cast<size_t>(sent);
  }
}

absl::Status H2Connection::Gather() {
  out_.clear();
  unsent_ = 0;
  while (out_.size() < kBufferBytes) {
    const uint8_t* data = nullptr;
    const ssize_t length = nghttp2_session_mem_send(session_, &data);
    if (length < 0) return Http2Error("send", length);
    if (length == 0) break;
    absl::StrAppend(&out_, View(data, static_cast<size_t>(length)));
  }
  return absl::OkStatus();
}

ssize_t H2Connection::ReadBody(nghttp2_session* /*session*/, int32_t /*stream*/, uint8_t* buffer,
                               size_t length, uint32_t* flags, nghttp2_data_source* source,
                               void* /*user*/) {
  H2Call& call = *static_cast<H2Call*>(source->ptr);
  const size_t part = std::min(length, call.body.size() - call.sent);
  std::memcpy(buffer, call.body.data() + call.sent, part);
  call.sent += part;
  if (call.sent == call.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(part);
}

int H2Connection::OnHeader(nghttp2_session* session, const nghttp2_frame* frame,
                           const uint8_t* name, size_t name_length, const uint8_t* value,
                           size_t value_length, uint8_t /*flags*/, void* /*user*/) {
  const absl::string_view key = View(name, name_length);
  if (key != "grpc-status" && key != "grpc-message") return 0;
  H2Call* call = CallOf(session, frame->hd.stream_id);
  if (call == nullptr) return 0;
  const absl::string_view text = View(value, value_length);
  if (key == "grpc-message") {
    call->grpc_message = std::string(text);
    return 0;
  }
  int status = kNoGrpcStatus;
  if (absl::SimpleAtoi(text, &status) && status >= 0 && status < kNoGrpcStatus) {
    call->grpc_status = status;
  }
  return 0;
}

int H2Connection::OnData(nghttp2_session* session, uint8_t /*flags*/, int32_t stream,
                         const uint8_t* data, size_t length, void* /*user*/) {
  if (H2Call* call = CallOf(session, stream)) {
    call->reply.append(reinterpret_cast<const char*>(data), length);
  }
  return 0;
}

int H2Connection::OnClose(nghttp2_session* session, int32_t stream, uint32_t error, void* user) {
  H2Call* call = CallOf(session, stream);
  if (call == nullptr) return 0;
  // gRPC resets a stream with NO_ERROR when it answers before it has read all.
  if (error != NGHTTP2_NO_ERROR && call->grpc_status == 0) call->grpc_status = kNoGrpcStatus;
  H2Connection& self = *static_cast<H2Connection*>(user);
  self.on_done_(self, *call);
  return 0;
}

}  // namespace dangol::bench
