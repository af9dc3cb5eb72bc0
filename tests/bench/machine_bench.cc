#include "tests/bench/machine_bench.h"

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "tests/bench/dangol_server.h"
#include "tests/bench/fsync_probe.h"
#include "tests/bench/process.h"
#include "tests/bench/requests.h"

namespace dangol::bench {
namespace {

constexpr uint64_t kRehearsalMembers = 16;
constexpr uint64_t kRehearsalPurchases = 256;
constexpr absl::Duration kWarmUp = absl::Milliseconds(200);

}  // namespace

absl::Status MachineBench::MakeEchoReplies(Engine& engine) {
  if (has_echo_replies_) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string store, engine.NewStore());
  ASSIGN_OR_RETURN(std::unique_ptr<DangolServer> server,
                   DangolServer::Start(settings_.dangold, store, settings_.directory));
  ASSIGN_OR_RETURN(std::vector<std::string> members, server->Enroll(kRehearsalMembers));
  const Requests requests(std::move(members), absl::Now());
  const auto keep = [this](const char* name) {
    return [path = File(name)](uint64_t /*number*/, absl::string_view message) {
      return WriteFile(path, message);
    };
  };
  LoadOptions purchases = {
      .port = server->port(), .path = kRecordPurchasePath, .calls_max = kRehearsalPurchases};
  LoadOptions balances = {.port = server->port(), .path = kGetBalancePath, .calls_max = 1};
  RETURN_IF_ERROR(
      RunCleanLoad(
          purchases,
          [&](uint64_t number, std::string* body) { requests.AppendPurchase(number, body); },
          keep("purchase-reply"))
          .status());
  RETURN_IF_ERROR(
      RunCleanLoad(
          balances,
          [&](uint64_t number, std::string* body) { requests.AppendGetBalance(number, body); },
          keep("balance-reply"))
          .status());
  has_echo_replies_ = true;
  RETURN_IF_ERROR(server->Stop().status());
  return engine.Drop(store);
}

absl::Status MachineBench::MeasureEcho(const std::set<Probe>& wanted, Engine& engine) {
  std::vector<Probe> probes;
  for (const Probe probe : {Probe::kEchoPurchases, Probe::kEchoBalances, Probe::kEmptyRpc}) {
    if (wanted.contains(probe)) probes.push_back(probe);
  }
  if (probes.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(MakeEchoReplies(engine));
  ASSIGN_OR_RETURN(
      std::unique_ptr<EchoServer> server,
      EchoServer::Start(settings_.directory, File("purchase-reply"), File("balance-reply")));
  for (const Probe probe : probes) RETURN_IF_ERROR(MeasureEchoOf(probe, server->port()));
  return server->Stop();
}

absl::Status MachineBench::MeasureEchoOf(Probe probe, int port) {
  // Ids as long as any; the echo server does not look at them.
  const Requests requests(
      std::vector<std::string>(settings_.members, "00000000-0000-7000-8000-000000000000"),
      absl::Now());
  const bool balances = probe == Probe::kEchoBalances;
  const WriteRequest write_request = [&](uint64_t number, std::string* body) {
    if (balances) {
      requests.AppendGetBalance(number, body);
    } else {
      requests.AppendPurchase(number, body);
    }
  };
  const LoadOptions options = settings_.Load(port, balances ? kGetBalancePath : kRecordPurchasePath,
                                             probe == Probe::kEmptyRpc ? 1 : kManyInFlight);
  LoadOptions warm_up = options;
  warm_up.duration = kWarmUp;
  RETURN_IF_ERROR(RunCleanLoad(warm_up, write_request).status());
  ASSIGN_OR_RETURN(const LoadResult result, RunCleanLoad(options, write_request));
  samples_[probe].push_back(SampleOf(result));
  return absl::OkStatus();
}

absl::Status MachineBench::MeasureFsync() {
  ASSIGN_OR_RETURN(const Histogram fsync, ProbeFsync(settings_.directory, settings_.slice / 2));
  const double seconds = absl::ToDoubleSeconds(settings_.slice / 2);
  samples_[Probe::kFsync].push_back({.value = static_cast<double>(fsync.count()) / seconds,
                                     .p50_ms = fsync.QuantileMs(0.5),
                                     .p99_ms = fsync.QuantileMs(0.99)});
  return absl::OkStatus();
}

absl::Status MachineBench::MeasureRules() {
  const std::string out = File("decide.json");
  ASSIGN_OR_RETURN(
      std::unique_ptr<ChildProcess> process,
      ChildProcess::Start({settings_.decide_benchmark, "--benchmark_min_time=0.3",
                           "--benchmark_out_format=json", absl::StrCat("--benchmark_out=", out)},
                          File("decide.log")));
  RETURN_IF_ERROR(process->Wait());
  std::ifstream file(out);
  const nlohmann::json report = nlohmann::json::parse(file, nullptr, false);
  if (report.is_discarded() || report.value("benchmarks", nlohmann::json::array()).empty()) {
    return absl::DataLossError("the benchmark of Decide reported nothing");
  }
  for (const nlohmann::json& benchmark : report["benchmarks"]) {
    if (benchmark.value("error_occurred", false)) {
      return absl::InternalError(benchmark.value("error_message", ""));
    }
    const double cpu_time = benchmark.value("cpu_time", 0.0);
    const std::string name = benchmark.value("name", "");
    if (name == "BM_DecidePurchase") samples_[Probe::kDecide].push_back({.value = cpu_time / 1000});
    if (name == "BM_ScoreAMillion") samples_[Probe::kScoring].push_back({.value = cpu_time});
  }
  return absl::OkStatus();
}

}  // namespace dangol::bench
