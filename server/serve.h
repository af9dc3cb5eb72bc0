#ifndef DANGOL_SERVER_SERVE_H_
#define DANGOL_SERVER_SERVE_H_

#include <signal.h>

#include <cstddef>
#include <string>

#include "server/common/clock.h"
#include "server/common/limits.h"
#include "server/rpc/tls/certificates.h"

namespace dangol {

// What dangold's command line says.
struct ServeOptions {
  std::string listen = "127.0.0.1:7420";
  std::string store = "sqlite:dangol.db";
  std::string program;     // A file; empty without one.
  std::string test_clock;  // When the clock of a new test store begins; empty for none.
  rpc::TlsFiles tls;
  std::string access;  // A file; empty without one.
  bool insecure = false;
  std::string metrics_listen;  // HOST:PORT; empty: nowhere.
  int64_t log_calls = 0;       // One in so many is logged; 0: none but faults.
  int drain_seconds = 30;
  int lanes = 0;  // As many as the store has use for.
  size_t batch_limit = limits::kMaxCommandsPerCommit;
};

// Exit codes, after sysexits(3).
inline constexpr int kExitUsage = 64;
inline constexpr int kExitUnavailable = 69;
inline constexpr int kExitConfig = 78;

// Reads all that a server would read before it opens its store, and says what is wrong with it on
// stderr. The exit code.
int Check(const ServeOptions& options);

// Wires everything up, serves until one of these signals, which must be blocked, and
// drains. Goes by `machine_clock`, but on a test store. The exit code; why it is not 0 is told on
// stderr.
int Serve(const ServeOptions& options, const Clock& machine_clock, const sigset_t& end_signals);

}  // namespace dangol

#endif  // DANGOL_SERVER_SERVE_H_
