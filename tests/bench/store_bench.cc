#include "tests/bench/store_bench.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/v1/purchase_service.pb.h"
#include "server/common/status_macros.h"
#include "tests/bench/store_check.h"
#include "tests/bench/till_access.h"

namespace dangol::bench {
namespace {

constexpr int kBatchesInFlight = 4;
constexpr uint64_t kPurchasesPerBatch = 100;
constexpr double kOpenLoopShare = 0.7;
// More than the lane needs to catch up after any pause.
constexpr int kOpenLoopInFlight = 1'024;
// `replayed = true` at the end of a RecordPurchaseResponse: field 15, varint 1.
constexpr char kReplayed[] = "\x78\x01";

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

}  // namespace

void StoreBench::BeginRound(std::set<Probe> wanted) {
  wanted_ = std::move(wanted);
  memory_mib_ = 0;
}

void StoreBench::EndRound() {
  if (Wants(Probe::kMemory)) Add(Probe::kMemory, {.value = memory_mib_});
}

absl::Status StoreBench::Measure(Probe probe) {
  if (!Wants(probe)) return absl::OkStatus();
  switch (probe) {
    case Probe::kPurchases:
      return MeasurePurchases();
    case Probe::kBatches:
      return MeasureBatches();
    case Probe::kRichPurchases:
    case Probe::kRichBatches:
      return MeasureRich(probe);
    case Probe::kOneMember:
      return MeasureUnary(probe, kManyInFlight);
    case Probe::kSixtyFour:
      return MeasureUnary(probe, kSomeInFlight);
    case Probe::kOneByOne:
      return MeasureUnary(probe, kSomeInFlight, {"--batch-limit=1"});
    case Probe::kAlone:
      return MeasureUnary(probe, 1);
    case Probe::kGuarded:
      return MeasureGuarded();
    case Probe::kMetered:
      return MeasureUnary(probe, kManyInFlight, {"--metrics-listen=127.0.0.1:0"});
    case Probe::kSeeded:
      return MeasureSeeded();
    case Probe::kSpending:
      return MeasureSpending();
    case Probe::kReturns:
      return MeasureReturns();
    case Probe::kReviews:
      return MeasureReviews();
    case Probe::kYear:
      return MeasureYear();
    case Probe::kTreeLater:
      return MeasureTree();
    default:
      return absl::InternalError("this probe is measured with another one");
  }
}

absl::StatusOr<StoreBench::Subject> StoreBench::StartSubject(const std::vector<std::string>& flags,
                                                             const std::string& token) {
  Subject subject;
  ASSIGN_OR_RETURN(const std::string store, engine_->NewStore());
  ASSIGN_OR_RETURN(subject.server,
                   DangolServer::Start(settings_.dangold, store, settings_.directory, flags));
  ASSIGN_OR_RETURN(std::vector<std::string> members,
                   subject.server->Enroll(settings_.members, AppendEnroll, kEnrollInFlight, token));
  subject.requests = std::make_unique<Requests>(std::move(members), absl::Now());
  return subject;
}

absl::Status StoreBench::StopSubject(Subject& subject) {
  RETURN_IF_ERROR(CheckStore(subject));
  ASSIGN_OR_RETURN(const double memory_mib, subject.server->Stop());
  memory_mib_ = std::max(memory_mib_, memory_mib);
  return absl::OkStatus();
}

absl::Status StoreBench::CheckStore(const Subject& subject) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                   engine_->Open(subject.server->store()));
  return CheckPurchases(*database, subject.seeded + subject.purchases);
}

absl::StatusOr<LoadResult> StoreBench::RecordPurchases(Subject& subject, const LoadOptions& options,
                                                       const Buyer& buyer) {
  const Requests& requests = *subject.requests;
  const uint64_t first = subject.purchases;
  ASSIGN_OR_RETURN(LoadResult result,
                   RunCleanLoad(options, [&](uint64_t number, std::string* body) {
                     const uint64_t purchase = first + number;
                     const size_t member = buyer ? buyer(purchase) : requests.MemberOf(purchase);
                     requests.AppendPurchaseOf(member, purchase, body);
                   }));
  subject.purchases += result.ok();
  return result;
}

