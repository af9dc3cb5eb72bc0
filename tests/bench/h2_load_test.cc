#include "tests/bench/h2_load.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/bench/arrivals.h"

namespace dangol::bench {
namespace {

void WriteX(uint64_t /*number*/, std::string* body) { body->append("x"); }

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

// Answers a call with its own message, or refuses it where that is "refuse".
class EchoReactor final : public grpc::ServerGenericBidiReactor {
 public:
  EchoReactor() { StartRead(&message_); }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no message"));
    if (BytesOf(message_) == "refuse") {
      return Finish(grpc::Status(grpc::StatusCode::ALREADY_EXISTS, "refused"));
    }
    StartWriteAndFinish(&message_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer message_;
};

class EchoService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new EchoReactor;
  }
};

class H2LoadTest : public testing::Test {
 protected:
  H2LoadTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &options_.port);
    builder.RegisterCallbackGenericService(&service_);
    server_ = builder.BuildAndStart();
    options_.path = "/any.Service/Method";
  }

  LoadOptions options_;
  EchoService service_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(H2LoadTest, EveryRequestIsWhatTheCallbackWroteAndEveryReplyIsChecked) {
  options_.connections = 3;
  options_.in_flight = 16;
  options_.calls_max = 1'000;
  std::set<uint64_t> answered;
  const absl::StatusOr<LoadResult> result = RunLoad(
      options_,
      [](uint64_t number, std::string* body) { absl::StrAppend(body, "request ", number); },
      [&answered](uint64_t number, absl::string_view message) {
        EXPECT_EQ(message, absl::StrCat("request ", number));
        answered.insert(number);
        return absl::OkStatus();
      });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->calls, 1'000u);
  EXPECT_EQ(result->ok(), 1'000u);
  EXPECT_EQ(result->latency.count(), 1'000u);
  EXPECT_EQ(answered.size(), 1'000u);
  EXPECT_EQ(*answered.rbegin(), 999u);
}

TEST_F(H2LoadTest, StatusesAreCounted) {
  options_.in_flight = 8;
  options_.calls_max = 100;
  const absl::StatusOr<LoadResult> result =
      RunLoad(options_, [](uint64_t number, std::string* body) {
        body->append(number % 4 == 0 ? "refuse" : "accept");
      });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ok(), 75u);
  EXPECT_EQ(result->by_status[grpc::StatusCode::ALREADY_EXISTS], 25u);
  EXPECT_NE(result->first_error.find("grpc-status 6, refused"), std::string::npos)
      << result->first_error;
}

TEST_F(H2LoadTest, MessagesLargerThanABufferArrive) {
  options_.in_flight = 2;
  options_.calls_max = 6;
  const std::string large(300'000, 'x');
  const absl::StatusOr<LoadResult> result = RunLoad(
      options_, [&large](uint64_t /*number*/, std::string* body) { body->append(large); },
      [&large](uint64_t /*number*/, absl::string_view message) {
        EXPECT_EQ(message, large);
        return absl::OkStatus();
      });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ok(), 6u);
}

TEST_F(H2LoadTest, WhatTheCheckReturnsEndsTheRun) {
  options_.in_flight = 4;
  const absl::StatusOr<LoadResult> result =
      RunLoad(options_, WriteX, [](uint64_t number, absl::string_view /*message*/) {
        return number < 10 ? absl::OkStatus() : absl::DataLossError("wrong");
      });
  EXPECT_EQ(result.status(), absl::DataLossError("wrong"));
}

// Answers nobody before so many have called.
class GatheringService final : public grpc::CallbackGenericService {
 public:
  explicit GatheringService(size_t awaited) : awaited_(awaited) {}

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    auto* reactor = new Reactor;
    std::vector<Reactor*> gathered;
    {
      absl::MutexLock lock(&mutex_);
      waiting_.push_back(reactor);
      if (waiting_.size() < awaited_) return reactor;
      gathered.swap(waiting_);
    }
    for (Reactor* each : gathered) each->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  class Reactor final : public grpc::ServerGenericBidiReactor {
    void OnDone() override { delete this; }
  };

  const size_t awaited_;
  absl::Mutex mutex_;
  std::vector<Reactor*> waiting_ ABSL_GUARDED_BY(mutex_);
};

// When so many calls are due.
double LastDueMs(double calls_per_second, uint64_t calls) {
  Arrivals arrivals(calls_per_second);
  std::chrono::nanoseconds due = {};
  for (uint64_t i = 0; i < calls; ++i) due = arrivals.Next();
  return static_cast<double>(due.count()) / 1e6;
}

TEST(H2OpenLoopTest, RequestsAreSentWhetherOrNotTheServerAnswers) {
  constexpr uint64_t kCalls = 20;
  GatheringService service(kCalls);
  LoadOptions options = {.path = "/any.Service/Method",
                         .connections = 3,
                         .in_flight = 64,
                         .calls_per_second = 1'000,
                         .calls_max = kCalls};
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &options.port);
  builder.RegisterCallbackGenericService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const absl::StatusOr<LoadResult> result = RunLoad(options, WriteX);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ok(), kCalls);
  // The first waited for the last.
  const double waited = LastDueMs(1'000, kCalls) - LastDueMs(1'000, 1);
  EXPECT_GE(result->latency.QuantileMs(1), waited * 0.99);
}

