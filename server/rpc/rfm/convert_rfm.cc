#include "server/rpc/rfm/convert_rfm.h"

#include <cstddef>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace dangol::rpc {
namespace {

using CutPoints = google::protobuf::RepeatedPtrField<v1::RfmCutPoint>;

void ToProto(const std::vector<insight::CutPoint>& points, CutPoints& out) {
  for (const insight::CutPoint& point : points) {
    v1::RfmCutPoint& told = *out.Add();
    told.set_whole(point.whole);
    told.set_numerator(point.numerator);
    told.set_denominator(point.denominator);
  }
}

// Whether b lies before a.
bool IsDescending(const insight::CutPoint& a, const insight::CutPoint& b) {
  if (a.whole != b.whole) return b.whole < a.whole;
  return absl::int128(b.numerator) * a.denominator < absl::int128(a.numerator) * b.denominator;
}

std::vector<insight::CutPoint> Read(const Path& path, const CutPoints& message, int scores,
                                    Validator& validator) {
  std::vector<insight::CutPoint> points;
  validator.Check(message.size() == scores - 1, path,
                  absl::StrCat("must have ", scores - 1, ", one less than there are scores"));
  if (message.size() != scores - 1) return points;
  for (int i = 0; i < message.size(); ++i) {
    const v1::RfmCutPoint& said = message[i];
    // What only has a whole part is short to write.
    const insight::CutPoint point{said.whole(), said.numerator(),
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

}  // namespace

void ToProto(const insight::RfmCutPoints& cut_points, v1::RfmCutPoints& out) {
  ToProto(cut_points.r, *out.mutable_r());
  ToProto(cut_points.f, *out.mutable_f());
  ToProto(cut_points.m, *out.mutable_m());
}

void ToProto(const insight::RfmValues& values, v1::RfmValues& out) {
  out.set_recency_days(values.recency_days);
  out.set_purchases(values.purchases);
  out.set_spent_minor(values.spent_minor);
}

void ToProto(const domain::RfmScores& scores, v1::RfmScores& out) {
  out.set_r(scores.r);
  out.set_f(scores.f);
  out.set_m(scores.m);
}

void ToProto(const domain::RfmSegment& segment, v1::RfmSegmentLabel& out) {
  out.set_id(segment.id);
  out.set_name(segment.name);
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
    ToProto(rfm.segments[i], *count.mutable_segment());
    count.set_members(counts.segments[i].members);
    count.set_average_minor(counts.segments[i].AverageMinor());
  }
}

insight::RfmCutPoints ReadCutPoints(const Path& path, const v1::RfmCutPoints& message, int scores,
                                    Validator& validator) {
  return {Read(Path(path, "r"), message.r(), scores, validator),
          Read(Path(path, "f"), message.f(), scores, validator),
          Read(Path(path, "m"), message.m(), scores, validator)};
}

}  // namespace dangol::rpc
