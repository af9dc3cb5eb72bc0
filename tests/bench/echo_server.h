#ifndef DANGOL_TESTS_BENCH_ECHO_SERVER_H_
#define DANGOL_TESTS_BENCH_ECHO_SERVER_H_

#include <string>

#include "absl/status/status.h"

namespace dangol::bench {

// The files hold the serialized replies to give.
struct EchoOptions {
  int port = 0;  // On loopback.
  std::string purchase_reply;
  std::string balance_reply;
};

// dangold's server stack, doing nothing: every call's request is parsed, and
// the reply is serialized anew. Serves until SIGTERM.
absl::Status RunEchoServer(const EchoOptions& options);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_ECHO_SERVER_H_
