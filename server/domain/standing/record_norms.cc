#include "server/domain/standing/record_norms.h"

#include <algorithm>
#include <utility>

#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/program/calendar.h"

namespace dangol::domain {
namespace {

// The first day of the period that has this one.
absl::CivilDay PeriodBegin(NormsInterval interval, absl::CivilDay day) {
  switch (interval) {
    case NormsInterval::kMonthly:
      return absl::CivilDay(absl::CivilMonth(day));
    case NormsInterval::kWeekly:
      return absl::PrevWeekday(day + 1, absl::Weekday::monday);
    case NormsInterval::kDaily:
    case NormsInterval::kNever:
      break;
  }
  return day;
}

// The first day of the next one.
absl::CivilDay NextBegin(NormsInterval interval, absl::CivilDay day) {
  switch (interval) {
    case NormsInterval::kMonthly:
      return absl::CivilDay(absl::CivilMonth(day) + 1);
    case NormsInterval::kWeekly:
      return absl::NextWeekday(day, absl::Weekday::monday);
    case NormsInterval::kDaily:
    case NormsInterval::kNever:
      break;
  }
  return day + 1;
}

// The latest that fit a program, whoever was scored; null where there are none.
const Norms* LatestOf(const Program& program, const ProgramCatalog& catalog, bool of_advocates) {
  const NormsBasis basis = BasisOf(program);
  const auto latest =
      std::find_if(catalog.norms().rbegin(), catalog.norms().rend(), [&](const Norms& norms) {
        const bool is_wanted = of_advocates ? norms.advocates.has_value() : !norms.only_advocates;
        return is_wanted && norms.basis == basis;
      });
  return latest == catalog.norms().rend() ? nullptr : &*latest;
}

// How often cut points are computed, by themselves.
NormsInterval IntervalOf(const Program& program, const Norms* latest) {
  if (program.rfm->thresholds.has_value()) return NormsInterval::kNever;
  const NormsInterval interval = program.rfm->recompute;
  // Few are soon others.
  const bool are_few = latest != nullptr && latest->members < limits::kMinNormsMembers;
  return interval != NormsInterval::kNever && are_few ? NormsInterval::kDaily : interval;
}

// When the next are due after the latest, at such an interval. `first`: the next that can be.
std::optional<NormsDue> DueAfter(const Norms* latest, NormsInterval interval, const NormsDue& first,
                                 absl::TimeZone zone) {
  if (interval == NormsInterval::kNever) return std::nullopt;
  const absl::CivilDay from = DayOf(first.from);
  if (latest == nullptr || latest->from < NumberOf(PeriodBegin(interval, from))) return first;
  const absl::CivilDay begin = NextBegin(interval, from);
  NormsDue next;
  next.at = StartOfDay(begin - 1, zone);
  next.day = NumberOf(begin) - 2;
  next.from = NumberOf(begin);
  return next;
}

// The same of what advocates are judged by: daily, and of every day, though somebody may have asked
// for some just before midnight.
std::optional<NormsDue> AdvocatesDueAfter(const Norms* latest, const NormsDue& first,
                                          absl::TimeZone zone) {
  const bool is_of_less =
      latest != nullptr && latest->from == first.from && latest->day < first.day;
  return is_of_less ? first : DueAfter(latest, NormsInterval::kDaily, first, zone);
}

// Both at once where both are due at the same time, else what comes first.
std::optional<NormsDue> SoonerOf(std::optional<NormsDue> scores,
                                 std::optional<NormsDue> advocates) {
  if (advocates.has_value()) {
    advocates->scores = scores.has_value() && scores->at == advocates->at;
    advocates->advocates = true;
  }
  if (!scores.has_value()) return advocates;
  return advocates.has_value() && advocates->at <= scores->at ? advocates : scores;
}

NormsDue DueNow(absl::Time now, absl::TimeZone zone) {
  return {now, NumberOf(absl::ToCivilDay(now, zone)) - 1, FirstDayOfNorms(now, zone)};
}

}  // namespace

const Program& ProgramOfNorms(const NormsDue& due, const ProgramCatalog& catalog, absl::Time now) {
  const absl::TimeZone zone = catalog.At(now)->program->time_zone;
  return *catalog.At(std::max(now, StartOfDay(DayOf(due.from), zone)))->program;
}

std::optional<NormsDue> NextNorms(const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return std::nullopt;
  const absl::TimeZone zone = version->program->time_zone;
  NormsDue due = DueNow(now, zone);
  if (due.from > due.day + 2) {
    // Midnight is too close: what is computed after it is of one more day.
    ++due.day;
    due.at = StartOfDay(DayOf(due.day) + 1, zone);
  }
  const Program& program = ProgramOfNorms(due, catalog, now);
  if (!program.rfm.has_value()) return std::nullopt;
  const Norms* const scored = LatestOf(program, catalog, /*of_advocates=*/false);
  std::optional<NormsDue> advocates;
  if (JudgesAdvocates(program)) {
    advocates = AdvocatesDueAfter(LatestOf(program, catalog, /*of_advocates=*/true), due, zone);
  }
  return SoonerOf(DueAfter(scored, IntervalOf(program, scored), due, zone), advocates);
}

absl::StatusOr<NormsDue> NormsNow(const ProgramCatalog& catalog, absl::Time now) {
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  NormsDue due = DueNow(now, version->program->time_zone);
  const Program& program = ProgramOfNorms(due, catalog, now);
  if (!program.rfm.has_value()) return RfmNotDeclared(program.name);
  due.scores = !program.rfm->thresholds.has_value();
  due.advocates = JudgesAdvocates(program);
  if (!due.scores && !due.advocates) return RfmHasThresholds(program.name);
  return due;
}

absl::StatusOr<Decision> DecideRecordNorms(const RecordNorms& command,
                                           const ProgramCatalog& catalog, absl::Time now) {
  RETURN_IF_ERROR(NormsNow(catalog, now).status());
  const absl::TimeZone zone = catalog.At(now)->program->time_zone;
  if (command.norms.from < FirstDayOfNorms(now, zone)) return NormsTooLate();
  Norms norms = command.norms;
  norms.number = catalog.rules() + 1;
  norms.effective_from = StartOfDay(DayOf(norms.from), zone);
  norms.recorded_at = now;
  Decision decision;
  decision.effects.norms = norms;
  decision.outcome = NormsOutcome{std::move(norms)};
  return decision;
}

}  // namespace dangol::domain
