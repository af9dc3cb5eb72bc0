#ifndef DANGOL_TESTS_BENCH_H2_LOAD_H_
#define DANGOL_TESTS_BENCH_H2_LOAD_H_

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/bench/h2_connection.h"
#include "tests/bench/histogram.h"

namespace dangol::bench {

struct LoadOptions {
  int port = 0;       // On loopback.
  std::string path;   // "/package.Service/Method"
  std::string token;  // Who calls; empty: nobody says.
  int connections = 1;
  // At most so many calls at once, over all connections together.
  int in_flight = 1;
  // 0: a closed loop, in which each reply makes room for the next request.
  // Otherwise an open one: so many requests a second fall due at random moments,
  // whatever the server does. The latency of a call counts from when it was due,
  // also where `in_flight` others made it wait.
  double calls_per_second = 0;
  // The run ends with whichever comes first.
  uint64_t calls_max = std::numeric_limits<uint64_t>::max();
  absl::Duration duration = absl::InfiniteDuration();
  // The run fails when nothing arrives for so long.
  absl::Duration silence_max = absl::Seconds(30);
};

// Appends the message of the call of that number (0, 1, 2 and so on).
using WriteRequest = std::function<void(uint64_t number, std::string* body)>;

// Looks at the message of an OK reply. What it returns ends the run.
using CheckReply = std::function<absl::Status(uint64_t number, absl::string_view message)>;

struct LoadResult {
  uint64_t calls = 0;
  std::array<uint64_t, kNoGrpcStatus + 1> by_status = {};  // kNoGrpcStatus: none came.
  std::string first_error;
  absl::Duration elapsed;
  Histogram latency;  // Of all calls.

  uint64_t ok() const { return by_status[0]; }
  // OK replies a second.
  double Rate() const;
};

// Runs the load on the calling thread. Calls that fail are counted; an error
// is returned when a connection breaks, when a reply is not a gRPC message,
// when nothing arrives for too long, and on an interrupt.
absl::StatusOr<LoadResult> RunLoad(const LoadOptions& options, const WriteRequest& write_request,
                                   const CheckReply& check_reply = nullptr);

// The same where every call must succeed: INTERNAL, with the first that did not.
absl::StatusOr<LoadResult> RunCleanLoad(const LoadOptions& options,
                                        const WriteRequest& write_request,
                                        const CheckReply& check_reply = nullptr);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_H2_LOAD_H_