absl::Status StoreBench::MeasurePurchases() {
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  const int port = subject.server->port();
  ASSIGN_OR_RETURN(
      const LoadResult result,
      RecordPurchases(subject, settings_.Load(port, kRecordPurchasePath, kManyInFlight)));
  Add(Probe::kPurchases, SampleOf(result));
  if (Wants(Probe::kOpenLoop)) RETURN_IF_ERROR(MeasureOpenLoop(subject, result.Rate()));
  if (Wants(Probe::kReplays)) RETURN_IF_ERROR(MeasureReplays(subject));
  if (Wants(Probe::kBalances)) RETURN_IF_ERROR(MeasureBalances(subject));
  RETURN_IF_ERROR(StopSubject(subject));
  const std::string& store = subject.server->store();
  if (Wants(Probe::kRawLoop)) RETURN_IF_ERROR(MeasureRawLoop(store, subject.purchases));
  return engine_->Drop(store);
}

absl::Status StoreBench::MeasureOpenLoop(Subject& subject, double purchases_per_second) {
  LoadOptions options =
      settings_.Load(subject.server->port(), kRecordPurchasePath, kOpenLoopInFlight);
  options.calls_per_second = kOpenLoopShare * purchases_per_second;
  ASSIGN_OR_RETURN(const LoadResult result, RecordPurchases(subject, options));
  Add(Probe::kOpenLoop, SampleOf(result));
  return absl::OkStatus();
}

absl::Status StoreBench::MeasureReplays(const Subject& subject) {
  ASSIGN_OR_RETURN(const LoadResult result,
                   RunCleanLoad(
                       settings_.Load(subject.server->port(), kRecordPurchasePath, kManyInFlight),
                       [&subject](uint64_t number, std::string* body) {
                         subject.requests->AppendPurchase(number % subject.purchases, body);
                       },
                       CheckReplayed));
  Add(Probe::kReplays, SampleOf(result));
  return absl::OkStatus();
}

absl::Status StoreBench::MeasureBalances(const Subject& subject) {
  ASSIGN_OR_RETURN(
      const LoadResult result,
      RunCleanLoad(settings_.Load(subject.server->port(), kGetBalancePath, kManyInFlight),
                   [&subject](uint64_t number, std::string* body) {
                     subject.requests->AppendGetBalance(number, body);
                   }));
  Add(Probe::kBalances, SampleOf(result));
  return absl::OkStatus();
}

absl::Status StoreBench::MeasureRawLoop(const std::string& store, uint64_t purchases) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> real, engine_->Open(store));
  ASSIGN_OR_RETURN(const PurchaseSamples samples, ReadSamples(*real, purchases));
  // The server makes the members of the raw loop's store too.
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  RETURN_IF_ERROR(StopSubject(subject));
  const std::string& raw_store = subject.server->store();
  ASSIGN_OR_RETURN(const double rate,
                   engine_->RunRawLoop(raw_store, *subject.requests, samples, purchases));
  Add(Probe::kRawLoop, {.value = rate});
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> raw, engine_->Open(raw_store));
  ASSIGN_OR_RETURN(const StoreContents real_contents, ReadContents(*real));
  ASSIGN_OR_RETURN(const StoreContents raw_contents, ReadContents(*raw));
  RETURN_IF_ERROR(CheckAlike(real_contents, raw_contents));
  return engine_->Drop(raw_store);
}

absl::StatusOr<Sample> StoreBench::RecordBatches(Subject& subject) {
  const LoadOptions options =
      settings_.Load(subject.server->port(), kBatchRecordPurchasesPath, kBatchesInFlight);
  const Requests& requests = *subject.requests;
  const uint64_t first = subject.purchases;
  ASSIGN_OR_RETURN(const LoadResult result, RunCleanLoad(
                                                options,
                                                [&](uint64_t number, std::string* body) {
                                                  requests.AppendBatch(
                                                      first + number * kPurchasesPerBatch,
                                                      kPurchasesPerBatch, body);
                                                },
                                                CheckBatch));
  subject.purchases += result.ok() * kPurchasesPerBatch;
  return SampleOf(result, kPurchasesPerBatch);
}

absl::Status StoreBench::MeasureBatches() {
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  ASSIGN_OR_RETURN(const Sample sample, RecordBatches(subject));
  Add(Probe::kBatches, sample);
  RETURN_IF_ERROR(StopSubject(subject));
  return engine_->Drop(subject.server->store());
}

