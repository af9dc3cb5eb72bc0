#ifndef DANGOL_SERVER_DOMAIN_STANDING_ASSESSOR_H_
#define DANGOL_SERVER_DOMAIN_STANDING_ASSESSOR_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/standing/tally.h"

namespace dangol::domain {

// The place of the tier of a span; -1 where it is none, or none of this ladder.
int PlaceOf(const TierSpan& span, const Ladder& ladder);

// Compares what a person did with what the tiers of a ladder ask for. Refers to its arguments,
// which must outlive it.
class Assessor {
 public:
  // `ladder`: of that program.
  Assessor(const Ladder& ladder, const Member& person, const Program& program,
           const ProgramCatalog& catalog);

  const Ladder& ladder() const { return ladder_; }
  DayNumber enrolled() const { return enrolled_; }

  int IndexOf(const TierSpan& span) const { return PlaceOf(span, ladder_); }
  // Whether a tier asks for nothing: everybody who is in none above is in it.
  bool IsBase(int tier) const;

  // Each criterion with its value at the end of a day, in their order.
  std::vector<Judged> ValuesOf(const Criteria& criteria, const TierSpan& span,
                               DayNumber last) const;
  bool IsReached(int tier, const TierSpan& span, DayNumber last) const;
  // Whether somebody who is in it, or above, may stay: what it takes to reach it is enough.
  bool IsKept(int tier, const TierSpan& span, DayNumber last) const;
  // The highest tier up to `highest` that is kept; -1 where none is.
  int HighestKept(int highest, const TierSpan& span, DayNumber last) const;
  // Where who is in a tier goes whose review at the end of this day finds that it is not kept.
  int FallsTo(int tier, const TierSpan& span, DayNumber last) const;

  // The highest place that the person wants on this day.
  int HighestWanted(DayNumber day) const;
  // What of the year that ends with this day counts in the next.
  int64_t LeftOver(const TierSpan& span, DayNumber last) const;

 private:
  bool IsMet(const Criteria& criteria, const TierSpan& span, DayNumber last) const;
  // Of an indicator that is scored.
  int64_t ScoreOf(const Criterion& criterion, DayNumber last) const;
  // Of the ladder's window at the end of a day; with the days of grace that follow one.
  Days WindowAt(const TierSpan& span, DayNumber last) const;

  const Ladder& ladder_;
  const std::vector<History>& histories_;
  const Program& program_;
  const ProgramCatalog& catalog_;
  const DayNumber enrolled_;
};

// Whether the criteria of these values are met.
bool AreMet(const Criteria& criteria, const std::vector<Judged>& values);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_ASSESSOR_H_
