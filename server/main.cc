// dangold, the server: flags, wiring, and an orderly end. Every concrete class
// is named here and nowhere else.

#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/clock.h"
#include "server/common/limits.h"
#include "server/lane/executor.h"
#include "server/lane/lane.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"
#include "server/lane/scheduler.h"
#include "server/rpc/outcome.h"
#include "server/rpc/program_text.h"
#include "server/rpc/sample_program.h"
#include "server/rpc/server.h"
#include "server/startup.h"
#include "server/storage/sqlite/sqlite_store.h"

namespace dangol {
namespace {

// Exit codes, after sysexits(3).
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kConfig = 78;

// How long calls may take to finish after SIGTERM.
constexpr absl::Duration kDrainTime = absl::Seconds(30);

struct Flags {
  std::string listen = "127.0.0.1:7420";
  std::string store = "sqlite:dangol.db";
  std::string program;
  std::string log_level = "info";
  bool allow_insecure_remote = false;
  size_t batch_limit = limits::kMaxCommandsPerCommit;
};

int Fail(int code, absl::string_view what, const absl::Status& status) {
  const std::string line = absl::StrCat("dangold: ", what, ": ", status.message(), "\n");
  std::fputs(line.c_str(), stderr);
  return code;
}

// SIGTERM and SIGINT are waited for, by the main thread, and reach no other.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int Run(const Flags& flags, const sigset_t& end_signals) {
  const absl::StatusOr<std::string> path = ParseStore(flags.store);
  if (!path.ok()) return Fail(kUsage, "--store", path.status());
  if (absl::Status status = CheckListen(flags.listen, flags.allow_insecure_remote); !status.ok()) {
    return Fail(kUsage, "--listen", status);
  }
  absl::StatusOr<std::unique_ptr<storage::sqlite::SqliteStore>> store =
      storage::sqlite::SqliteStore::Open(*path);
  if (!store.ok())
    return Fail(kUnavailable, absl::StrCat("cannot use ", flags.store), store.status());

  const SystemClock clock;
  lane::ProgramLibrary programs(rpc::ParseProgram);
  lane::Executor executor(**store, programs, clock, rpc::EncodeOutcome);
  lane::Lane::Options lane_options;
  lane_options.max_batch = flags.batch_limit;
  lane::Lane lane(lane_options, executor);
  if (absl::Status status =
          EnsureProgram(flags.program, rpc::SampleProgramText(), **store, programs, lane);
      !status.ok()) {
    return Fail(kConfig,
                flags.program.empty() ? "the program" : absl::StrCat("--program=", flags.program),
                status);
  }
  lane::ReadPool reads(lane::ReadPool::Options(), **store, programs, clock);
  lane::Scheduler scheduler(lane::Scheduler::Options(), reads, lane, clock);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(flags.listen, rpc::Backend{lane, reads, programs, clock});
  if (!server.ok()) return Fail(kUnavailable, "--listen", server.status());

  // Whoever starts the server waits for this line.
  std::printf("dangold listening on %s\n", (*server)->address().c_str());
  std::fflush(stdout);

  int signal_number = 0;
  sigwait(&end_signals, &signal_number);
  spdlog::info("draining after {}", signal_number == SIGTERM ? "SIGTERM" : "SIGINT");
  (*server)->Drain(absl::Now() + kDrainTime);
  scheduler.Stop();
  reads.Drain();
  lane.Drain();
  return 0;
}

}  // namespace
}  // namespace dangol

int main(int argc, char** argv) {
  dangol::Flags flags;
  CLI::App app("dangold, the loyalty server");
  app.option_defaults()->always_capture_default();
  app.add_option("--listen", flags.listen,
                 "Where to listen, HOST:PORT; port 0 lets the system choose");
  app.add_option("--store", flags.store, "Where to keep everything: sqlite:PATH");
  app.add_option(
      "--program", flags.program,
      "The rules, a dangol.v1.Program in protobuf text format; activated when the store first sees "
      "them. A new store without a file gets a sample program");
  app.add_flag("--allow-insecure-remote", flags.allow_insecure_remote,
               "Listen beyond loopback, although calls are neither encrypted nor authenticated");
  app.add_option("--batch-limit", flags.batch_limit, "Commands committed together at most")
      ->check(CLI::Range(size_t{1}, dangol::limits::kMaxCommandsPerCommit));
  app.add_option("--log-level", flags.log_level, "What to log on stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return dangol::Fail(dangol::kUsage, "usage", absl::InvalidArgumentError(error.what()));
  }
  const sigset_t end_signals = dangol::BlockEndSignals();
  spdlog::set_default_logger(spdlog::stderr_color_mt("dangold"));
  spdlog::set_level(spdlog::level::from_str(flags.log_level));
  return dangol::Run(flags, end_signals);
}
