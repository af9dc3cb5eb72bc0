// The figures of stores that are filled before anything is measured.
#include <cmath>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/common/status_macros.h"
#include "tests/bench/households.h"
#include "tests/bench/process.h"
#include "tests/bench/rich_program.h"
#include "tests/bench/seeder.h"
#include "tests/bench/store_bench.h"

namespace dangol::bench {
namespace {

// As many times as long as the load that is measured.
constexpr int kSeededWarmUp = 10;
// More than any engine takes, with its logs.
constexpr uint64_t kSeededBytesPerMember = 24 << 10;

// Before the disk is full for everybody.
absl::Status CheckSpace(const std::string& directory, uint64_t members) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(directory, error);
  if (error || space.available >= members * kSeededBytesPerMember) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      directory, " has ", space.available >> 30, " GiB left; ", members, " members need ",
      members * kSeededBytesPerMember >> 30, ": give --directory or fewer --seeded-members"));
}

}  // namespace

absl::Status StoreBench::MeasureSeeded() {
  const bool is_first = !seeded_.url.has_value();
  if (is_first) {
    ASSIGN_OR_RETURN(seeded_.url, engine_->NewStore());
    RETURN_IF_ERROR(FillStore(*seeded_.url));
  }
  Subject& subject = seeded_.subject;
  ASSIGN_OR_RETURN(subject.server,
                   DangolServer::Start(settings_.dangold, *seeded_.url, settings_.directory));
  LoadOptions options = settings_.Load(subject.server->port(), kRecordPurchasePath, kManyInFlight);
  if (is_first) {
    // Until the cache holds what a store in use has there, and not what was written
    // last.
    LoadOptions warm_up = options;
    warm_up.duration = kSeededWarmUp * settings_.slice;
    RETURN_IF_ERROR(RecordPurchases(subject, warm_up).status());
  }
  ASSIGN_OR_RETURN(const LoadResult result, RecordPurchases(subject, options));
  Add(Probe::kSeeded, SampleOf(result));
  return StopSubject(subject);
}

absl::Status StoreBench::FillStore(const std::string& store) {
  RETURN_IF_ERROR(CheckSpace(settings_.directory, settings_.seeded_members));
  std::cerr << "filling a store of " << engine_->name() << " with " << settings_.seeded_members
            << " members\n";
  ASSIGN_OR_RETURN(Histories histories, MakeHistories(kSeldom, absl::Now()));
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine_->Open(store));
  const absl::Time begin = absl::Now();
  ASSIGN_OR_RETURN(Seeded seeded, Seed(std::move(histories), *database, settings_.seeded_members));
  RETURN_IF_ERROR(engine_->Settle(store));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  Add(Probe::kSeedRate, {.value = static_cast<double>(seeded.entries) / seconds});
  ASSIGN_OR_RETURN(const double size_gib, engine_->SizeGib(store));
  Add(Probe::kSeedGib, {.value = size_gib});
  if (const std::optional<int> mib = engine_->BufferPoolMib()) {
    Add(Probe::kBufferPool, {.value = static_cast<double>(*mib)});
  }
  std::cerr << "filled it with " << seeded.entries << " ledger entries in "
            << absl::FormatDuration(absl::Seconds(std::round(seconds))) << "\n";
  seeded_.subject.seeded = seeded.purchases;
  seeded_.subject.requests = std::make_unique<Requests>(std::move(seeded.members), absl::Now());
  return absl::OkStatus();
}

absl::StatusOr<Histories> StoreBench::MakeHistories(const Past& past, absl::Time now,
                                                    const std::vector<std::string>& flags) {
  ASSIGN_OR_RETURN(const std::string store, engine_->NewStore());
  ASSIGN_OR_RETURN(const std::unique_ptr<DangolServer> server,
                   DangolServer::Start(settings_.dangold, store, settings_.directory, flags));
  ASSIGN_OR_RETURN(const std::vector<std::string> members, server->Enroll(kHistories));
  RETURN_IF_ERROR(RecordHistories(server->port(), members, past, now));
  RETURN_IF_ERROR(server->Stop().status());
  Histories histories;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine_->Open(store));
    ASSIGN_OR_RETURN(histories, ReadHistories(*database, members, past));
  }
  RETURN_IF_ERROR(engine_->Drop(store));
  return histories;
}

absl::Status StoreBench::MeasureRich(Probe probe) {
  const bool is_first = !rich_.url.has_value();
  if (is_first) {
    ASSIGN_OR_RETURN(rich_.url, engine_->NewStore());
    RETURN_IF_ERROR(FillRichStore(*rich_.url));
  }
  Subject& subject = rich_.subject;
  ASSIGN_OR_RETURN(subject.server,
                   DangolServer::Start(settings_.dangold, *rich_.url, settings_.directory));
  const int port = subject.server->port();
  if (is_first) RETURN_IF_ERROR(FormHouseholds(port, subject.requests->members()));
  const LoadOptions options = settings_.Load(port, kRecordPurchasePath, kManyInFlight);
  // Until the server knows nearly all members, as it does those whom it has just enrolled.
  RETURN_IF_ERROR(RecordPurchases(subject, options).status());
  RETURN_IF_ERROR(engine_->Settle(*rich_.url));
  if (probe == Probe::kRichBatches) {
    ASSIGN_OR_RETURN(const Sample sample, RecordBatches(subject));
    Add(probe, sample);
  } else {
    ASSIGN_OR_RETURN(const LoadResult result, RecordPurchases(subject, options));
    Add(probe, SampleOf(result));
  }
  RETURN_IF_ERROR(StopSubject(subject));
  // Nor shall others pay for what this leaves behind.
  return engine_->Settle(*rich_.url);
}

absl::Status StoreBench::FillRichStore(const std::string& store) {
  const std::string program = settings_.directory + "/rich_program.txtpb";
  RETURN_IF_ERROR(WriteFile(program, RichProgramText()));
  const absl::Time begin = absl::Now();
  ASSIGN_OR_RETURN(Histories histories,
                   MakeHistories(kWeekly, absl::Now(), {"--program=" + program}));
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine_->Open(store));
  ASSIGN_OR_RETURN(Seeded seeded, Seed(std::move(histories), *database, settings_.rich_members));
  RETURN_IF_ERROR(engine_->Settle(store));
  ASSIGN_OR_RETURN(const int64_t record_bytes,
                   database->Integer("SELECT max(length(record)) FROM member"));
  std::cerr << "filled a store of " << engine_->name() << " with " << seeded.purchases
            << " purchases of " << settings_.rich_members << " members, whose records have up to "
            << record_bytes << " bytes, in "
            << absl::FormatDuration(absl::Trunc(absl::Now() - begin, absl::Milliseconds(100)))
            << "\n";
  rich_.subject.seeded = seeded.purchases;
  rich_.subject.requests = std::make_unique<Requests>(std::move(seeded.members), absl::Now());
  return absl::OkStatus();
}

}  // namespace dangol::bench
