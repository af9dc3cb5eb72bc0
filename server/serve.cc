#include "server/serve.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/error.h"
#include "server/common/status_macros.h"
#include "server/lane/clock_mover.h"
#include "server/lane/date_keeper.h"
#include "server/lane/lanes.h"
#include "server/lane/log_bell.h"
#include "server/lane/norms_keeper.h"
#include "server/lane/program_library.h"
#include "server/lane/read_pool.h"
#include "server/lane/scheduler.h"
#include "server/lane/store_watch.h"
#include "server/lane/test_clock.h"
#include "server/rpc/access/callers.h"
#include "server/rpc/access/policy.h"
#include "server/rpc/file_watch.h"
#include "server/rpc/metrics/gauges.h"
#include "server/rpc/metrics/metrics.h"
#include "server/rpc/metrics/outstanding_points.h"
#include "server/rpc/program/program_text.h"
#include "server/rpc/program/sample_program.h"
#include "server/rpc/server.h"
#include "server/rpc/tls/certificate_watch.h"
#include "server/rpc/tls/certificates.h"
#include "server/startup.h"
#include "server/storage/open_store.h"

namespace dangol {
namespace {

// `status` says itself what it is about.
int Fail(int code, const absl::Status& status) {
  const std::string line = absl::StrCat("dangold: ", status.message(), "\n");
  std::fputs(line.c_str(), stderr);
  return code;
}

int Fail(int code, absl::string_view what, const absl::Status& status) {
  return Fail(code, absl::Status(status.code(), absl::StrCat(what, ": ", status.message())));
}

rpc::Watched<rpc::Policy> WatchPolicy(const std::string& file) {
  return {
      .what = "rules of access",
      .load = [file] { return rpc::LoadPolicy(file); },
      .is_same = [](const rpc::Policy& a, const rpc::Policy& b) { return a.source == b.source; },
      .looked = nullptr};
}

// The clock of a test store, of which there is one only where it was asked for; null where the
// store is an ordinary one, as it should be.
absl::StatusOr<std::unique_ptr<lane::TestClock>> OpenTestClock(
    const std::optional<absl::Time>& start, storage::Store& store) {
  if (!start.has_value()) {
    RETURN_IF_ERROR(lane::CheckNoTestStore(store));
    return nullptr;
  }
  ASSIGN_OR_RETURN(std::unique_ptr<lane::TestClock> clock, lane::TestClock::Open(store, *start));
  spdlog::info("this is a test store, whose clock shows {}", FormatUtc(clock->Now()));
  return clock;
}

// What time causes: by itself, or on a test store when its clock is moved, and not before.
class Timekeeper {
 public:
  // A null clock is that of an ordinary store.
  Timekeeper(lane::TestClock* test_clock, lane::ReadPool& reads, lane::Lanes& lanes,
             lane::ProgramLibrary& programs, const Clock& clock)
      : norms_(reads, lanes, programs), dates_(reads, lanes, programs) {
    if (test_clock == nullptr) {
      scheduler_.emplace(lane::Scheduler::Options(), reads, lanes, norms_, dates_, clock);
    } else {
      mover_.emplace(*test_clock, reads, lanes, programs, norms_, dates_);
    }
  }

  // Null on an ordinary store.
  lane::ClockMover* mover() { return mover_.has_value() ? &*mover_ : nullptr; }

  // Before calls are drained: one of them may be moving the clock.
  void StopMoving() {
    if (mover_.has_value()) mover_->Stop();
  }
  // After them.
  void StopScheduling() {
    if (scheduler_.has_value()) scheduler_->Stop();
  }

