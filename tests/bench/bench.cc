#include "tests/bench/bench.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/common/status_macros.h"
#include "tests/bench/fsync_probe.h"
#include "tests/bench/raw_loop_sqlite.h"
#include "tests/bench/store_check.h"

namespace dangol::bench {
namespace {

constexpr int kConnections = 4;
constexpr int kManyInFlight = 128;
constexpr int kSomeInFlight = 64;
constexpr int kBatchesInFlight = 4;
constexpr uint64_t kPurchasesPerBatch = 100;
constexpr uint64_t kRehearsalMembers = 16;
constexpr uint64_t kRehearsalPurchases = 256;
constexpr absl::Duration kWarmUp = absl::Milliseconds(200);
// `replayed = true` at the end of a RecordPurchaseResponse: field 15, varint 1.
constexpr char kReplayed[] = "\x78\x01";

// A load in which every call must succeed.
absl::StatusOr<LoadResult> RunCleanLoad(const LoadOptions& options,
                                        const WriteRequest& write_request,
                                        const CheckReply& check_reply = nullptr) {
  ASSIGN_OR_RETURN(LoadResult result, RunLoad(options, write_request, check_reply));
  if (result.ok() == result.calls) return result;
  return absl::InternalError(absl::StrCat(result.calls - result.ok(), " of ", result.calls,
                                          " calls failed; the first: ", result.first_error));
}

absl::Status CheckReplayed(uint64_t number, absl::string_view message) {
  if (absl::EndsWith(message, kReplayed)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("purchase ", number, " was recorded a second time"));
}

absl::Status CheckBatch(uint64_t number, absl::string_view message) {
  v1::BatchRecordPurchasesResponse reply;
  if (!reply.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return absl::DataLossError("BatchRecordPurchases answered with something else");
  }
  const auto recorded =
      std::count_if(reply.results().begin(), reply.results().end(),
                    [](const v1::RecordPurchaseResult& result) { return result.has_response(); });
  if (recorded == static_cast<int64_t>(kPurchasesPerBatch)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("batch ", number, ": ", recorded, " of ",
                                          kPurchasesPerBatch, " purchases are recorded"));
}

void RemoveStore(const std::string& store) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    std::filesystem::remove(store + suffix, ignored);
  }
}

absl::Status WriteFile(const std::string& path, absl::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path));
}

}  // namespace

absl::Status Bench::RunRound(const std::set<Probe>& wanted) {
  wanted_ = wanted;
  memory_mib_ = 0;
  if (Wants(Probe::kPurchases)) RETURN_IF_ERROR(MeasurePurchases());
  RETURN_IF_ERROR(MeasureEcho());
  if (Wants(Probe::kBatches)) RETURN_IF_ERROR(MeasureBatches());
  if (Wants(Probe::kOneMember)) {
    RETURN_IF_ERROR(MeasureUnary(Probe::kOneMember, kManyInFlight, {}));
  }
  if (Wants(Probe::kSixtyFour)) {
    RETURN_IF_ERROR(MeasureUnary(Probe::kSixtyFour, kSomeInFlight, {}));
  }
  if (Wants(Probe::kOneByOne)) {
    RETURN_IF_ERROR(MeasureUnary(Probe::kOneByOne, kSomeInFlight, {"--batch-limit=1"}));
  }
  if (Wants(Probe::kAlone)) RETURN_IF_ERROR(MeasureUnary(Probe::kAlone, 1, {}));
  if (Wants(Probe::kFsync)) RETURN_IF_ERROR(MeasureFsync());
  if (Wants(Probe::kDecide)) RETURN_IF_ERROR(MeasureDecide());
  if (Wants(Probe::kMemory)) Add(Probe::kMemory, memory_mib_);
  return absl::OkStatus();
}

void Bench::Add(Probe probe, const LoadResult& result, uint64_t purchases_per_call) {
  samples_[probe].push_back({.value = result.Rate() * static_cast<double>(purchases_per_call),
                             .p50_ms = result.latency.QuantileMs(0.5),
                             .p99_ms = result.latency.QuantileMs(0.99)});
}

LoadOptions Bench::Load(int port, const char* path, int in_flight) const {
  return {.port = port,
          .path = path,
          .connections = std::min(in_flight, kConnections),
          .in_flight = in_flight,
          .duration = settings_.slice};
}

