#ifndef DANGOL_SERVER_INSIGHT_RFM_H_
#define DANGOL_SERVER_INSIGHT_RFM_H_

#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "server/domain/program/rfm.h"
#include "server/domain/standing/rfm_values.h"

// Recency, frequency and money, scored over a population: exactly, in whole numbers.
namespace dangol::insight {

// The quantiles at 1 / parts, 2 / parts and so on, of type 7: the i-th lies at (n - 1) * i /
// parts of the values in their order, counted from 0, and between two of them in proportion.
// Without values there are none. Sorts the values.
std::vector<domain::CutPoint> Quantiles(std::vector<int64_t>& values, int parts);

// By the quantiles of a population, or by the program's thresholds where it has any. Besides
// what it is given it takes 8 bytes for each member.
domain::RfmCutPoints CutPointsOf(absl::Span<const domain::RfmValues> population,
                                 const domain::Rfm& rfm);

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
RfmCounts CountRfm(absl::Span<const domain::RfmValues> population,
                   const domain::RfmCutPoints& cut_points, const domain::Rfm& rfm);

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_RFM_H_
