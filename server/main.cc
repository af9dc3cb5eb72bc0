// dangold, the server: its command line.

#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "absl/synchronization/mutex.h"
#include "server/common/clock.h"
#include "server/common/limits.h"
#include "server/serve.h"
#include "server/storage/storage.h"

namespace dangol {
namespace {

// SIGTERM and SIGINT are waited for, by the main thread, and reach no other.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void AddAccessFlags(CLI::App& app, ServeOptions& options) {
  app.add_option("--tls-cert", options.tls.certificate,
                 "Speak TLS, with the certificate in this PEM file, and those that lead to its "
                 "authority; replaced without a restart");
  app.add_option("--tls-key", options.tls.key,
                 "The PEM file with the private key of the certificate, without a passphrase");
  app.add_option("--tls-client-ca", options.tls.client_ca,
                 "Let in only who shows a certificate of the authorities in this PEM file; it "
                 "names who acts");
  app.add_option("--access", options.access,
                 "Who may call and as what, a dangol.v1.AccessPolicy in protobuf text format; "
                 "replaced without a restart. Without it whoever is let in by the connection may "
                 "do everything");
  app.add_flag("--insecure", options.insecure,
               "Listen beyond loopback even without TLS or without --access: whoever reaches the "
               "port can then read, and write, what they should not");
}

}  // namespace
}  // namespace dangol

int main(int argc, char** argv) {
  dangol::ServeOptions options;
  std::string log_level = "info";
  CLI::App app("dangold, the loyalty server");
  app.option_defaults()->always_capture_default();
  app.add_option("--listen", options.listen,
                 "Where to listen, HOST:PORT; port 0 lets the system choose");
  app.add_option(
      "--store", options.store,
      "Where to keep everything: sqlite:PATH, or mysql://USER:PASSWORD@HOST:PORT,.../DATABASE");
  app.add_option(
      "--program", options.program,
      "The rules, a dangol.v1.Program in protobuf text format; activated when the store first sees "
      "them. A new store without a file gets a sample program");
  app.add_option("--test-clock", options.test_clock,
                 "Go by a clock that stands still until it is advanced, and begins at this time, "
                 "such as 2026-01-01T00:00:00+09:00. A new store becomes a test store for ever; "
                 "of one that is there the clock goes on; any other store is refused");
  dangol::AddAccessFlags(app, options);
  app.add_option("--lanes", options.lanes,
                 "Batches committed at once; 0: as many as the store has use for")
      ->check(CLI::Range(0, dangol::storage::kPartitions));
  app.add_option("--batch-limit", options.batch_limit, "Commands committed together at most")
      ->check(CLI::Range(size_t{1}, dangol::limits::kMaxCommandsPerCommit));
  app.add_option("--drain-seconds", options.drain_seconds,
                 "How long calls may take to finish after SIGTERM")
      ->check(CLI::Range(0, 86'400));
  app.add_option("--log-level", log_level, "What to log on stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "dangold: usage: %s\n", error.what());
    return dangol::kExitUsage;
  }
#ifdef NDEBUG
  // Debian's Abseil looks for deadlocks whenever a lock is taken, gRPC's own too: a tenth
  // of the time of an empty call. Debug and sanitizer builds keep looking.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  const sigset_t end_signals = dangol::BlockEndSignals();
  spdlog::set_default_logger(spdlog::stderr_color_mt("dangold"));
  spdlog::set_level(spdlog::level::from_str(log_level));
  return dangol::Serve(options, dangol::SystemClock(), end_signals);
}