absl::StatusOr<Bench::Subject> Bench::StartSubject(const std::vector<std::string>& flags) {
  Subject subject;
  ASSIGN_OR_RETURN(subject.server,
                   DangolServer::Start(settings_.dangold, settings_.directory, flags));
  ASSIGN_OR_RETURN(std::vector<std::string> members, subject.server->Enroll(settings_.members));
  subject.requests = std::make_unique<Requests>(std::move(members), absl::Now());
  return subject;
}

absl::Status Bench::StopSubject(Subject& subject) {
  RETURN_IF_ERROR(CheckPurchases(subject.server->store(), subject.purchases));
  ASSIGN_OR_RETURN(const double memory_mib, subject.server->Stop());
  memory_mib_ = std::max(memory_mib_, memory_mib);
  return absl::OkStatus();
}

absl::StatusOr<LoadResult> Bench::RecordPurchases(Subject& subject, int in_flight,
                                                  bool one_member) {
  const Requests& requests = *subject.requests;
  ASSIGN_OR_RETURN(LoadResult result,
                   RunCleanLoad(Load(subject.server->port(), kRecordPurchasePath, in_flight),
                                [&requests, one_member](uint64_t number, std::string* body) {
                                  if (one_member) {
                                    requests.AppendPurchaseOfOne(number, body);
                                  } else {
                                    requests.AppendPurchase(number, body);
                                  }
                                }));
  subject.purchases += result.ok();
  return result;
}

absl::Status Bench::MeasurePurchases() {
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  ASSIGN_OR_RETURN(const LoadResult result, RecordPurchases(subject, kManyInFlight, false));
  Add(Probe::kPurchases, result);
  if (Wants(Probe::kReplays)) RETURN_IF_ERROR(MeasureReplays(subject));
  if (Wants(Probe::kBalances)) RETURN_IF_ERROR(MeasureBalances(subject));
  RETURN_IF_ERROR(StopSubject(subject));
  const std::string& store = subject.server->store();
  if (Wants(Probe::kRawLoop)) RETURN_IF_ERROR(MeasureRawLoop(store, subject.purchases));
  RemoveStore(store);
  return absl::OkStatus();
}

absl::Status Bench::MeasureReplays(Subject& subject) {
  ASSIGN_OR_RETURN(const LoadResult result,
                   RunCleanLoad(
                       Load(subject.server->port(), kRecordPurchasePath, kManyInFlight),
                       [&subject](uint64_t number, std::string* body) {
                         subject.requests->AppendPurchase(number % subject.purchases, body);
                       },
                       CheckReplayed));
  Add(Probe::kReplays, result);
  return absl::OkStatus();
}

absl::Status Bench::MeasureBalances(const Subject& subject) {
  ASSIGN_OR_RETURN(const LoadResult result,
                   RunCleanLoad(Load(subject.server->port(), kGetBalancePath, kManyInFlight),
                                [&subject](uint64_t number, std::string* body) {
                                  subject.requests->AppendGetBalance(number, body);
                                }));
  Add(Probe::kBalances, result);
  return absl::OkStatus();
}

absl::Status Bench::MeasureRawLoop(const std::string& store, uint64_t purchases) {
  ASSIGN_OR_RETURN(const PurchaseSamples samples, ReadSamples(store, purchases));
  // The server makes the schema and the members of the raw loop's store too.
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  RETURN_IF_ERROR(StopSubject(subject));
  const std::string& raw_store = subject.server->store();
  ASSIGN_OR_RETURN(const double rate, RunRawLoop(raw_store, *subject.requests, samples, purchases));
  Add(Probe::kRawLoop, rate);
  ASSIGN_OR_RETURN(const StoreContents real, ReadContents(store));
  ASSIGN_OR_RETURN(const StoreContents raw, ReadContents(raw_store));
  RETURN_IF_ERROR(CheckAlike(real, raw));
  RemoveStore(raw_store);
  return absl::OkStatus();
}

