#include "tests/bench/h2_load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "tests/bench/interrupt.h"

namespace dangol::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPrefixBytes = 5;
constexpr int kSilenceMsMax = 30'000;

uint64_t Nanoseconds(Clock::duration duration) {
  return static_cast<uint64_t>(std::chrono::nanoseconds(duration).count());
}

// gRPC's frame: a byte that says whether it is compressed, the length, the
// message.
void WritePrefix(std::string& body) {
  const auto length = static_cast<uint32_t>(body.size() - kPrefixBytes);
  body[0] = 0;
  for (int byte = 0; byte < 4; ++byte) {
    body[static_cast<size_t>(byte + 1)] = static_cast<char>(length >> (24 - 8 * byte));
  }
}

absl::StatusOr<absl::string_view> Unframe(absl::string_view reply) {
  if (reply.size() < kPrefixBytes || reply[0] != 0) {
    return absl::DataLossError("a reply is not one uncompressed gRPC message");
  }
  uint32_t length = 0;
  for (size_t byte = 1; byte < kPrefixBytes; ++byte) {
    length = length << 8 | static_cast<uint8_t>(reply[byte]);
  }
  if (reply.size() != kPrefixBytes + length) {
    return absl::DataLossError("a reply is not as long as it says");
  }
  return reply.substr(kPrefixBytes);
}

// One run, on one thread.
class Load {
 public:
  Load(const LoadOptions& options, const WriteRequest& write_request, const CheckReply& check_reply)
      : options_(options), write_request_(write_request), check_reply_(check_reply) {}
  ~Load() {
    if (epoll_ >= 0) close(epoll_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  absl::StatusOr<LoadResult> Run();

 private:
  absl::Status Connect();
  absl::Status Loop();
  absl::Status Serve(H2Connection& connection, uint32_t events);
  bool Finished(Clock::time_point now) const;
  void StartNext(H2Connection& connection, H2Call& call);
  void OnDone(H2Connection& connection, H2Call& call);
  absl::Status Count(const H2Call& call);

  const LoadOptions& options_;
  const WriteRequest& write_request_;
  const CheckReply& check_reply_;
  int epoll_ = -1;
  // Before the connections, which refer to them.
  std::deque<H2Call> calls_;
  std::vector<std::unique_ptr<H2Connection>> connections_;
  std::vector<bool> waits_to_write_;
  uint64_t started_ = 0;
  Clock::time_point begin_;
  Clock::time_point last_;
  // The first error that a callback met, which cannot return it.
  absl::Status failure_;
  LoadResult result_;
};

absl::StatusOr<LoadResult> Load::Run() {
  RETURN_IF_ERROR(Connect());
  begin_ = last_ = Clock::now();
  for (int i = 0; i < options_.in_flight && !Finished(begin_); ++i) {
    calls_.emplace_back();
    StartNext(*connections_[static_cast<size_t>(i) % connections_.size()], calls_.back());
  }
  RETURN_IF_ERROR(Loop());
  result_.elapsed = absl::FromChrono(last_ - begin_);
  return result_;
}

absl::Status Load::Connect() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return absl::ErrnoToStatus(errno, "epoll_create1");
  const int connections = std::min(options_.connections, options_.in_flight);
  for (int i = 0; i < connections; ++i) {
    auto connection =
        H2Connection::Connect(options_.port, options_.path,
                              [this](H2Connection& from, H2Call& call) { OnDone(from, call); });
    if (!connection.ok()) return connection.status();
    epoll_event event = {.events = EPOLLIN, .data = {.u32 = static_cast<uint32_t>(i)}};
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, (*connection)->fd(), &event) != 0) {
      return absl::ErrnoToStatus(errno, "epoll_ctl");
    }
    connections_.push_back(*std::move(connection));
  }
  waits_to_write_.resize(connections_.size());
  return absl::OkStatus();
}

absl::Status Load::Loop() {
  for (const auto& connection : connections_) {
    RETURN_IF_ERROR(connection->Send());
  }
  std::vector<epoll_event> events(connections_.size());
  while (result_.calls < started_) {
    RETURN_IF_ERROR(CheckInterrupt());
    const int ready =
        epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kSilenceMsMax);
    if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "epoll_wait");
    if (ready == 0) {
      return absl::DeadlineExceededError(
          absl::StrCat(options_.path, ": no reply for ", kSilenceMsMax / 1000, " s"));
    }
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      const size_t index = event.data.u32;
      H2Connection& connection = *connections_[index];
      RETURN_IF_ERROR(Serve(connection, event.events));
      if (connection.blocked() == waits_to_write_[index]) continue;
      waits_to_write_[index] = connection.blocked();
      epoll_event change = event;
      change.events = EPOLLIN | (connection.blocked() ? EPOLLOUT : 0u);
      epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd(), &change);
    }
  }
  return absl::OkStatus();
}

absl::Status Load::Serve(H2Connection& connection, uint32_t events) {
  if (events & ~uint32_t{EPOLLOUT}) {
    RETURN_IF_ERROR(connection.Receive());
  }
  if (!failure_.ok()) return failure_;
  return connection.Send();
}

bool Load::Finished(Clock::time_point now) const {
  return started_ >= options_.calls_max || absl::FromChrono(now - begin_) >= options_.duration;
}

void Load::StartNext(H2Connection& connection, H2Call& call) {
  call.number = started_++;
  call.body.assign(kPrefixBytes, 0);
  write_request_(call.number, &call.body);
  WritePrefix(call.body);
  failure_.Update(connection.Start(call));
}

void Load::OnDone(H2Connection& connection, H2Call& call) {
  last_ = Clock::now();
  ++result_.calls;
  ++result_.by_status[static_cast<size_t>(call.grpc_status)];
  result_.latency.Add(Nanoseconds(last_ - call.started));
  failure_.Update(Count(call));
  if (failure_.ok() && !Finished(last_)) StartNext(connection, call);
}

absl::Status Load::Count(const H2Call& call) {
  if (call.grpc_status != 0) {
    if (result_.first_error.empty()) {
      result_.first_error = absl::StrCat(
          options_.path, " number ", call.number, ": grpc-status ",
          call.grpc_status == kNoGrpcStatus ? "missing" : absl::StrCat(call.grpc_status),
          call.grpc_message.empty() ? "" : ", ", call.grpc_message);
    }
    return absl::OkStatus();
  }
  if (check_reply_ == nullptr) return absl::OkStatus();
  const absl::StatusOr<absl::string_view> message = Unframe(call.reply);
  if (!message.ok()) return message.status();
  return check_reply_(call.number, *message);
}

}  // namespace

double LoadResult::Rate() const {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  return seconds > 0 ? static_cast<double>(ok()) / seconds : 0;
}

absl::StatusOr<LoadResult> RunLoad(const LoadOptions& options, const WriteRequest& write_request,
                                   const CheckReply& check_reply) {
  return Load(options, write_request, check_reply).Run();
}

}  // namespace dangol::bench
