#include "server/serve.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "server/lane/lanes.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"
#include "server/lane/scheduler.h"
#include "server/lane/store_watch.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/program/sample_program.h"
#include "server/rpc/server.h"
#include "server/startup.h"
#include "server/storage/open_store.h"

namespace dangol {
namespace {

int Fail(int code, absl::string_view what, const absl::Status& status) {
  const std::string line = absl::StrCat("dangold: ", what, ": ", status.message(), "\n");
  std::fputs(line.c_str(), stderr);
  return code;
}

}  // namespace

int Serve(const ServeOptions& options, const Clock& clock, const sigset_t& end_signals) {
  if (absl::Status status = CheckListen(options.listen, options.allow_insecure_remote);
      !status.ok()) {
    return Fail(kExitUsage, "--listen", status);
  }
  const std::string store_name = storage::WithoutPassword(options.store);
  const absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::OpenStore(options.store);
  if (absl::IsInvalidArgument(store.status())) return Fail(kExitUsage, "--store", store.status());
  if (!store.ok()) {
    return Fail(kExitUnavailable, absl::StrCat("cannot use ", store_name), store.status());
  }
  absl::Status usable = (*store)->Check();
  if (!usable.ok() && !absl::IsUnavailable(usable)) {
    return Fail(kExitUnavailable, absl::StrCat("cannot use ", store_name), usable);
  }

  lane::ProgramLibrary programs(rpc::ParseProgram);
  lane::Lanes::Options lane_options;
  lane_options.lanes = options.lanes;
  lane_options.max_batch = options.batch_limit;
  lane::Lanes lanes(lane_options, **store, programs, clock);

  // While the store is away the server is up, and health tells that it does not
  // serve. The program is looked after when the store is first there.
  absl::Status program_status = absl::UnavailableError("the store has not been there yet");
  const auto probe = [&]() -> absl::Status {
    RETURN_IF_ERROR((*store)->Check());
    if (!program_status.ok()) {
      program_status =
          EnsureProgram(options.program, rpc::SampleProgramText(), **store, programs, lanes);
    }
    return program_status;
  };
  const std::string program_name =
      options.program.empty() ? "the program" : absl::StrCat("--program=", options.program);
  if (usable.ok()) usable = probe();
  if (!usable.ok() && !absl::IsUnavailable(usable)) return Fail(kExitConfig, program_name, usable);

  lane::ReadPool reads(lane::ReadPool::Options(), **store, programs, clock);
  lane::Scheduler scheduler(lane::Scheduler::Options(), reads, lanes, clock);
  rpc::OpenCalls calls;
  absl::StatusOr<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(options.listen, rpc::Backend{lanes, reads, programs, clock, calls});
  if (!server.ok()) return Fail(kExitUnavailable, "--listen", server.status());
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
  (*server)->Drain(absl::Now() + absl::Seconds(options.drain_seconds));
  scheduler.Stop();
  reads.Drain();
  lanes.Drain();
  return fatal.ok() ? 0 : Fail(kExitConfig, absl::StrCat(store_name, " or ", program_name), fatal);
}

}  // namespace dangol