absl::Status StoreBench::MeasureUnary(Probe probe, int in_flight,
                                      const std::vector<std::string>& flags) {
  ASSIGN_OR_RETURN(Subject subject, StartSubject(flags));
  const LoadOptions options =
      settings_.Load(subject.server->port(), kRecordPurchasePath, in_flight);
  const Buyer the_first = [](uint64_t /*number*/) { return 0; };
  ASSIGN_OR_RETURN(
      const LoadResult result,
      RecordPurchases(subject, options, probe == Probe::kOneMember ? the_first : nullptr));
  Add(probe, SampleOf(result));
  RETURN_IF_ERROR(StopSubject(subject));
  return engine_->Drop(subject.server->store());
}

absl::Status StoreBench::MeasureGuarded() {
  ASSIGN_OR_RETURN(const TillAccess access, TillAccess::Write(settings_.directory));
  ASSIGN_OR_RETURN(Subject subject, StartSubject({"--access=" + access.file}, access.token));
  LoadOptions options = settings_.Load(subject.server->port(), kRecordPurchasePath, kManyInFlight);
  options.token = access.token;
  ASSIGN_OR_RETURN(const LoadResult result, RecordPurchases(subject, options));
  Add(Probe::kGuarded, SampleOf(result));
  RETURN_IF_ERROR(StopSubject(subject));
  return engine_->Drop(subject.server->store());
}

// Everybody is given points first: those of purchases are pending for two weeks. All is
// reserved before anything is captured, so that no capture overtakes its reservation.
absl::Status StoreBench::MeasureSpending() {
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  const Requests& requests = *subject.requests;
  const int port = subject.server->port();
  LoadOptions giving = settings_.Load(port, kAdjustPath, kManyInFlight);
  giving.calls_max = requests.members().size();
  giving.duration = absl::InfiniteDuration();
  RETURN_IF_ERROR(RunCleanLoad(giving, [&](uint64_t number, std::string* body) {
                    requests.AppendAdjust(number, body);
                  }).status());
  ASSIGN_OR_RETURN(const LoadResult reserved,
                   RunCleanLoad(settings_.Load(port, kReservePath, kManyInFlight),
                                [&](uint64_t number, std::string* body) {
                                  requests.AppendReserve(number, body);
                                }));
  LoadOptions capturing = settings_.Load(port, kCapturePath, kManyInFlight);
  capturing.calls_max = reserved.ok();
  capturing.duration = absl::InfiniteDuration();
  ASSIGN_OR_RETURN(const LoadResult captured,
                   RunCleanLoad(capturing, [&](uint64_t number, std::string* body) {
                     requests.AppendCapture(number, body);
                   }));
  const absl::Duration elapsed = reserved.elapsed + captured.elapsed;
  Add(Probe::kSpending,
      {.value = static_cast<double>(captured.ok()) / absl::ToDoubleSeconds(elapsed)});
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                     engine_->Open(subject.server->store()));
    RETURN_IF_ERROR(CheckCaptures(*database, captured.ok()));
  }
  RETURN_IF_ERROR(StopSubject(subject));
  return engine_->Drop(subject.server->store());
}

absl::Status StoreBench::MeasureReturns() {
  ASSIGN_OR_RETURN(Subject subject, StartSubject());
  const int port = subject.server->port();
  RETURN_IF_ERROR(
      RecordPurchases(subject, settings_.Load(port, kRecordPurchasePath, kManyInFlight)).status());
  LoadOptions returning = settings_.Load(port, kRecordReturnPath, kManyInFlight);
  returning.calls_max = subject.purchases;
  ASSIGN_OR_RETURN(const LoadResult result,
                   RunCleanLoad(returning, [&](uint64_t number, std::string* body) {
                     subject.requests->AppendReturn(number, body);
                   }));
  Add(Probe::kReturns, SampleOf(result));
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                     engine_->Open(subject.server->store()));
    RETURN_IF_ERROR(CheckReturns(*database, result.ok()));
  }
  RETURN_IF_ERROR(StopSubject(subject));
  return engine_->Drop(subject.server->store());
}

}  // namespace dangol::bench
