// dangold, but for its clock: that is a file, which a test sets.
//
//     clocked_dangold --listen=... --store=... --program=... --clock=FILE

#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "server/serve.h"
#include "tests/support/shared_clock.h"

int main(int argc, char** argv) {
  dangol::ServeOptions options;
  std::string clock_path;
  CLI::App app("dangold with the clock of a test");
  app.add_option("--listen", options.listen);
  app.add_option("--store", options.store);
  app.add_option("--program", options.program);
  app.add_option("--clock", clock_path)->required();
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_color_mt("dangold"));
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const auto clock = dangol::testing::SharedClock::Open(clock_path);
  if (!clock.ok()) {
    std::fprintf(stderr, "%s\n", clock.status().ToString().c_str());
    return dangol::kExitUnavailable;
  }
  return dangol::Serve(options, **clock, signals);
}
