#include "server/insight/care_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "server/domain/program/reigns.h"

namespace dangol::insight {
namespace {

// Of a normal distribution, 95 % lie within so many standard deviations.
constexpr double kZ = 1.959963984540054;

constexpr int kRepurchaseDays = 90;

bool BoughtIn(const domain::Member& member, domain::Days days) {
  return SumOf(member.histories, domain::Measure::kPurchases, "", days) >
         SumOf(member.histories, domain::Measure::kIdle, "", days);
}

bool IsOverdue(const domain::ComplaintMark& mark, absl::Time now) {
  if (mark.resolved_at.has_value()) return false;
  return mark.resolve_by <= now ||
         (!mark.acknowledged_at.has_value() && mark.acknowledge_by <= now);
}

}  // namespace

Interval WilsonInterval(const Proportion& proportion) {
  if (proportion.of == 0) return {};
  const auto n = static_cast<double>(proportion.of);
  const double share = static_cast<double>(proportion.count) / n;
  const double z2 = kZ * kZ;
  const double center = share + z2 / (2 * n);
  const double spread = kZ * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  const double scale = 1 + z2 / n;
  return {std::max(0.0, (center - spread) / scale), std::min(1.0, (center + spread) / scale)};
}

DurationSummary Summarize(std::vector<absl::Duration> durations) {
  DurationSummary summary;
  summary.count = static_cast<int64_t>(durations.size());
  if (durations.empty()) return summary;
  absl::c_sort(durations);
  const auto at = [&](size_t percent) {
    return durations[(durations.size() * percent + 99) / 100 - 1];
  };
  summary.median = at(50);
  summary.p90 = at(90);
  return summary;
}

std::optional<double> SurveySums::Nps() const {
  const int64_t asked = promoters + passives + detractors;
  if (asked == 0) return std::nullopt;
  return 100.0 * static_cast<double>(promoters - detractors) / static_cast<double>(asked);
}

Interval SurveySums::NpsInterval() const {
  const auto asked = static_cast<double>(promoters + passives + detractors);
  if (asked == 0) return {-100, 100};
  const double mean = static_cast<double>(promoters - detractors) / asked;
  const double variance = static_cast<double>(promoters + detractors) / asked - mean * mean;
  const double spread = kZ * std::sqrt(std::max(0.0, variance) / asked);
  return {std::max(-100.0, 100 * (mean - spread)), std::min(100.0, 100 * (mean + spread))};
}

CareReport::CareReport(const Question& question)
    : question_(question), today_(domain::DayIn(question.now, question.zone)) {}

void CareReport::Add(const domain::Member& member) {
  std::vector<const domain::ComplaintMark*> marks;
  for (const domain::History& history : member.histories) {
    for (const domain::ComplaintMark& mark : history.care.complaints) marks.push_back(&mark);
    AddSurveys(history);
  }
  if (marks.empty()) return AddContent(member);
  absl::c_stable_sort(marks,
                      [](const auto* a, const auto* b) { return a->opened_at < b->opened_at; });
  AddComplaints(member, marks);
}

void CareReport::AddComplaints(const domain::Member& member,
                               const std::vector<const domain::ComplaintMark*>& marks) {
  std::set<std::string> seen;
  std::set<std::string> asked;
  std::map<std::string, int> of_category;
  for (const domain::ComplaintMark* const mark : marks) {
    const bool is_first = seen.insert(mark->complaint_id).second;
    if (is_first && IsAsked(mark->opened_at)) {
      if (asked.empty()) AddRepurchase(member, *mark);
      asked.insert(mark->complaint_id);
      ++of_category[mark->category];
    }
    if (asked.contains(mark->complaint_id)) AddMark(*mark, is_first, categories_[mark->category]);
  }
  for (const auto& [category, complaints] : of_category) {
    ++categories_[category].members;
    if (complaints > 1) ++categories_[category].recurring_members;
  }
}

void CareReport::AddMark(const domain::ComplaintMark& mark, bool is_first, OfCategory& of) {
  ++(is_first ? of.complaints : of.reopened);
  if (IsOverdue(mark, question_.now)) ++of.overdue;
  const std::optional<absl::Time> answered =
      mark.acknowledged_at.has_value() ? mark.acknowledged_at : mark.resolved_at;
  if (answered.has_value()) of.to_acknowledge.push_back(*answered - mark.opened_at);
  if (mark.resolved_at.has_value()) of.to_resolve.push_back(*mark.resolved_at - mark.opened_at);
}

void CareReport::AddRepurchase(const domain::Member& member, const domain::ComplaintMark& first) {
  const domain::DayNumber opened = domain::DayIn(first.opened_at, question_.zone);
  Proportion* group = &without_outcome_;
  domain::DayNumber day = opened;
  if (first.resolved_at.has_value()) {
    const domain::DayNumber resolved = domain::DayIn(*first.resolved_at, question_.zone);
    if (resolved <= opened + kRepurchaseDays) {
      const bool is_fast = *first.resolved_at - first.opened_at <= question_.fast;
      group = is_fast ? &after_fast_ : &after_slow_;
      day = resolved;
    }
  }
  if (day + kRepurchaseDays >= today_) return;
  ++group->of;
  if (BoughtIn(member, {day + 1, day + 1 + kRepurchaseDays})) ++group->count;
}

void CareReport::AddContent(const domain::Member& member) {
  const domain::DayNumber begin = today_ - kRepurchaseDays;
  if (!BoughtIn(member, {begin - kRepurchaseDays, begin})) return;
  ++without_complaint_.of;
  if (BoughtIn(member, {begin, today_})) ++without_complaint_.count;
}

void CareReport::AddSurveys(const domain::History& history) {
  for (const domain::Survey& survey : history.care.surveys) {
    if (!IsAsked(survey.at)) continue;
    ++surveys_.surveys;
    if (survey.recommendation.has_value()) {
      const int score = *survey.recommendation;
      ++(score >= 9 ? surveys_.promoters : score >= 7 ? surveys_.passives : surveys_.detractors);
    }
    if (!survey.expectation.has_value() || !survey.perception.has_value()) continue;
    ++surveys_.satisfaction_count;
    surveys_.satisfaction_sum += *survey.perception - *survey.expectation;
  }
}

std::vector<CategorySummary> CareReport::Categories() const {
  std::vector<CategorySummary> summaries;
  for (const auto& [category, of] : categories_) {
    summaries.push_back({category, of.complaints, of.members, of.recurring_members, of.reopened,
                         of.overdue, Summarize(of.to_acknowledge), Summarize(of.to_resolve)});
  }
  absl::c_stable_sort(summaries, [](const CategorySummary& a, const CategorySummary& b) {
    return a.complaints > b.complaints;
  });
  return summaries;
}

}  // namespace dangol::insight
