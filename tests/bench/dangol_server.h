#ifndef DANGOL_TESTS_BENCH_DANGOL_SERVER_H_
#define DANGOL_TESTS_BENCH_DANGOL_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/h2_load.h"
#include "tests/bench/process.h"
#include "tests/bench/requests.h"

namespace dangol::bench {

inline constexpr int kEnrollInFlight = 256;

// dangold on a store, as a child process.
class DangolServer {
 public:
  // `program` is dangold, `store` a URL, `directory` for its log; `flags` are added
  // to the command line.
  static absl::StatusOr<std::unique_ptr<DangolServer>> Start(
      const std::string& program, const std::string& store, const std::string& directory,
      const std::vector<std::string>& flags = {});

  // Enrolls members through the API and returns their ids.
  absl::StatusOr<std::vector<std::string>> Enroll(uint64_t members,
                                                  const WriteRequest& write_request = AppendEnroll,
                                                  int in_flight = kEnrollInFlight,
                                                  const std::string& token = "");

  // Lets it drain. Returns the most memory that it needed, in MiB.
  absl::StatusOr<double> Stop();

  int port() const { return port_; }
  // The URL.
  const std::string& store() const { return store_; }

 private:
  DangolServer(std::unique_ptr<ChildProcess> process, int port, std::string store)
      : process_(std::move(process)), port_(port), store_(std::move(store)) {}

  const std::unique_ptr<ChildProcess> process_;
  const int port_;
  const std::string store_;
};

// The same for the echo server: this program, started again.
class EchoServer {
 public:
  // The files hold the replies to give.
  static absl::StatusOr<std::unique_ptr<EchoServer>> Start(const std::string& directory,
                                                           const std::string& purchase_reply,
                                                           const std::string& balance_reply);

  absl::Status Stop();
  int port() const { return port_; }

 private:
  EchoServer(std::unique_ptr<ChildProcess> process, int port)
      : process_(std::move(process)), port_(port) {}

  const std::unique_ptr<ChildProcess> process_;
  const int port_;
};

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_DANGOL_SERVER_H_
