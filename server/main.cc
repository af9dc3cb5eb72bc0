// dangold, the server: flags, wiring, and an orderly end.

#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/common/clock.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/lane/lanes.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"
#include "server/lane/scheduler.h"
#include "server/lane/store_watch.h"
#include "server/rpc/outcome.h"
#include "server/rpc/program_text.h"
#include "server/rpc/sample_program.h"
#include "server/rpc/server.h"
#include "server/startup.h"
#include "server/storage/open_store.h"

namespace dangol {
namespace {

// Exit codes, after sysexits(3).
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kConfig = 78;

struct Flags {
  std::string listen = "127.0.0.1:7420";
  std::string store = "sqlite:dangol.db";
  std::string program;
  std::string log_level = "info";
  bool allow_insecure_remote = false;
  int drain_seconds = 30;
  int lanes = 0;
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
  if (absl::Status status = CheckListen(flags.listen, flags.allow_insecure_remote); !status.ok()) {
    return Fail(kUsage, "--listen", status);
  }
  const std::string store_name = storage::WithoutPassword(flags.store);
  const absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::OpenStore(flags.store);
  if (absl::IsInvalidArgument(store.status())) return Fail(kUsage, "--store", store.status());
  if (!store.ok()) {
    return Fail(kUnavailable, absl::StrCat("cannot use ", store_name), store.status());
  }
  absl::Status usable = (*store)->Check();
  if (!usable.ok() && !absl::IsUnavailable(usable)) {
    return Fail(kUnavailable, absl::StrCat("cannot use ", store_name), usable);
  }

  const SystemClock clock;
  lane::ProgramLibrary programs(rpc::ParseProgram);
  lane::Lanes::Options lane_options;
  lane_options.lanes = flags.lanes;
  lane_options.max_batch = flags.batch_limit;
  lane::Lanes lanes(lane_options, **store, programs, clock,
                    {rpc::EncodeOutcome, rpc::EncodeConsequence});

  // While the store is away the server is up, and health tells that it does not
  // serve. The program is looked after when the store is first there.
  absl::Status program_status = absl::UnavailableError("the store has not been there yet");
  const auto probe = [&]() -> absl::Status {
    RETURN_IF_ERROR((*store)->Check());
    if (!program_status.ok()) {
      program_status =
          EnsureProgram(flags.program, rpc::SampleProgramText(), **store, programs, lanes);
    }
    return program_status;
  };
  const std::string program_name =
      flags.program.empty() ? "the program" : absl::StrCat("--program=", flags.program);
  if (usable.ok()) usable = probe();
  if (!usable.ok() && !absl::IsUnavailable(usable)) return Fail(kConfig, program_name, usable);

  lane::ReadPool reads(lane::ReadPool::Options(), **store, programs, clock);
  lane::Scheduler scheduler(lane::Scheduler::Options(), reads, lanes, clock);
  rpc::OpenCalls calls;
  absl::StatusOr<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(flags.listen, rpc::Backend{lanes, reads, programs, clock, calls});
  if (!server.ok()) return Fail(kUnavailable, "--listen", server.status());
  (*server)->SetServing(usable.ok());
  absl::Status fatal;
  lane::StoreWatch watch({}, usable, probe, [&](const absl::Status& status) {
    spdlog::log(status.ok() ? spdlog::level::info : spdlog::level::err, "{} is {}", store_name,
                status.ok() ? "there: serving" : "away: not serving: " + status.ToString());
    (*server)->SetServing(status.ok());
    if (program_status.ok() || absl::IsUnavailable(status)) return;
    // It would have been a reason not to start, had the store been there.
    fatal = status;
    kill(getpid(), SIGTERM);
  });

  // Whoever starts the server waits for this line.
  std::printf("dangold listening on %s\n", (*server)->address().c_str());
  std::fflush(stdout);

  int signal_number = 0;
  sigwait(&end_signals, &signal_number);
  spdlog::info("draining after {}", signal_number == SIGTERM ? "SIGTERM" : "SIGINT");
  watch.Stop();
  (*server)->Drain(absl::Now() + absl::Seconds(flags.drain_seconds));
  scheduler.Stop();
  reads.Drain();
  lanes.Drain();
  return fatal.ok() ? 0 : Fail(kConfig, absl::StrCat(store_name, " or ", program_name), fatal);
}

}  // namespace
}  // namespace dangol

int main(int argc, char** argv) {
  dangol::Flags flags;
  CLI::App app("dangold, the loyalty server");
  app.option_defaults()->always_capture_default();
  app.add_option("--listen", flags.listen,
                 "Where to listen, HOST:PORT; port 0 lets the system choose");
  app.add_option(
      "--store", flags.store,
      "Where to keep everything: sqlite:PATH, or mysql://USER:PASSWORD@HOST:PORT,.../DATABASE");
  app.add_option(
      "--program", flags.program,
      "The rules, a dangol.v1.Program in protobuf text format; activated when the store first sees "
      "them. A new store without a file gets a sample program");
  app.add_flag("--allow-insecure-remote", flags.allow_insecure_remote,
               "Listen beyond loopback, although calls are neither encrypted nor authenticated");
  app.add_option("--lanes", flags.lanes,
                 "Batches committed at once; 0: as many as the store has use for")
      ->check(CLI::Range(0, dangol::storage::kPartitions));
  app.add_option("--batch-limit", flags.batch_limit, "Commands committed together at most")
      ->check(CLI::Range(size_t{1}, dangol::limits::kMaxCommandsPerCommit));
  app.add_option("--drain-seconds", flags.drain_seconds,
                 "How long calls may take to finish after SIGTERM")
      ->check(CLI::Range(0, 86'400));
  app.add_option("--log-level", flags.log_level, "What to log on stderr")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return dangol::Fail(dangol::kUsage, "usage", absl::InvalidArgumentError(error.what()));
  }
#ifdef NDEBUG
  // Debian's Abseil looks for deadlocks whenever a lock is taken, gRPC's own too: a tenth
  // of the time of an empty call. Debug and sanitizer builds keep looking.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  const sigset_t end_signals = dangol::BlockEndSignals();
  spdlog::set_default_logger(spdlog::stderr_color_mt("dangold"));
  spdlog::set_level(spdlog::level::from_str(flags.log_level));
  return dangol::Run(flags, end_signals);
}