absl::Status Bench::MeasureBatches() {
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  LoadOptions options = Load(subject.server->port(), kBatchRecordPurchasesPath, kBatchesInFlight);
  ASSIGN_OR_RETURN(const LoadResult result, RunCleanLoad(
                                                options,
                                                [&subject](uint64_t number, std::string* body) {
                                                  subject.requests->AppendBatch(
                                                      number, kPurchasesPerBatch, body);
                                                },
                                                CheckBatch));
  subject.purchases = result.ok() * kPurchasesPerBatch;
  Add(Probe::kBatches, result, kPurchasesPerBatch);
  RETURN_IF_ERROR(StopSubject(subject));
  RemoveStore(subject.server->store());
  return absl::OkStatus();
}

absl::Status Bench::MeasureUnary(Probe probe, int in_flight,
                                 const std::vector<std::string>& flags) {
  ASSIGN_OR_RETURN(Subject subject, StartSubject(flags));
  ASSIGN_OR_RETURN(const LoadResult result,
                   RecordPurchases(subject, in_flight, probe == Probe::kOneMember));
  Add(probe, result);
  RETURN_IF_ERROR(StopSubject(subject));
  RemoveStore(subject.server->store());
  return absl::OkStatus();
}

absl::Status Bench::MakeEchoReplies() {
  if (has_echo_replies_) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::unique_ptr<DangolServer> server,
                   DangolServer::Start(settings_.dangold, settings_.directory));
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
  RemoveStore(server->store());
  return absl::OkStatus();
}

absl::Status Bench::MeasureEcho() {
  const bool purchases = Wants(Probe::kEchoPurchases);
  const bool balances = Wants(Probe::kEchoBalances);
  const bool empty = Wants(Probe::kEmptyRpc);
  if (!purchases && !balances && !empty) return absl::OkStatus();
  RETURN_IF_ERROR(MakeEchoReplies());
  ASSIGN_OR_RETURN(
      std::unique_ptr<EchoServer> server,
      EchoServer::Start(settings_.directory, File("purchase-reply"), File("balance-reply")));
  // Ids as long as any; the echo server does not look at them.
  const Requests requests(
      std::vector<std::string>(settings_.members, "00000000-0000-7000-8000-000000000000"),
      absl::Now());
  const WriteRequest purchase = [&](uint64_t number, std::string* body) {
    requests.AppendPurchase(number, body);
  };
  const WriteRequest balance = [&](uint64_t number, std::string* body) {
    requests.AppendGetBalance(number, body);
  };
  const auto measure = [&](Probe probe, const char* path, int in_flight,
                           const WriteRequest& write_request) -> absl::Status {
    LoadOptions options = Load(server->port(), path, in_flight);
    LoadOptions warm_up = options;
    warm_up.duration = kWarmUp;
    RETURN_IF_ERROR(RunCleanLoad(warm_up, write_request).status());
    ASSIGN_OR_RETURN(const LoadResult result, RunCleanLoad(options, write_request));
    Add(probe, result);
    return absl::OkStatus();
  };
  if (purchases) {
    RETURN_IF_ERROR(measure(Probe::kEchoPurchases, kRecordPurchasePath, kManyInFlight, purchase));
  }
  if (balances) {
    RETURN_IF_ERROR(measure(Probe::kEchoBalances, kGetBalancePath, kManyInFlight, balance));
  }
  if (empty) RETURN_IF_ERROR(measure(Probe::kEmptyRpc, kRecordPurchasePath, 1, purchase));
  return server->Stop();
}

absl::Status Bench::MeasureFsync() {
  ASSIGN_OR_RETURN(const Histogram fsync, ProbeFsync(settings_.directory, settings_.slice / 2));
  const double seconds = absl::ToDoubleSeconds(settings_.slice / 2);
  samples_[Probe::kFsync].push_back({.value = static_cast<double>(fsync.count()) / seconds,
                                     .p50_ms = fsync.QuantileMs(0.5),
                                     .p99_ms = fsync.QuantileMs(0.99)});
  return absl::OkStatus();
}

absl::Status Bench::MeasureDecide() {
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
  const nlohmann::json& benchmark = report["benchmarks"][0];
  if (benchmark.value("error_occurred", false)) {
    return absl::InternalError(benchmark.value("error_message", ""));
  }
  Add(Probe::kDecide, benchmark.value("cpu_time", 0.0) / 1000);
  return absl::OkStatus();
}

}  // namespace dangol::bench
