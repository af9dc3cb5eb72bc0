#include "server/lane/clock_mover.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/lane/due_members.h"
#include "server/lane/fault.h"

namespace dangol::lane {
namespace {

absl::Status ClockGoesBack(absl::Time to, absl::Time now) {
  ErrorDetails details;
  details.reason = "CLOCK_GOES_BACK";
  details.violations.push_back({"to", "lies before what the clock shows"});
  details.metadata["now"] = FormatUtc(now);
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat("the clock shows ", FormatUtc(now),
                                " and never goes back, so not to ", FormatUtc(to)),
                   details);
}

absl::Status TooFarAhead(const ClockAdvance& advance) {
  return InvalidField("INVALID_FIELDS", advance.to.has_value() ? "to" : "by",
                      "must lead to 100 years ahead at most, and to the year 9999");
}

absl::Status ClockOnItsWay(const storage::StoredClock& clock) {
  ErrorDetails details;
  details.reason = "CLOCK_ON_ITS_WAY";
  details.retry_delay = absl::Seconds(1);
  details.metadata["now"] = FormatUtc(clock.now);
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("the clock got to ", FormatUtc(clock.now), " on its way to ",
                                FormatUtc(clock.to), "; the same call goes on from there"),
                   details);
}

absl::Status AdvanceIdReused(const ClockAdvance& advance, absl::Time recorded_at) {
  ErrorDetails details;
  details.reason = "REQUEST_ID_REUSED";
  details.violations.push_back({"request_id", "was used before, for other content"});
  details.metadata["recorded_at"] = FormatUtc(recorded_at);
  details.metadata["fields"] = advance.to.has_value() ? "to" : "by";
  details.metadata["money_differs"] = "false";
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat("request_id ", advance.request_id, " was used before, at ",
                                FormatUtc(recorded_at), ", to advance the clock to another moment"),
                   details);
}

}  // namespace

ClockMover::ClockMover(TestClock& clock, ReadPool& reads, Lanes& lanes, ProgramLibrary& programs,
                       NormsKeeper& norms, DateKeeper& dates)
    : clock_(clock),
      reads_(reads),
      lanes_(lanes),
      programs_(programs),
      norms_(norms),
      dates_(dates),
      thread_([this] { Loop(); }) {}

ClockMover::~ClockMover() { Stop(); }

void ClockMover::Submit(ClockAdvance advance) {
  absl::Status refused;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) {
      refused = ShuttingDown();
    } else if (waiting_.size() >= limits::kMaxQueuedClockAdvances) {
      refused = Overloaded();
    } else {
      waiting_.push_back(std::move(advance));
      return;
    }
  }
  advance.done(refused);
}

void ClockMover::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool ClockMover::IsStopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void ClockMover::Loop() {
  while (true) {
    ClockAdvance advance;
    bool stopping = false;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &ClockMover::HasWork));
      if (waiting_.empty()) return;
      stopping = stopping_;
      advance = std::move(waiting_.front());
      waiting_.pop_front();
    }
    advance.done(stopping ? absl::StatusOr<ClockMoved>(ShuttingDown()) : Run(advance));
  }
}

absl::StatusOr<ClockMoved> ClockMover::Run(const ClockAdvance& advance) {
  ASSIGN_OR_RETURN(storage::StoredClock clock, clock_.Refresh());
  const bool is_known = clock.request_id == advance.request_id;
  const absl::Time from = is_known ? clock.from : clock.now;
  ASSIGN_OR_RETURN(const absl::Time to, TargetOf(advance, from));
  if (is_known && to != clock.to) return AdvanceIdReused(advance, clock.from);
  if (to < from) return ClockGoesBack(to, clock.now);
  if (to > std::min(from + limits::kMaxClockAdvance, limits::kMaxClock)) {
    return TooFarAhead(advance);
  }
  const bool is_done = is_known && clock.now == to;
  if (!is_known) {
    clock.request_id = advance.request_id;
    clock.from = from;
    clock.to = to;
    const absl::Status noted = clock_.Write(clock);
    if (!noted.ok()) return ExplainFault(noted);
  }
  if (!is_done) RETURN_IF_ERROR(Travel(advance, clock));
  return ClockMoved{to, is_done};
}

absl::StatusOr<absl::Time> ClockMover::TargetOf(const ClockAdvance& advance,
                                                absl::Time from) const {
  if (advance.to.has_value()) return *advance.to;
  std::shared_ptr<const domain::ProgramCatalog> catalog;
  RETURN_IF_ERROR(reads_.RunAndWait([&](storage::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(catalog, programs_.Refresh(reader));
    return absl::OkStatus();
  }));
  const domain::ProgramVersion* const version = catalog->At(from);
  if (version == nullptr) return domain::ProgramMissing();
  return domain::LaterBy(from, advance.by, version->program->time_zone);
}

absl::Status ClockMover::Travel(const ClockAdvance& advance, storage::StoredClock& clock) {
  int standstills = 0;
  while (true) {
    RETURN_IF_ERROR(SettleDue(advance, clock));
    ASSIGN_OR_RETURN(const absl::Time norms_due, norms_.KeepUp(clock.now));
    ASSIGN_OR_RETURN(const absl::Time version_due, dates_.KeepUp(clock.now));
    if (clock.now == clock.to) return absl::OkStatus();
    absl::Time next;
    RETURN_IF_ERROR(reads_.RunAndWait([&](storage::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(next, reader.NextDueAt());
      return absl::OkStatus();
    }));
    // What came in between may be due by now.
    next = std::clamp(std::min({next, norms_due, version_due}), clock.now, clock.to);
    standstills = next == clock.now ? standstills + 1 : 0;
    if (standstills > limits::kMaxStandstills) {
      return absl::InternalError("what is due to members does not happen");
    }
    clock.now = next;
    const absl::Status moved = clock_.Write(clock);
    if (!moved.ok()) return ExplainFault(moved);
  }
}

absl::Status ClockMover::SettleDue(const ClockAdvance& advance, const storage::StoredClock& clock) {
  const absl::Status settled =
      AdvanceDueMembers(reads_, lanes_, clock.now, std::numeric_limits<size_t>::max(), [&] {
        return advance.is_abandoned() || IsStopping();
      }).status();
  return absl::IsCancelled(settled) ? ClockOnItsWay(clock) : settled;
}

}  // namespace dangol::lane
