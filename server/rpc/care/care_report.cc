#include "server/rpc/care/care_report.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/insight/care_report.h"
#include "server/rpc/member/convert_member.h"
#include "server/rpc/validation.h"
#include "server/storage/every_member.h"

namespace dangol::rpc {
namespace {

constexpr int kDefaultFastHours = 48;

absl::StatusOr<insight::CareReport::Question> ReadQuestion(const v1::GetCareReportRequest& message,
                                                           absl::Time now, absl::TimeZone zone) {
  Validator validator;
  insight::CareReport::Question question;
  question.now = now;
  question.zone = zone;
  if (message.has_from()) question.from = validator.Time(Path("from"), message.from());
  question.until = message.has_until() ? validator.Time(Path("until"), message.until()) : now;
  validator.Check(question.from <= question.until, Path("until"), "lies before from");
  const int hours = message.fast_hours() == 0 ? kDefaultFastHours : message.fast_hours();
  validator.Check(hours >= 1 && hours <= limits::kMaxCareHours, Path("fast_hours"),
                  absl::StrCat("must be 1 to ", limits::kMaxCareHours));
  question.fast = absl::Hours(hours);
  RETURN_IF_ERROR(validator.status());
  return question;
}

void ToPart(const insight::DurationSummary& summary, v1::Durations& out) {
  out.set_count(summary.count);
  *out.mutable_median() = ToDuration(summary.median);
  *out.mutable_p90() = ToDuration(summary.p90);
}

void ToPart(const insight::CategorySummary& summary, v1::ComplaintsOfCategory& out) {
  out.set_category(summary.category);
  out.set_complaints(summary.complaints);
  out.set_members(summary.members);
  out.set_recurring_members(summary.recurring_members);
  out.set_reopened(summary.reopened);
  out.set_overdue(summary.overdue);
  ToPart(summary.to_acknowledge, *out.mutable_to_acknowledge());
  ToPart(summary.to_resolve, *out.mutable_to_resolve());
}

void ToPart(const insight::Proportion& proportion, v1::Share& out) {
  const insight::Interval interval = insight::WilsonInterval(proportion);
  out.set_of(proportion.of);
  out.set_count(proportion.count);
  if (proportion.of > 0) {
    out.set_share(static_cast<double>(proportion.count) / static_cast<double>(proportion.of));
  }
  out.set_low(interval.low);
  out.set_high(interval.high);
}

void ToPart(const insight::SurveySums& sums, v1::SurveySummary& out) {
  out.set_surveys(sums.surveys);
  out.set_promoters(sums.promoters);
  out.set_passives(sums.passives);
  out.set_detractors(sums.detractors);
  if (const std::optional<double> nps = sums.Nps()) out.set_nps(*nps);
  const insight::Interval interval = sums.NpsInterval();
  out.set_nps_low(interval.low);
  out.set_nps_high(interval.high);
  out.set_satisfaction_count(sums.satisfaction_count);
  if (sums.satisfaction_count == 0) return;
  out.set_satisfaction(static_cast<double>(sums.satisfaction_sum) /
                       static_cast<double>(sums.satisfaction_count));
}

}  // namespace

absl::Status GetCareReport(const v1::GetCareReportRequest& message, Backend& backend,
                           storage::Reader& reader, v1::GetCareReportResponse& response) {
  const absl::Time now = backend.clock.Now();
  const std::shared_ptr<const domain::ProgramCatalog> catalog = backend.programs.Current();
  const domain::ProgramVersion* const version = catalog->At(now);
  if (version == nullptr) return domain::ProgramMissing();
  ASSIGN_OR_RETURN(const insight::CareReport::Question question,
                   ReadQuestion(message, now, version->program->time_zone));
  insight::CareReport report(question);
  RETURN_IF_ERROR(storage::ForEachMember({}, reader, [&](const domain::Member& member) {
    // Who has left complained all the same.
    if (member.status != domain::MemberStatus::kMerged) report.Add(member);
    return absl::OkStatus();
  }));
  for (const insight::CategorySummary& category : report.Categories()) {
    ToPart(category, *response.add_categories());
  }
  ToPart(report.after_fast(), *response.mutable_repurchase_after_fast());
  ToPart(report.after_slow(), *response.mutable_repurchase_after_slow());
  ToPart(report.without_outcome(), *response.mutable_repurchase_without_outcome());
  ToPart(report.without_complaint(), *response.mutable_repurchase_without_complaint());
  ToPart(report.surveys(), *response.mutable_surveys());
  return absl::OkStatus();
}

}  // namespace dangol::rpc
