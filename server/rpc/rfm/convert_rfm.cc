#include "server/rpc/rfm/convert_rfm.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "server/common/status_macros.h"
#include "server/rpc/day.h"
#include "server/rpc/handling.h"
#include "server/rpc/member/convert_member.h"

namespace dangol::rpc {
namespace {

using CutPoints = google::protobuf::RepeatedPtrField<v1::RfmCutPoint>;

void TellPoints(const std::vector<domain::CutPoint>& points, CutPoints& out) {
  for (const domain::CutPoint& point : points) {
    v1::RfmCutPoint& told = *out.Add();
    told.set_whole(point.whole);
    told.set_numerator(point.numerator);
    told.set_denominator(point.denominator);
  }
}

// Whether b lies before a.
bool IsDescending(const domain::CutPoint& a, const domain::CutPoint& b) {
  if (a.whole != b.whole) return b.whole < a.whole;
  return absl::int128(b.numerator) * a.denominator < absl::int128(a.numerator) * b.denominator;
}

std::vector<domain::CutPoint> Read(const Path& path, const CutPoints& message, int scores,
                                   Validator& validator) {
  std::vector<domain::CutPoint> points;
  validator.Check(message.size() == scores - 1, path,
                  absl::StrCat("must have ", scores - 1, ", one less than there are scores"));
  if (message.size() != scores - 1) return points;
  for (int i = 0; i < message.size(); ++i) {
    const v1::RfmCutPoint& said = message[i];
    // What only has a whole part is short to write.
    const domain::CutPoint point{said.whole(), said.numerator(),
                                 said.denominator() == 0 ? 1 : said.denominator()};
    const bool is_proper = 0 <= point.numerator && point.numerator < point.denominator;
    validator.Check(is_proper, Path(path, i),
                    "must have a numerator of 0 or more and less than its denominator");
    const bool descends = is_proper && !points.empty() && IsDescending(points.back(), point);
    validator.Check(!descends, Path(path, i), "is less than the one before");
    points.push_back(point);
  }
  return points;
}

void ToPart(const domain::RfmCutPoints& cut_points, v1::RfmCutPoints& out) {
  TellPoints(cut_points.r, *out.mutable_r());
  TellPoints(cut_points.f, *out.mutable_f());
  TellPoints(cut_points.m, *out.mutable_m());
}

void ToPart(const domain::RfmValues& values, v1::RfmValues& out) {
  out.set_recency_days(values.recency_days);
  out.set_purchases(values.purchases);
  out.set_spent_minor(values.spent_minor);
}

void ToPart(const domain::RfmScores& scores, v1::RfmScores& out) {
  out.set_r(scores.r);
  out.set_f(scores.f);
  out.set_m(scores.m);
}

void ToPart(const domain::RfmSegment& segment, v1::RfmSegmentLabel& out) {
  out.set_id(segment.id);
  out.set_name(segment.name);
}

// The last day, the highest score, the currency, the window and the cut points.
void TellBasis(domain::DayNumber day, int window_days, int scores, const std::string& currency,
               const domain::RfmCutPoints& cut_points, v1::RfmBasis& out) {
  out.set_day(DayText(day));
  out.set_first_day(DayText(day + 1 - window_days));
  out.set_scores(scores);
  out.set_base_currency(currency);
  ToPart(cut_points, *out.mutable_cut_points());
}

void ToPart(const domain::VvipRank& rank, v1::VvipRank& out) {
  out.set_member_id(rank.id.ToString());
  out.set_spent_minor(rank.spent_minor);
  out.set_purchases(rank.purchases);
  *out.mutable_enrolled_at() = ToTimestamp(rank.enrolled_at);
}

void ToPart(const domain::AdvocateNorms& norms, v1::VvipNorms& out) {
  out.set_contributors(norms.contributors);
  if (norms.enter.has_value()) ToPart(*norms.enter, *out.mutable_enter());
  if (norms.stay.has_value()) ToPart(*norms.stay, *out.mutable_stay());
}

}  // namespace

void ToProto(const domain::Program& program, domain::DayNumber day,
             const domain::RfmCutPoints& cut_points, v1::RfmBasis& out) {
  const domain::NormsBasis basis = domain::BasisOf(program);
  TellBasis(day, basis.window_days, basis.scores, basis.base_currency, cut_points, out);
  out.set_thresholds(program.rfm->thresholds.has_value());
}

void ToProto(const domain::Norms& norms, v1::Norms& out) {
  out.set_number(norms.number);
  out.set_from(DayText(norms.from));
  TellBasis(norms.day, norms.basis.window_days, norms.basis.scores, norms.basis.base_currency,
            norms.cut_points, *out.mutable_basis());
  out.set_members(norms.members);
  *out.mutable_recorded_at() = ToTimestamp(norms.recorded_at);
  if (norms.advocates.has_value()) ToPart(*norms.advocates, *out.mutable_vvip());
}

void ToProto(const domain::NormsOutcome& outcome, v1::ComputeNormsResponse& out) {
  ToProto(outcome.norms, *out.mutable_norms());
}

absl::StatusOr<lane::Request> ToRequest(const v1::ComputeNormsRequest& message) {
  Validator validator;
  validator.RequestId(Path("request_id"), message.request_id());
  RETURN_IF_ERROR(validator.status());
  domain::RecordNorms record;
  record.request_id = message.request_id();
  return RequestFor(message.request_id(), std::move(record));
}

void ToProto(const domain::Scored& scored, const domain::Rfm& rfm, v1::GetMemberRfmResponse& out) {
  if (scored.values.has_value()) ToPart(*scored.values, *out.mutable_values());
  if (scored.scores.has_value()) ToPart(*scored.scores, *out.mutable_scores());
  if (scored.segment >= 0) {
    ToPart(rfm.segments[static_cast<size_t>(scored.segment)], *out.mutable_segment());
  }
  if (!scored.activity.has_value()) return;
  v1::MemberActivityScore& activity = *out.mutable_activity_score();
  activity.set_score(scored.activity->score);
  for (const domain::ScorePart& part : scored.activity->parts) {
    v1::ActivityScorePart& told = *activity.add_parts();
    told.set_name(std::string(part.name));
    told.set_weight(part.weight);
    told.set_value(part.value);
  }
}

void ToProto(const insight::RfmCounts& counts, const domain::Rfm& rfm, v1::GetRfmResponse& out) {
  for (size_t r = 0; r < counts.grid.size(); ++r) {
    for (size_t f = 0; f < counts.grid[r].size(); ++f) {
      const insight::RfmGroup& group = counts.grid[r][f];
      v1::RfmCell& cell = *out.add_grid();
      cell.set_r(static_cast<int>(r) + 1);
      cell.set_f(static_cast<int>(f) + 1);
      cell.set_members(group.members);
      cell.set_average_minor(group.AverageMinor());
    }
  }
  for (size_t i = 0; i < rfm.segments.size(); ++i) {
    v1::RfmSegmentCount& count = *out.add_segments();
    ToPart(rfm.segments[i], *count.mutable_segment());
    count.set_members(counts.segments[i].members);
    count.set_average_minor(counts.segments[i].AverageMinor());
  }
}

domain::RfmCutPoints ReadCutPoints(const Path& path, const v1::RfmCutPoints& message, int scores,
                                   Validator& validator) {
  return {Read(Path(path, "r"), message.r(), scores, validator),
          Read(Path(path, "f"), message.f(), scores, validator),
          Read(Path(path, "m"), message.m(), scores, validator)};
}

}  // namespace dangol::rpc
