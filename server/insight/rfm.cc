#include "server/insight/rfm.h"

#include <algorithm>
#include <cstddef>

namespace dangol::insight {
namespace {

using domain::CutPoint;
using domain::RfmCutPoints;
using domain::RfmValues;

// Rounded down, also of what is negative.
absl::int128 Floor(absl::int128 numerator, absl::int128 denominator) {
  const absl::int128 whole = numerator / denominator;
  return numerator % denominator < 0 ? whole - 1 : whole;
}

CutPoint PointOf(absl::int128 numerator, int denominator) {
  const absl::int128 whole = Floor(numerator, denominator);
  return {static_cast<int64_t>(whole), static_cast<int>(numerator - whole * denominator),
          denominator};
}

}  // namespace

std::vector<CutPoint> Quantiles(std::vector<int64_t>& values, int parts) {
  std::vector<CutPoint> points;
  if (values.empty()) return points;
  std::sort(values.begin(), values.end());
  const auto steps = static_cast<int64_t>(values.size()) - 1;
  for (int i = 1; i < parts; ++i) {
    const auto place = static_cast<size_t>(steps * i / parts);
    const int64_t part = steps * i % parts;
    absl::int128 point = absl::int128(values[place]) * parts;
    if (part > 0) point += (absl::int128(values[place + 1]) - values[place]) * part;
    points.push_back(PointOf(point, parts));
  }
  return points;
}

RfmCutPoints CutPointsOf(absl::Span<const RfmValues> population, const domain::Rfm& rfm) {
  if (rfm.thresholds.has_value()) return *rfm.thresholds;
  std::vector<int64_t> values(population.size());
  const auto quantiles_of = [&](int64_t RfmValues::*member) {
    std::transform(population.begin(), population.end(), values.begin(),
                   [&](const RfmValues& one) { return one.*member; });
    return Quantiles(values, rfm.scores);
  };
  RfmCutPoints points;
  points.r = quantiles_of(&RfmValues::recency_days);
  points.f = quantiles_of(&RfmValues::purchases);
  points.m = quantiles_of(&RfmValues::spent_minor);
  return points;
}

int64_t RfmGroup::AverageMinor() const {
  if (members == 0) return 0;
  return static_cast<int64_t>(Floor(spent_minor * 2 + members, absl::int128(members) * 2));
}

RfmCounts CountRfm(absl::Span<const RfmValues> population, const RfmCutPoints& cut_points,
                   const domain::Rfm& rfm) {
  const auto scores = static_cast<size_t>(rfm.scores);
  RfmCounts counts;
  counts.grid.assign(scores, std::vector<RfmGroup>(scores));
  counts.segments.resize(rfm.segments.size());
  const auto add = [](const RfmValues& values, RfmGroup& group) {
    ++group.members;
    group.spent_minor += values.spent_minor;
  };
  for (const RfmValues& values : population) {
    const domain::RfmScores of = ScoresOf(values, cut_points, rfm.scores);
    add(values, counts.grid[static_cast<size_t>(of.r - 1)][static_cast<size_t>(of.f - 1)]);
    const int segment = domain::FindSegment(rfm.segments, of);
    if (segment >= 0) add(values, counts.segments[static_cast<size_t>(segment)]);
  }
  return counts;
}

}  // namespace dangol::insight
