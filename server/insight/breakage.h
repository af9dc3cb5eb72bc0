#ifndef DANGOL_SERVER_INSIGHT_BREAKAGE_H_
#define DANGOL_SERVER_INSIGHT_BREAKAGE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "server/domain/points/outstanding.h"

namespace dangol::insight {

// How many points will expire, after what became of earlier ones: a life table over
// ages in months, pooled over all months in which points were earned (the development
// method of Gault, Llaguno and Menard, "Loyalty Rewards and Gift Card Programs: Basic
// Actuarial Estimation Techniques", CAS E-Forum, Summer 2012; decision 0015). Exact in
// integers but for shares, which are rounded down to a billionth.
class BreakageTable {
 public:
  // What became of the points of one month, by month.
  using Months = std::map<int, domain::Outstanding::Flow>;

  // `earned`: by the month in which points were earned. Months after `last_month`, the
  // last that is over, tell nothing yet.
  BreakageTable(const std::map<int, Months>& earned, int last_month);

  // How many months of history there are.
  int history_months() const { return history_months_; }

  struct Estimate {
    int64_t expires = 0;  // Of the points: so many as history shows.
    int64_t unknown = 0;  // And these outlive what history tells of.
  };

  // Of so many points that are there, earned `age` months ago.
  Estimate Of(int64_t points, int age) const;

 private:
  // Points at the beginning of an age, and those that leave during it.
  struct Age {
    int64_t there = 0;
    int64_t expired = 0;
    int64_t used = 0;
  };
  // Of points at the beginning of an age, in billionths.
  struct Shares {
    int64_t expires = 0;
    int64_t unknown = 0;
  };

  static std::vector<Age> Pool(const std::map<int, Months>& earned, int last_month);

  int history_months_ = 0;
  std::vector<Shares> shares_;  // By age.
};

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_BREAKAGE_H_
