#include "tests/bench/h2_load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "tests/bench/arrivals.h"
#include "tests/bench/interrupt.h"

namespace dangol::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPrefixBytes = 5;

uint64_t Nanoseconds(Clock::duration duration) {
  return static_cast<uint64_t>(std::chrono::nanoseconds(duration).count());
}

timespec ToTimespec(Clock::duration duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(),
          .tv_nsec = std::chrono::nanoseconds(duration - seconds).count()};
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
      : options_(options),
        write_request_(write_request),
        check_reply_(check_reply),
        arrivals_(options.calls_per_second) {}
  ~Load() {
    if (epoll_ >= 0) close(epoll_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  absl::StatusOr<LoadResult> Run();

 private:
  bool is_open() const { return options_.calls_per_second > 0; }
  absl::Status Connect();
  absl::Status Loop();
  // Waits until something arrives or the next request is due.
  absl::StatusOr<int> Wait(std::vector<epoll_event>& events);
  absl::Status Serve(size_t index, uint32_t events);
  absl::Status Flush(size_t index);
  // Whether the run wants no request of this moment, nor of a later one.
  bool Finished(Clock::time_point moment) const;
  // Whether a request is due, now or later, for which there is a call.
  bool Awaits() const { return is_open() && !idle_.empty() && !Finished(due_); }
  absl::Status StartDue();
  void StartNext(size_t connection, H2Call& call, Clock::time_point due);
  void OnDone(size_t connection, H2Call& call);
  absl::Status Count(const H2Call& call);

  const LoadOptions& options_;
  const WriteRequest& write_request_;
  const CheckReply& check_reply_;
  Arrivals arrivals_;
  int epoll_ = -1;
  // Before the connections, which refer to them.
  std::deque<H2Call> calls_;
  std::vector<std::unique_ptr<H2Connection>> connections_;
  std::vector<bool> waits_to_write_;
  // In an open loop: calls, with their connections, that wait for a request.
  std::deque<std::pair<size_t, H2Call*>> idle_;
  Clock::time_point due_;  // The next request there.
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
  if (is_open()) due_ = begin_ + arrivals_.Next();
  for (int i = 0; i < options_.in_flight && !Finished(begin_); ++i) {
    const size_t connection = static_cast<size_t>(i) % connections_.size();
    H2Call& call = calls_.emplace_back();
    if (is_open()) {
      idle_.emplace_back(connection, &call);
    } else {
      StartNext(connection, call, Clock::now());
    }
  }
  RETURN_IF_ERROR(Loop());
  result_.elapsed = absl::FromChrono(last_ - begin_);
  return result_;
}

absl::Status Load::Connect() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return absl::ErrnoToStatus(errno, "epoll_create1");
  const auto connections = static_cast<size_t>(std::min(options_.connections, options_.in_flight));
  for (size_t i = 0; i < connections; ++i) {
    auto connection =
        H2Connection::Connect(options_.port, options_.path, options_.token,
                              [this, i](H2Connection& /*from*/, H2Call& call) { OnDone(i, call); });
    if (!connection.ok()) return connection.status();
    epoll_event event = {.events = EPOLLIN, .data = {.u64 = i}};
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, (*connection)->fd(), &event) != 0) {
      return absl::ErrnoToStatus(errno, "epoll_ctl");
    }
    connections_.push_back(*std::move(connection));
  }
  waits_to_write_.resize(connections_.size());
  return absl::OkStatus();
}

absl::Status Load::Loop() {
  for (size_t i = 0; i < connections_.size(); ++i) RETURN_IF_ERROR(Flush(i));
  std::vector<epoll_event> events(connections_.size());
  while (result_.calls < started_ || Awaits()) {
    RETURN_IF_ERROR(CheckInterrupt());
    ASSIGN_OR_RETURN(const int ready, Wait(events));
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      RETURN_IF_ERROR(Serve(event.data.u64, event.events));
    }
    RETURN_IF_ERROR(StartDue());
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Load::Wait(std::vector<epoll_event>& events) {
  const bool awaits = Awaits();
  const Clock::duration patience = awaits ? std::max(due_ - Clock::now(), Clock::duration::zero())
                                          : absl::ToChronoNanoseconds(options_.silence_max);
  const timespec timeout = ToTimespec(patience);
  const int ready =
      epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "epoll_pwait2");
  if (ready == 0 && !awaits) {
    return absl::DeadlineExceededError(
        absl::StrCat(options_.path, ": no reply for ", absl::FormatDuration(options_.silence_max)));
  }
  return ready;
}

absl::Status Load::Serve(size_t index, uint32_t events) {
  if (events & ~uint32_t{EPOLLOUT}) {
    RETURN_IF_ERROR(connections_[index]->Receive());
  }
  if (!failure_.ok()) return failure_;
  return Flush(index);
}

absl::Status Load::Flush(size_t index) {
  H2Connection& connection = *connections_[index];
  RETURN_IF_ERROR(connection.Send());
  if (connection.blocked() == waits_to_write_[index]) return absl::OkStatus();
  waits_to_write_[index] = connection.blocked();
  epoll_event change = {.events = EPOLLIN | (connection.blocked() ? EPOLLOUT : 0u),
                        .data = {.u64 = index}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd(), &change);
  return absl::OkStatus();
}

bool Load::Finished(Clock::time_point moment) const {
  return started_ >= options_.calls_max || absl::FromChrono(moment - begin_) >= options_.duration;
}

absl::Status Load::StartDue() {
  const Clock::time_point now = Clock::now();
  bool started = false;
  while (Awaits() && due_ <= now) {
    const auto [connection, call] = idle_.front();
    idle_.pop_front();
    StartNext(connection, *call, due_);
    due_ = begin_ + arrivals_.Next();
    started = true;
  }
  if (!failure_.ok()) return failure_;
  for (size_t i = 0; started && i < connections_.size(); ++i) RETURN_IF_ERROR(Flush(i));
  return absl::OkStatus();
}

void Load::StartNext(size_t connection, H2Call& call, Clock::time_point due) {
  call.number = started_++;
  call.started = due;
  call.body.assign(kPrefixBytes, 0);
  write_request_(call.number, &call.body);
  WritePrefix(call.body);
  failure_.Update(connections_[connection]->Start(call));
}

void Load::OnDone(size_t connection, H2Call& call) {
  last_ = Clock::now();
  ++result_.calls;
  ++result_.by_status[static_cast<size_t>(call.grpc_status)];
  result_.latency.Add(Nanoseconds(last_ - call.started));
  failure_.Update(Count(call));
  if (is_open()) {
    idle_.emplace_back(connection, &call);
  } else if (failure_.ok() && !Finished(last_)) {
    StartNext(connection, call, last_);
  }
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

absl::StatusOr<LoadResult> RunCleanLoad(const LoadOptions& options,
                                        const WriteRequest& write_request,
                                        const CheckReply& check_reply) {
  ASSIGN_OR_RETURN(LoadResult result, RunLoad(options, write_request, check_reply));
  if (result.ok() == result.calls) return result;
  return absl::InternalError(absl::StrCat(result.calls - result.ok(), " of ", result.calls,
                                          " calls failed; the first: ", result.first_error));
}

}  // namespace dangol::bench
