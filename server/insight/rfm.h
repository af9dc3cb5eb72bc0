#ifndef DANGOL_SERVER_INSIGHT_RFM_H_
#define DANGOL_SERVER_INSIGHT_RFM_H_

#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "server/domain/program/rfm.h"

// Recency, frequency and money, scored over a population: exactly, in whole numbers.
namespace dangol::insight {

// What is scored of one member.
struct RfmValues {
  int64_t recency_days = 0;  // Since the last purchase.
  int64_t purchases = 0;     // In the window.
  int64_t spent_minor = 0;   // In the window, in the base currency.

  friend bool operator==(const RfmValues&, const RfmValues&) = default;
};

// A point between values: whole + numerator / denominator, 0 <= numerator < denominator.
struct CutPoint {
  int64_t whole = 0;
  int numerator = 0;
  int denominator = 1;

  friend bool operator==(const CutPoint&, const CutPoint&) = default;
};

// Whether it lies strictly below a value. Values are whole numbers, and the point is less than
// one above its whole part, so that this alone decides.
inline bool IsBelow(const CutPoint& point, int64_t value) { return point.whole < value; }

// The quantiles at 1 / parts, 2 / parts and so on, of type 7: the i-th lies at (n - 1) * i /
// parts of the values in their order, counted from 0, and between two of them in proportion.
// Without values there are none. Sorts the values.
std::vector<CutPoint> Quantiles(std::vector<int64_t>& values, int parts);

// Those of recency, frequency and money, each ascending.
struct RfmCutPoints {
  std::vector<CutPoint> r;
  std::vector<CutPoint> f;
  std::vector<CutPoint> m;

  friend bool operator==(const RfmCutPoints&, const RfmCutPoints&) = default;
};

// By the quantiles of a population, or by the program's thresholds where it has any. Besides
// what it is given it takes 8 bytes for each member.
RfmCutPoints CutPointsOf(absl::Span<const RfmValues> population, const domain::Rfm& rfm);

// One more than the cut points strictly below the value. Of recency the other way round: the
// highest for the most recent, and one less for each cut point strictly below the days.
domain::RfmScores ScoresOf(const RfmValues& values, const RfmCutPoints& cut_points, int scores);

// Members, and what they spent together.
struct RfmGroup {
  int64_t members = 0;
  absl::int128 spent_minor = 0;

  // What one of them spent on the average, rounded half up; 0 where there is nobody.
  int64_t AverageMinor() const;
};

// How many have what.
struct RfmCounts {
  std::vector<std::vector<RfmGroup>> grid;  // [r - 1][f - 1]
  std::vector<RfmGroup> segments;           // As the program lists them.
};
RfmCounts CountRfm(absl::Span<const RfmValues> population, const RfmCutPoints& cut_points,
                   const domain::Rfm& rfm);

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_RFM_H_
