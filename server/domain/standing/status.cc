#include "server/domain/standing/status.h"

#include <utility>

#include "server/domain/standing/judge.h"

namespace dangol::domain {
namespace {

TierLabel LabelOf(const Ladder& ladder, int tier) {
  if (tier < 0) return {};
  const Tier& of = ladder.tiers[static_cast<size_t>(tier)];
  return {of.id, of.name};
}

// What a review at the end of the last day would find, if nothing more were done.
void ForeseeReview(const Assessor& assessor, int tier, TierStatus& status) {
  const DayNumber last = status.span.valid_until;
  if (last == 0 || tier < 0) return;
  const Tier& held = assessor.ladder().tiers[static_cast<size_t>(tier)];
  ReviewForecast& review = status.review;
  review.criteria = assessor.ValuesOf(held.keep, status.span, last);
  review.any = held.keep.any;
  const bool is_kept =
      KeepsAll(assessor.ladder(), last) || assessor.IsKept(tier, status.span, last);
  review.grace = !is_kept && assessor.ladder().grace_days > 0 && status.span.missed_on == 0;
  review.at_risk = !is_kept;
  const bool stays = is_kept || review.grace;
  review.tier =
      LabelOf(assessor.ladder(), stays ? tier : assessor.FallsTo(tier, status.span, last));
}

void TellNext(const Assessor& assessor, int tier, DayNumber today, TierStatus& status) {
  const Ladder& ladder = assessor.ladder();
  const int next = tier + 1;
  if (next >= static_cast<int>(ladder.tiers.size())) return;
  const Criteria& reach = ladder.tiers[static_cast<size_t>(next)].reach;
  status.next = LabelOf(ladder, next);
  status.next_criteria = assessor.ValuesOf(reach, status.span.WithoutGrace(), today);
  status.next_any = reach.any;
  const auto year = YearOf(ladder.qualification, assessor.enrolled(), today);
  if (year.has_value()) status.next_until = year->until - 1;
}

}  // namespace

TierStatus StatusOn(const Ladder& ladder, const Program& program, const Member& person,
                    const ProgramCatalog& catalog, DayNumber day) {
  const Assessor assessor(ladder, person, program, catalog);
  TierStatus status;
  status.ladder = ladder.id;
  status.span = SpanOn(person, ladder, day);
  const int qualified = assessor.IndexOf(status.span);
  const int tier = TierOn(person, ladder, day);
  status.qualified = LabelOf(ladder, qualified);
  status.tier = LabelOf(ladder, tier);
  for (const TierOverride* decided : DecisionsOf(person, ladder.id)) {
    if (decided->Holds(day)) status.decided = *decided;
  }
  if (qualified >= 0) {
    const Tier& held = ladder.tiers[static_cast<size_t>(qualified)];
    const Criteria& criteria = status.span.reached_on == day ? held.reach : held.keep;
    status.criteria = assessor.ValuesOf(criteria, status.span, day);
    status.any = criteria.any;
  }
  ForeseeReview(assessor, qualified, status);
  TellNext(assessor, std::max(qualified, tier), day, status);
  return status;
}

std::vector<TierStatus> StatusOf(const Member& person, const ProgramCatalog& catalog,
                                 absl::Time now) {
  std::vector<TierStatus> statuses;
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr) return statuses;
  const Program& program = *version->program;
  const DayNumber today = NumberOf(absl::ToCivilDay(now, program.time_zone));
  for (const Ladder& ladder : program.ladders) {
    statuses.push_back(StatusOn(ladder, program, person, catalog, today));
  }
  return statuses;
}

std::vector<ImportOf> ImportsOf(const Member& person) {
  std::vector<ImportOf> imports;
  for (const History& history : person.histories) {
    for (const LifetimeImport& import : history.imports) {
      imports.push_back({history.person, import});
    }
  }
  return imports;
}

std::vector<TierLabel> TiersOf(const Member& person, const ProgramCatalog& catalog,
                               absl::Time now) {
  std::vector<TierLabel> tiers;
  const ProgramVersion* const version = catalog.At(now);
  if (version == nullptr || version->program->ladders.empty()) return tiers;
  const DayNumber today = NumberOf(absl::ToCivilDay(now, version->program->time_zone));
  for (const Ladder& ladder : version->program->ladders) {
    tiers.push_back(LabelOf(ladder, TierOn(person, ladder, today)));
  }
  return tiers;
}

std::vector<TierChange> ChangesSince(const std::vector<TierLabel>& before, const Member& person,
                                     const ProgramCatalog& catalog, absl::Time now) {
  std::vector<TierChange> changes;
  if (before.empty()) return changes;
  const Program& program = *catalog.At(now)->program;
  const DayNumber today = NumberOf(absl::ToCivilDay(now, program.time_zone));
  for (size_t i = 0; i < program.ladders.size(); ++i) {
    const Ladder& ladder = program.ladders[i];
    const Assessor assessor(ladder, person, program, catalog);
    TierStatus status;
    status.span = SpanOn(person, ladder, today);
    const int tier = TierOn(person, ladder, today);
    TellNext(assessor, std::max(tier, assessor.IndexOf(status.span)), today, status);
    changes.push_back({ladder.id, before[i], LabelOf(ladder, tier), std::move(status.next),
                       std::move(status.next_criteria), status.next_any});
  }
  return changes;
}

}  // namespace dangol::domain