 private:
  lane::NormsKeeper norms_;
  lane::DateKeeper dates_;
  std::optional<lane::Scheduler> scheduler_;
  std::optional<lane::ClockMover> mover_;
};

// Who is let in, and as whom.
struct Guards {
  const rpc::CertificateWatch* certificates = nullptr;  // Null: calls are not encrypted.
  rpc::Callers& callers;
};

// What is asked for when somebody looks at the metrics.
std::shared_ptr<rpc::Gauges> GaugesOf(lane::Lanes& lanes, lane::ReadPool& reads,
                                      const std::atomic<bool>& is_usable) {
  auto gauges = std::make_shared<rpc::Gauges>();
  gauges->AddInfo("dangol_build_info", "The server's version.", "version", DANGOL_VERSION);
  gauges->Add("dangol_lane_queued_commands", "Commands that wait for a lane.",
              [&lanes] { return static_cast<double>(lanes.queued()); });
  gauges->Add("dangol_lane_max_queued_commands", "How many may wait.",
              [] { return static_cast<double>(limits::kMaxQueuedCommands); });
  gauges->Add("dangol_queued_reads", "Reads that wait for a reader.",
              [&reads] { return static_cast<double>(reads.queued()); });
  gauges->Add("dangol_store_usable", "1 while the store can be used, as health tells; else 0.",
              [&is_usable] { return is_usable ? 1.0 : 0.0; });
  rpc::AddProcess(*gauges);
  return gauges;
}

lane::Lanes::Options LaneOptionsOf(const ServeOptions& options, lane::LogBell& bell,
                                   std::optional<rpc::Metrics>& metrics) {
  lane::Lanes::Options lanes;
  lanes.lanes = options.lanes;
  lanes.max_batch = options.batch_limit;
  lanes.executed = [&bell] { bell.Ring(); };
  if (metrics.has_value()) lanes.observer = &metrics->lanes();
  return lanes;
}

// Where there are any.
absl::Status ListenForMetrics(const std::string& address, std::optional<rpc::Metrics>& metrics,
                              std::vector<std::shared_ptr<prometheus::Collectable>> also) {
  if (!metrics.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string listening, metrics->Listen(address, std::move(also)));
  spdlog::info("metrics at http://{}/metrics", listening);
  return absl::OkStatus();
}

// What a server whose store is away says of that, and whoever asks whether it serves.
void TellUsable(const std::string& store_name, const absl::Status& status, rpc::Server& server,
                std::atomic<bool>& is_usable) {
  spdlog::log(status.ok() ? spdlog::level::info : spdlog::level::err, "{} is {}", store_name,
              status.ok() ? "there: serving" : "away: not serving: " + status.ToString());
  server.SetServing(status.ok());
  is_usable = status.ok();
}

// Serves what is in the store, which is a test store where there is a `test_clock`.
int ServeStore(const ServeOptions& options, storage::Store& store, absl::Status usable,
               const Clock& clock, lane::TestClock* test_clock, const Guards& guards,
               const sigset_t& end_signals) {
  const std::string store_name = storage::WithoutPassword(options.store);
  lane::ProgramLibrary programs(rpc::ParseProgram);
  lane::LogBell bell;
  std::optional<rpc::Metrics> metrics;
  if (!options.metrics_listen.empty()) metrics.emplace();
  lane::Lanes lanes(LaneOptionsOf(options, bell, metrics), store, programs, clock);

  const auto prepare = [&]() -> absl::Status {
    // It may have been away when this was asked first.
    if (test_clock == nullptr) RETURN_IF_ERROR(lane::CheckNoTestStore(store));
    return EnsureProgram(options.program, rpc::SampleProgramText(), store, programs, lanes, clock);
  };
  // While the store is away the server is up, and health tells that it does not
  // serve. The program is looked after when the store is first there.
  absl::Status program_status = absl::UnavailableError("the store has not been there yet");
  const auto probe = [&]() -> absl::Status {
    RETURN_IF_ERROR(store.Check());
    // Where another server has moved it.
    if (test_clock != nullptr) RETURN_IF_ERROR(test_clock->Refresh().status());
    if (!program_status.ok()) program_status = prepare();
    return program_status;
  };
  const std::string program_name =
      options.program.empty() ? "the program" : absl::StrCat("--program=", options.program);
  if (usable.ok()) usable = probe();
  if (!usable.ok() && !absl::IsUnavailable(usable)) return Fail(kExitConfig, program_name, usable);

  lane::ReadPool reads(lane::ReadPool::Options(), store, programs, clock);
  Timekeeper timekeeper(test_clock, reads, lanes, programs, clock);
  rpc::OpenCalls calls;
  rpc::CallLog log(options.log_calls);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server = rpc::Server::Start(
      options.listen,
      rpc::Backend{guards.callers, lanes, reads, programs, clock, calls, bell, timekeeper.mover()},
      guards.certificates, log, metrics.has_value() ? &metrics->calls() : nullptr);
  if (!server.ok()) return Fail(kExitUnavailable, "--listen", server.status());
  std::atomic<bool> is_usable = usable.ok();
  const absl::Status page = ListenForMetrics(
      options.metrics_listen, metrics,
      {GaugesOf(lanes, reads, is_usable), std::make_shared<rpc::OutstandingPoints>(reads, clock)});
  if (!page.ok()) return Fail(kExitUnavailable, "--metrics-listen", page);
  (*server)->SetServing(usable.ok());
  absl::Status fatal;
  lane::StoreWatch watch({}, usable, probe, [&](const absl::Status& status) {
    TellUsable(store_name, status, **server, is_usable);
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
  timekeeper.StopMoving();
  (*server)->Drain(absl::Now() + absl::Seconds(options.drain_seconds));
  if (metrics.has_value()) metrics->Stop();
  timekeeper.StopScheduling();
  reads.Drain();
  lanes.Drain();
  return fatal.ok() ? 0 : Fail(kExitConfig, absl::StrCat(store_name, " or ", program_name), fatal);
}

// What is read before the store is opened.
struct Files {
  std::optional<rpc::Certificates> certificates;
  std::optional<rpc::Policy> policy;
  std::optional<absl::Time> test_clock_start;
};

// Checks the flags and reads the files that they name. 0, or the exit code where that is told.
int ReadFiles(const ServeOptions& options, Files& files) {
  if (absl::Status status = rpc::CheckTlsFlags(options.tls); !status.ok()) {
    return Fail(kExitUsage, status);
  }
  if (absl::Status status =
          CheckListen(options.listen, options.tls, options.access, options.insecure);
      !status.ok()) {
    return Fail(kExitUsage, "--listen", status);
  }
  if (!options.test_clock.empty()) {
    const absl::StatusOr<absl::Time> parsed = ParseTestClock(options.test_clock);
    if (!parsed.ok()) return Fail(kExitUsage, "--test-clock", parsed.status());
    files.test_clock_start = *parsed;
  }
  if (!options.tls.certificate.empty()) {
    absl::StatusOr<rpc::Certificates> loaded = rpc::LoadCertificates(options.tls);
    if (!loaded.ok()) return Fail(kExitConfig, loaded.status());
    files.certificates = *std::move(loaded);
  }
  if (!options.access.empty()) {
    absl::StatusOr<rpc::Policy> loaded = rpc::LoadPolicy(options.access);
    if (!loaded.ok()) return Fail(kExitConfig, "--access", loaded.status());
    files.policy = *std::move(loaded);
  }
  return 0;
}

}  // namespace

int Check(const ServeOptions& options) {
  Files files;
  if (const int code = ReadFiles(options, files); code != 0) return code;
  if (const absl::Status url = storage::CheckUrl(options.store); !url.ok()) {
    return Fail(kExitUsage, "--store", url);
  }
  if (options.program.empty()) return 0;
  const absl::Status program = CheckProgramFile(options.program);
  if (!program.ok()) {
    return Fail(kExitConfig, absl::StrCat("--program=", options.program), program);
  }
  return 0;
}

int Serve(const ServeOptions& options, const Clock& machine_clock, const sigset_t& end_signals) {
  Files files;
  if (const int code = ReadFiles(options, files); code != 0) return code;
  std::optional<rpc::CertificateWatch> certificates;
  if (files.certificates.has_value()) {
    certificates.emplace(options.tls, *std::move(files.certificates), machine_clock);
  }
  std::optional<rpc::FileWatch<rpc::Policy>> policies;
  rpc::Callers::CurrentPolicy current_policy;
  if (files.policy.has_value()) {
    policies.emplace(WatchPolicy(options.access), *std::move(files.policy));
    current_policy = [&policies] { return policies->Current(); };
  }
  rpc::Callers callers(std::move(current_policy), machine_clock);
  const std::optional<absl::Time> start = files.test_clock_start;
  const std::string store_name = storage::WithoutPassword(options.store);
  const absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::OpenStore(options.store);
  if (absl::IsInvalidArgument(store.status())) return Fail(kExitUsage, "--store", store.status());
  if (!store.ok()) {
    return Fail(kExitUnavailable, absl::StrCat("cannot use ", store_name), store.status());
  }
  absl::Status usable = (*store)->Check();
  std::unique_ptr<lane::TestClock> test_clock;
  if (usable.ok()) {
    absl::StatusOr<std::unique_ptr<lane::TestClock>> opened = OpenTestClock(start, **store);
    if (absl::IsFailedPrecondition(opened.status())) {
      return Fail(kExitConfig, store_name, opened.status());
    }
    usable = opened.status();
    if (opened.ok()) test_clock = *std::move(opened);
  }
  // What a test store has its time in must be there from the beginning.
  const bool can_wait = absl::IsUnavailable(usable) && !start.has_value();
  if (!usable.ok() && !can_wait) {
    return Fail(kExitUnavailable, absl::StrCat("cannot use ", store_name), usable);
  }
  const Clock& clock = test_clock == nullptr ? machine_clock : *test_clock;
  return ServeStore(options, **store, std::move(usable), clock, test_clock.get(),
                    {certificates.has_value() ? &*certificates : nullptr, callers}, end_signals);
}

}  // namespace dangol
