#include "server/domain/standing/explain.h"

#include <algorithm>
#include <string>

#include "server/domain/activity/activity_fact.h"
#include "server/domain/purchase/purchase_fact.h"

namespace dangol::domain {
namespace {

int64_t AmountOf(const Fact& fact, Measure measure, const std::string& of) {
  for (const Mark& mark : fact.marks) {
    if (mark.measure == measure && mark.of == of) return mark.amount;
  }
  return 0;
}

bool IsSameCriterion(const Criterion& a, const Criterion& b) {
  return a.indicator == b.indicator && a.of == b.of && a.lifetime == b.lifetime;
}

FactShare Not(const Criterion& criterion, FactOutcome why) { return {criterion, 0, why}; }

FactShare Some(const Criterion& criterion, int64_t counted, FactOutcome why_not) {
  return {criterion, counted, counted == 0 ? why_not : FactOutcome::kCounted};
}

// Of a purchase that stands, on a day that counts.
FactShare ShareOf(const Purchase& purchase, const Fact& fact, const Criterion& criterion) {
  switch (criterion.indicator) {
    case Indicator::kQualifyingPoints:
      return Some(criterion, AmountOf(fact, Measure::kQualifying, criterion.of),
                  FactOutcome::kNothingEarned);
    case Indicator::kNetSpend:
      return Some(criterion, AmountOf(fact, Measure::kNetSpend, criterion.of),
                  purchase.currency == criterion.of ? FactOutcome::kNothingEarned
                                                    : FactOutcome::kOtherCurrency);
    case Indicator::kPurchases:
    case Indicator::kActivityScore:
    case Indicator::kSegment:
      return Some(criterion, IsIdle(purchase) ? 0 : 1, FactOutcome::kNothingEarned);
    case Indicator::kVisits:
    case Indicator::kActiveMonths:
      return Some(criterion, 1, FactOutcome::kCounted);
    case Indicator::kActivities:
      break;
  }
  return Not(criterion, FactOutcome::kOtherKind);
}

// Whether a score has activities of this kind in it.
bool CountsAsEngagement(const std::string& kind, const Program& program) {
  if (!program.rfm.has_value() || !program.rfm->score.has_value()) return false;
  const std::vector<std::string>& kinds = program.rfm->score->engagement_kinds;
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool AsksFor(const Criterion& criterion, const Activity& activity, const Program& program) {
  switch (criterion.indicator) {
    case Indicator::kActivityScore:
      return CountsAsEngagement(activity.kind, program);
    case Indicator::kActivities:
      return criterion.of == activity.kind;
    case Indicator::kVisits:
      return activity.kind == kVisitKind;
    case Indicator::kActiveMonths:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<Judged> CountedFor(const TierStatus& status) {
  std::vector<Judged> counted;
  for (const auto* criteria : {&status.criteria, &status.next_criteria}) {
    for (const Judged& judged : *criteria) {
      const bool known = std::any_of(counted.begin(), counted.end(), [&](const Judged& other) {
        return IsSameCriterion(judged.criterion, other.criterion);
      });
      if (!known) counted.push_back(judged);
    }
  }
  return counted;
}

std::vector<FactShare> SharesOf(const Purchase& purchase, const Program& program,
                                const std::vector<Judged>& criteria) {
  const Fact fact = FactOf(purchase, program);
  std::vector<FactShare> shares;
  for (const Judged& judged : criteria) {
    if (!Stands(purchase)) {
      shares.push_back(Not(judged.criterion, FactOutcome::kCameBack));
    } else if (purchase.suspended) {
      shares.push_back(Not(judged.criterion, FactOutcome::kSuspended));
    } else if (!judged.days.Contains(fact.day)) {
      shares.push_back(Not(judged.criterion, FactOutcome::kOutsideWindow));
    } else {
      shares.push_back(ShareOf(purchase, fact, judged.criterion));
    }
  }
  return shares;
}

std::vector<FactShare> SharesOf(const Activity& activity, const Program& program,
                                const std::vector<Judged>& criteria, const Member& person,
                                const ProgramCatalog& catalog) {
  const DayNumber day = FactOf(activity, program).day;
  const ActivityCount recorded = RecordedOn(person.histories, activity.kind, day);
  const ActivityCount counted = UnderCap(recorded, DailyCapOf(activity.kind, day, catalog));
  std::vector<FactShare> shares;
  for (const Judged& judged : criteria) {
    const Criterion& criterion = judged.criterion;
    if (!AsksFor(criterion, activity, program)) {
      shares.push_back(Not(criterion, FactOutcome::kOtherKind));
    } else if (activity.undone_at != absl::InfiniteFuture()) {
      shares.push_back(Not(criterion, FactOutcome::kUndone));
    } else if (activity.suspended) {
      shares.push_back(Not(criterion, FactOutcome::kSuspended));
    } else if (!judged.days.Contains(day)) {
      shares.push_back(Not(criterion, FactOutcome::kOutsideWindow));
    } else if (counted != recorded && criterion.indicator != Indicator::kActiveMonths) {
      shares.push_back(Not(criterion, FactOutcome::kOverDailyCap));
    } else {
      shares.push_back({criterion, 1, FactOutcome::kCounted});
    }
  }
  return shares;
}

}  // namespace dangol::domain
