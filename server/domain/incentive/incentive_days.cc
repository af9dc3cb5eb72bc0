#include "server/domain/incentive/incentive_days.h"

#include <algorithm>
#include <limits>

#include "absl/strings/match.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/referral/referrals.h"

namespace dangol::domain {
namespace {

// Whether `of` is CategoryKey of the incentive and a category.
bool IsCategoryOf(const std::string& incentive, absl::string_view of) {
  return of.size() > incentive.size() && of[incentive.size()] == '/' &&
         absl::StartsWith(of, incentive);
}

}  // namespace

IncentiveDays::IncentiveDays(const TermsOverTime& terms, const Member& person,
                             const ProgramCatalog& catalog)
    : histories_(person.histories), catalog_(catalog) {
  for (const Incentive* const one : terms) {
    if (one == nullptr) continue;
    const bool is_nothing =
        std::holds_alternative<Referred>(one->kind) && ReferralBeforePurchases(person) == nullptr;
    if (is_nothing) return;
    id_ = &one->id;
    asks_referrals_ |= std::holds_alternative<Referrer>(one->kind);
    asks_bought_ |= std::holds_alternative<ReturnWithin>(one->kind) ||
                    std::holds_alternative<WinBack>(one->kind);
    asks_categories_ |= std::holds_alternative<CategoryBreadth>(one->kind);
    if (const auto* engagement = std::get_if<Engagement>(&one->kind)) engagement_ = engagement;
  }
  if (id_ == nullptr) return;
  for (const History& history : histories_) {
    for (const Series& series : history.series) AddSeries(series);
  }
}

void IncentiveDays::AddSeries(const Series& series) {
  switch (series.measure) {
    case Measure::kStamps:
      if (!asks_referrals_ && series.of == *id_) sources_.push_back({&series, What::kStamps});
      break;
    case Measure::kReferrals:
      if (series.of == *id_) sources_.push_back({&series, What::kStamps});
      break;
    case Measure::kStampBase:
      if (series.of == *id_) sources_.push_back({&series, What::kBase});
      break;
    case Measure::kPurchases:
      if (asks_bought_) sources_.push_back({&series, What::kBought});
      break;
    case Measure::kIdle:
      if (asks_bought_) sources_.push_back({&series, What::kIdle});
      break;
    case Measure::kCategory:
      if (asks_categories_ && IsCategoryOf(*id_, series.of)) AddCategory(series);
      break;
    case Measure::kActivity:
      if (engagement_ != nullptr && series.of == engagement_->activity) {
        sources_.push_back({&series, What::kActivity});
      }
      break;
    default:
      break;
  }
}

void IncentiveDays::AddCategory(const Series& series) {
  const auto known = std::find(categories_.begin(), categories_.end(), series.of);
  Source source{&series, What::kCategory};
  source.category = static_cast<int>(known - categories_.begin());
  if (known == categories_.end()) categories_.push_back(series.of);
  sources_.push_back(source);
}

bool IncentiveDays::Next(IncentiveDay& day) {
  // Nearly always the stamps of one person, and nothing else.
  if (sources_.size() == 1 && sources_[0].what == What::kStamps) {
    Source& only = sources_[0];
    if (only.next == only.size()) return false;
    day = {};
    day.day = only.day();
    day.stamps = only.sum();
    ++only.next;
    return true;
  }
  constexpr DayNumber kNone = std::numeric_limits<DayNumber>::max();
  DayNumber next = kNone;
  for (const Source& source : sources_) {
    if (source.next < source.size()) next = std::min(next, source.day());
  }
  if (next == kNone) return false;
  day = {};
  day.day = next;
  of_day_.clear();
  int64_t bought = 0;
  for (Source& source : sources_) {
    if (source.next == source.size() || source.day() != next) continue;
    const int64_t sum = source.sum();
    ++source.next;
    switch (source.what) {
      case What::kStamps:
        day.stamps += sum;
        break;
      case What::kBase:
        day.base += sum;
        break;
      case What::kBought:
        bought += sum;
        break;
      case What::kIdle:
        bought -= sum;
        break;
      case What::kCategory:
        of_day_.push_back(source.category);
        break;
      case What::kActivity:
        day.stamps = CountedOn(next);
        break;
    }
  }
  day.bought = bought > 0;
  day.categories = of_day_;
  return true;
}

int64_t IncentiveDays::CountedOn(DayNumber day) const {
  const ActivityCount counted =
      CountedOf(histories_, engagement_->activity, {day, day + 1}, catalog_);
  return engagement_->spontaneous_only ? counted.spontaneous : counted.all();
}

bool HasDaysFrom(DayNumber from, const Incentive& incentive,
                 const std::vector<History>& histories) {
  const auto* const engagement = std::get_if<Engagement>(&incentive.kind);
  Measure measure = engagement != nullptr ? Measure::kActivity : Measure::kStamps;
  if (std::holds_alternative<Referrer>(incentive.kind)) measure = Measure::kReferrals;
  const std::string& of = engagement != nullptr ? engagement->activity : incentive.id;
  for (const History& history : histories) {
    for (const Series& series : history.series) {
      if (series.measure != measure || series.of != of) continue;
      if (!series.days.empty() ? series.days.back() >= from : series.first_day >= from) return true;
    }
  }
  return false;
}

}  // namespace dangol::domain
