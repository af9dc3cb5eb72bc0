#ifndef DANGOL_SERVER_INSIGHT_CARE_REPORT_H_
#define DANGOL_SERVER_INSIGHT_CARE_REPORT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member.h"
#include "server/domain/program/days.h"

// What complaints were about, how soon they were dealt with, who buys again after them, and what
// members answered.
namespace dangol::insight {

// A share of a count.
struct Proportion {
  int64_t of = 0;
  int64_t count = 0;
};

// Ends of a confidence interval.
struct Interval {
  double low = 0;
  double high = 1;
};

// The Wilson score interval at 95 % (Wilson, Journal of the American Statistical Association 1927):
// it does not leave 0 to 1, and holds for few and for extremes. 0 to 1 where there is nobody.
Interval WilsonInterval(const Proportion& proportion);

// How long something took: half of the times no longer than the median, nine in ten no longer than
// p90 (nearest ranks).
struct DurationSummary {
  int64_t count = 0;
  absl::Duration median;
  absl::Duration p90;
};
DurationSummary Summarize(std::vector<absl::Duration> durations);

struct CategorySummary {
  std::string category;
  int64_t complaints = 0;
  int64_t members = 0;
  int64_t recurring_members = 0;  // Who complained of it more than once.
  int64_t reopened = 0;
  int64_t overdue = 0;
  DurationSummary to_acknowledge;
  DurationSummary to_resolve;
};

// Answers; the net promoter score is of Reichheld, Harvard Business Review 2003.
struct SurveySums {
  int64_t surveys = 0;
  int64_t promoters = 0;
  int64_t passives = 0;
  int64_t detractors = 0;
  int64_t satisfaction_count = 0;
  int64_t satisfaction_sum = 0;  // Perception less expectation.

  // From -100 to 100; nothing where nobody was asked.
  std::optional<double> Nps() const;
  // At 95 %, of a normal distribution.
  Interval NpsInterval() const;
};

class CareReport {
 public:
  struct Question {
    absl::Time from = absl::InfinitePast();     // Complaints and answers of this time or later ...
    absl::Time until = absl::InfiniteFuture();  // ... and before this one.
    absl::Duration fast;                        // Up to so long an outcome is a fast one.
    absl::Time now;
    absl::TimeZone zone;
  };
  explicit CareReport(const Question& question);

  void Add(const domain::Member& member);

  // Those with the most complaints first.
  std::vector<CategorySummary> Categories() const;

  // Who bought again, by their first complaint of the period. Each member counts once, and only
  // where the 90 days are over.
  const Proportion& after_fast() const { return after_fast_; }
  const Proportion& after_slow() const { return after_slow_; }
  const Proportion& without_outcome() const { return without_outcome_; }
  // Members who never complained and bought in the 90 days before the last 90: who of them bought
  // in the last 90.
  const Proportion& without_complaint() const { return without_complaint_; }

  const SurveySums& surveys() const { return surveys_; }

 private:
  struct OfCategory {
    int64_t complaints = 0;
    int64_t members = 0;
    int64_t recurring_members = 0;
    int64_t reopened = 0;
    int64_t overdue = 0;
    std::vector<absl::Duration> to_acknowledge;
    std::vector<absl::Duration> to_resolve;
  };

  void AddMark(const domain::ComplaintMark& mark, bool is_first, OfCategory& of);
  void AddComplaints(const domain::Member& member,
                     const std::vector<const domain::ComplaintMark*>& marks);
  void AddRepurchase(const domain::Member& member, const domain::ComplaintMark& first);
  void AddContent(const domain::Member& member);
  void AddSurveys(const domain::History& history);
  bool IsAsked(absl::Time at) const { return question_.from <= at && at < question_.until; }

  const Question question_;
  const domain::DayNumber today_;
  std::map<std::string, OfCategory> categories_;
  Proportion after_fast_;
  Proportion after_slow_;
  Proportion without_outcome_;
  Proportion without_complaint_;
  SurveySums surveys_;
};

}  // namespace dangol::insight

#endif  // DANGOL_SERVER_INSIGHT_CARE_REPORT_H_
