// dangold, the server: its command line.

#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "absl/synchronization/mutex.h"
#include "server/common/clock.h"
#include "server/flags.h"
#include "server/log.h"
#include "server/serve.h"

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

}  // namespace
}  // namespace dangol

int main(int argc, char** argv) {
  dangol::Flags flags;
  CLI::App app("dangold, the loyalty server", "dangold");
  dangol::AddFlags(app, flags);
  try {
    dangol::Parse(argc, argv, app);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "dangold: usage: %s\n", error.what());
    return dangol::kExitUsage;
  }
  if (flags.print_config) {
    std::fputs(dangol::Settings(app).c_str(), stdout);
    return 0;
  }
  if (flags.check) return dangol::Check(flags.serve);
#ifdef NDEBUG
  // Debian's Abseil looks for deadlocks whenever a lock is taken, gRPC's own too: a tenth
  // of the time of an empty call. Debug and sanitizer builds keep looking.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  const sigset_t end_signals = dangol::BlockEndSignals();
  dangol::SetUpLog(flags.log_level, flags.log_format == "json" ? dangol::LogFormat::kJson
                                                               : dangol::LogFormat::kText);
  return dangol::Serve(flags.serve, dangol::SystemClock(), end_signals);
}
