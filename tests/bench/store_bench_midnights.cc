// The figures of test stores whose clock is advanced.
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "dangol/v1/clock_service.pb.h"
#include "server/common/status_macros.h"
#include "tests/bench/midnight_program.h"
#include "tests/bench/process.h"
#include "tests/bench/reviews.h"
#include "tests/bench/seeder.h"
#include "tests/bench/store_bench.h"
#include "tests/bench/store_check.h"

namespace dangol::bench {
namespace {

// The first midnight of July 2026 in Seoul, at which the members of kReviewed are reviewed; their
// clock begins to move on the day before. The year begins there, and ends with the reviews of
// tiers that were reached in June.
const absl::Time kMidnight = absl::FromUnixSeconds(1'782'831'600);
const absl::Time kDayBefore = kMidnight - absl::Hours(12);
const absl::Time kYearLater = kMidnight + absl::Hours(24 * 365);
// Whatever is due when a server first looks happens before anything is measured.
constexpr absl::Duration kFirstStep = absl::Seconds(1);
constexpr absl::Duration kClockPatience = absl::Hours(1);

// Only in a new store it says what the clock shows.
std::string TestClockFlag(absl::Time begin) {
  return absl::StrCat("--test-clock=", absl::FormatTime(begin, absl::UTCTimeZone()));
}

}  // namespace

absl::StatusOr<std::string> StoreBench::FillTestStore(const Past& past, absl::Time begin,
                                                      uint64_t members,
                                                      std::optional<Histories>& histories) {
  if (!histories.has_value()) {
    const std::string program = settings_.directory + "/midnight_program.txtpb";
    RETURN_IF_ERROR(WriteFile(program, MidnightProgramText()));
    ASSIGN_OR_RETURN(histories,
                     MakeHistories(past, begin, {TestClockFlag(begin), "--program=" + program}));
  }
  ASSIGN_OR_RETURN(const std::string store, engine_->NewStore());
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine_->Open(store));
    RETURN_IF_ERROR(Seed(*histories, *database, members).status());
  }
  RETURN_IF_ERROR(AdvanceClock(store, begin + kFirstStep).status());
  RETURN_IF_ERROR(engine_->Settle(store));
  return store;
}

absl::StatusOr<absl::Duration> StoreBench::AdvanceClock(const std::string& store, absl::Time to) {
  ASSIGN_OR_RETURN(
      const std::unique_ptr<DangolServer> server,
      DangolServer::Start(settings_.dangold, store, settings_.directory, {TestClockFlag(to)}));
  v1::AdvanceClockRequest request;
  request.set_request_id(absl::StrCat("advance-", absl::ToUnixSeconds(to)));
  request.mutable_to()->set_seconds(absl::ToUnixSeconds(to));
  const LoadOptions options = {.port = server->port(),
                               .path = kAdvanceClockPath,
                               .calls_max = 1,
                               .silence_max = kClockPatience};
  ASSIGN_OR_RETURN(const LoadResult result,
                   RunCleanLoad(options, [&](uint64_t /*number*/, std::string* body) {
                     request.AppendToString(body);
                   }));
  RETURN_IF_ERROR(server->Stop().status());
  return result.elapsed;
}

absl::Status StoreBench::MeasureReviews() {
  const uint64_t members = settings_.reviewed_members;
  if (!samples_.contains(Probe::kReviewedMembers)) {
    Add(Probe::kReviewedMembers, {.value = static_cast<double>(members)});
  }
  ASSIGN_OR_RETURN(const std::string store,
                   FillTestStore(kReviewed, kDayBefore, members, reviewed_));
  ASSIGN_OR_RETURN(const absl::Duration elapsed, AdvanceClock(store, kMidnight));
  Add(Probe::kReviews, {.value = static_cast<double>(members) / absl::ToDoubleSeconds(elapsed)});
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine_->Open(store));
    RETURN_IF_ERROR(CheckReviews(*database, members, kMidnight));
  }
  if (Wants(Probe::kRawReviews)) RETURN_IF_ERROR(MeasureRawReviews(store));
  return engine_->Drop(store);
}

absl::Status StoreBench::MeasureRawReviews(const std::string& reviewed) {
  const std::vector<Heir> heirs = MakeHeirs(settings_.reviewed_members);
  ASSIGN_OR_RETURN(const std::string raw_store,
                   FillTestStore(kReviewed, kDayBefore, heirs.size(), reviewed_));
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> real, engine_->Open(reviewed));
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> raw, engine_->Open(raw_store));
  ASSIGN_OR_RETURN(ReviewSamples samples, ReadReviews(*raw, *real, heirs));
  ASSIGN_OR_RETURN(const double rate,
                   RunReviewLoop(*engine_, raw_store, std::move(samples), heirs));
  Add(Probe::kRawReviews, {.value = rate});
  RETURN_IF_ERROR(CheckReviews(*raw, heirs.size(), kMidnight));
  ASSIGN_OR_RETURN(const StoreContents real_contents, ReadContents(*real));
  ASSIGN_OR_RETURN(const StoreContents raw_contents, ReadContents(*raw));
  RETURN_IF_ERROR(CheckAlike(real_contents, raw_contents));
  return engine_->Drop(raw_store);
}

absl::Status StoreBench::MeasureYear() {
  const uint64_t members = settings_.year_members;
  if (!samples_.contains(Probe::kYearMembers)) {
    Add(Probe::kYearMembers, {.value = static_cast<double>(members)});
  }
  ASSIGN_OR_RETURN(const std::string store,
                   FillTestStore(kThroughTheYear, kMidnight, members, year_));
  ASSIGN_OR_RETURN(const absl::Duration elapsed, AdvanceClock(store, kYearLater));
  const double seconds = absl::ToDoubleSeconds(elapsed);
  Add(Probe::kYear, {.value = seconds});
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, engine_->Open(store));
    RETURN_IF_ERROR(CheckReviews(*database, members, kMidnight + kFirstStep));
    ASSIGN_OR_RETURN(const int64_t moves,
                     database->Integer("SELECT count(*) FROM command_log WHERE kind = 6"));
    Add(Probe::kYearMoves, {.value = static_cast<double>(moves) / seconds});
  }
  return engine_->Drop(store);
}

}  // namespace dangol::bench
