#include "server/domain/standing/assessor.h"

#include <algorithm>
#include <optional>
#include <string>

#include "server/domain/standing/activity_score.h"

namespace dangol::domain {
namespace {

bool CountsTheSame(const Criterion& a, const Criterion& b) {
  return a.indicator == b.indicator && a.of == b.of && !a.lifetime && !b.lifetime;
}

}  // namespace

Assessor::Assessor(const Ladder& ladder, const Member& person, const Program& program,
                   const ProgramCatalog& catalog)
    : ladder_(ladder),
      histories_(person.histories),
      program_(program),
      catalog_(catalog),
      enrolled_(NumberOf(absl::ToCivilDay(person.enrolled_at, program.time_zone))) {}

bool Assessor::IsBase(int tier) const {
  return tier == 0 && ladder_.tiers.front().reach.items.empty();
}

std::vector<Judged> Assessor::ValuesOf(const Criteria& criteria, const TierSpan& span,
                                       DayNumber last) const {
  const Days window = WindowAt(span, last);
  std::vector<Judged> values;
  values.reserve(criteria.items.size());
  for (const Criterion& criterion : criteria.items) {
    Judged& judged = values.emplace_back();
    judged.criterion = criterion;
    if (IsScored(criterion.indicator)) {
      judged.days = RfmWindow(*program_.rfm, last);
      judged.value = ScoreOf(criterion, last);
      judged.threshold = criterion.at_least;
      continue;
    }
    judged.days = criterion.lifetime ? AllDaysUntil(last) : window;
    judged.value = ValueOf(criterion, histories_, judged.days, catalog_);
    judged.threshold = ThresholdOf(criterion, ladder_, last);
    if (ladder_.rollover.has_value() && CountsTheSame(ladder_.rollover->counted, criterion)) {
      judged.carried = span.missed_on == 0 ? span.carried : span.missed_carried;
      judged.value += judged.carried;
    }
    if (criterion.lifetime) {
      judged.imported = ImportedOf(criterion, histories_, last);
      judged.value += judged.imported;
    }
  }
  return values;
}

bool Assessor::IsReached(int tier, const TierSpan& span, DayNumber last) const {
  return IsMet(ladder_.tiers[static_cast<size_t>(tier)].reach, span, last);
}

bool Assessor::IsKept(int tier, const TierSpan& span, DayNumber last) const {
  return IsMet(ladder_.tiers[static_cast<size_t>(tier)].keep, span, last) ||
         IsReached(tier, span, last);
}

int Assessor::HighestKept(int highest, const TierSpan& span, DayNumber last) const {
  int tier = highest;
  while (tier >= 0 && !IsKept(tier, span, last)) --tier;
  return tier;
}

int Assessor::FallsTo(int tier, const TierSpan& span, DayNumber last) const {
  if (ladder_.fall == Fall::kOneStep) {
    Criterion purchases;
    purchases.indicator = Indicator::kPurchases;
    const int64_t count = ValueOf(purchases, histories_, WindowAt(span, last), catalog_);
    if (count >= ladder_.step_min_purchases) return tier - 1;
  }
  return HighestKept(tier - 1, span, last);
}

int Assessor::HighestWanted(DayNumber day) const {
  int highest = static_cast<int>(ladder_.tiers.size()) - 1;
  for (const History& history : histories_) {
    for (const TierOverride& decided : history.overrides) {
      const bool is_so = decided.kind == TierOverride::Kind::kOptOut &&
                         decided.ladder == ladder_.id && decided.Holds(day);
      const int tier = is_so ? FindTierOrHeir(ladder_, decided.tier) : -1;
      if (tier >= 0) highest = std::min(highest, tier);
    }
  }
  return highest;
}

int64_t Assessor::LeftOver(const TierSpan& span, DayNumber last) const {
  const Rollover& rollover = *ladder_.rollover;
  const int64_t value =
      ValueOf(rollover.counted, histories_, WindowAt(span, last), catalog_) + span.carried;
  // What they reached by themselves: a tier that was given to them costs them nothing.
  for (int tier = HighestWanted(last); tier >= 0; --tier) {
    for (const Criterion& criterion : ladder_.tiers[static_cast<size_t>(tier)].reach.items) {
      if (!CountsTheSame(rollover.counted, criterion)) continue;
      const int64_t over = value - ThresholdOf(criterion, ladder_, last);
      if (over >= 0) return std::min(over, rollover.at_most);
    }
  }
  return 0;
}

int64_t Assessor::ScoreOf(const Criterion& criterion, DayNumber last) const {
  const Scored scored =
      ScoresOn(histories_, program_, catalog_, CutPointsOn(program_, catalog_, last), last);
  if (criterion.indicator == Indicator::kActivityScore) return scored.activity->score;
  if (scored.segment < 0) return 0;
  const std::string& id = program_.rfm->segments[static_cast<size_t>(scored.segment)].id;
  return std::find(criterion.segments.begin(), criterion.segments.end(), id) !=
                 criterion.segments.end()
             ? 1
             : 0;
}

bool Assessor::IsMet(const Criteria& criteria, const TierSpan& span, DayNumber last) const {
  return AreMet(criteria, ValuesOf(criteria, span, last));
}

Days Assessor::WindowAt(const TierSpan& span, DayNumber last) const {
  const DayNumber end = span.missed_on == 0 ? last : span.missed_on;
  const Days window = WindowOf(ladder_.qualification, enrolled_, span.counts_from, end);
  return {window.from, last + 1};
}

int PlaceOf(const TierSpan& span, const Ladder& ladder) {
  if (!span.tier.empty()) return FindTier(ladder, span.tier);
  return ladder.tiers.front().reach.items.empty() ? 0 : -1;
}

bool AreMet(const Criteria& criteria, const std::vector<Judged>& values) {
  if (values.empty()) return true;
  const auto is_met = [](const Judged& judged) { return judged.IsMet(); };
  return criteria.any ? std::any_of(values.begin(), values.end(), is_met)
                      : std::all_of(values.begin(), values.end(), is_met);
}

}  // namespace dangol::domain