TEST_F(H2LoadTest, LatencyOfAnOpenLoopCountsFromWhenTheCallWasDue) {
  // All at once, by a client that has only one call at a time: each waits for all
  // before it, and a closed loop would not tell.
  options_.calls_per_second = 1e9;
  options_.calls_max = 200;
  const absl::StatusOr<LoadResult> result = RunLoad(options_, WriteX);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ok(), 200u);
  const double elapsed_ms = absl::ToDoubleMilliseconds(result->elapsed);
  EXPECT_GE(result->latency.QuantileMs(1), elapsed_ms * 0.99);
  EXPECT_LE(result->latency.QuantileMs(0.01), elapsed_ms / 2);
}

TEST_F(H2LoadTest, OpenLoopEndsAfterWhatWasDueWithinItsTime) {
  options_.in_flight = 16;
  options_.calls_per_second = 2'000;
  options_.duration = absl::Milliseconds(50);
  uint64_t due = 0;
  while (LastDueMs(2'000, due + 1) < 50) ++due;
  const absl::StatusOr<LoadResult> result = RunLoad(options_, WriteX);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ok(), due);
}

TEST(ArrivalsTest, AreTheSameEachTimeAndAsManyAsAsked) {
  EXPECT_EQ(LastDueMs(8'000, 80'000), LastDueMs(8'000, 80'000));
  EXPECT_NEAR(LastDueMs(8'000, 80'000), 10'000, 100);
}

TEST(ArrivalsTest, ComeAloneAndTogether) {
  // A third of the gaps of a Poisson process are longer than the mean, and a tenth
  // shorter than a tenth of it.
  Arrivals arrivals(1'000);
  std::chrono::nanoseconds last = {};
  int longer = 0;
  int short_ones = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::chrono::nanoseconds next = arrivals.Next();
    if (next - last > std::chrono::milliseconds(1)) ++longer;
    if (next - last < std::chrono::microseconds(100)) ++short_ones;
    last = next;
  }
  EXPECT_NEAR(longer, 3'679, 150);
  EXPECT_NEAR(short_ones, 952, 100);
}

// Accepts one connection and closes it.
class ClosingServer {
 public:
  ClosingServer() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, generic, length), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
    EXPECT_EQ(getsockname(socket_, generic, &length), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { close(accept(socket_, nullptr, nullptr)); });
  }
  ~ClosingServer() {
    thread_.join();
    close(socket_);
  }

  int port() const { return port_; }

 private:
  const int socket_;
  int port_ = 0;
  std::thread thread_;
};

TEST(H2LoadWithoutServerTest, ConnectionThatBreaksIsAnError) {
  const ClosingServer server;
  const absl::StatusOr<LoadResult> result =
      RunLoad({.port = server.port(), .path = "/any.Service/Method", .calls_max = 1}, WriteX);
  EXPECT_FALSE(result.ok());
}

TEST(H2LoadWithoutServerTest, NothingListensIsAnError) {
  // Port 1 is reserved, and nothing on loopback serves it.
  const absl::StatusOr<LoadResult> result =
      RunLoad({.port = 1, .path = "/any.Service/Method", .calls_max = 1}, WriteX);
  EXPECT_FALSE(result.ok());
}

}  // namespace
}  // namespace dangol::bench
