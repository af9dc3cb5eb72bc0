#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVE_DAYS_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVE_DAYS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "server/domain/incentive/day.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/history.h"

namespace dangol::domain {

// What an incentive was under each of several versions; null where it was not.
using TermsOverTime = absl::InlinedVector<const Incentive*, 2>;

// What is known of a person for one incentive, day by day: a walk along the series that concern
// it, side by side, since a purchase in time walks along two years of them. Days that the
// histories have summed up are one, the first of them. Refers to its arguments.
class IncentiveDays {
 public:
  IncentiveDays(const TermsOverTime& terms, const Member& person, const ProgramCatalog& catalog);

  // The next day; false where there is none. What it refers to is good until the next call.
  bool Next(IncentiveDay& day);

 private:
  enum class What : int8_t { kStamps, kBase, kBought, kIdle, kCategory, kActivity };
  struct Source {
    const Series* series;
    What what;
    int category = 0;
    size_t next = 0;  // The first is the sum of old days, where there is one.

    bool has_old() const { return series->before != 0; }
    size_t size() const { return series->days.size() + (has_old() ? 1 : 0); }
    DayNumber day() const {
      if (!has_old()) return series->days[next];
      return next == 0 ? series->first_day : series->days[next - 1];
    }
    int64_t sum() const {
      if (!has_old()) return series->sums[next];
      return next == 0 ? series->before : series->sums[next - 1];
    }
  };

  void AddSeries(const Series& series);
  void AddCategory(const Series& series);
  // Of activities those that count.
  int64_t CountedOn(DayNumber day) const;

  const std::vector<History>& histories_;
  const ProgramCatalog& catalog_;
  const Engagement* engagement_ = nullptr;
  const std::string* id_ = nullptr;  // Null: no version declares it.
  bool asks_bought_ = false;
  bool asks_referrals_ = false;  // Of others, and not what they bought themselves.
  bool asks_categories_ = false;
  absl::InlinedVector<Source, 8> sources_;
  absl::InlinedVector<absl::string_view, 8> categories_;  // By number.
  absl::InlinedVector<int, 8> of_day_;
};

// Whether anything from a day on may concern an incentive.
bool HasDaysFrom(DayNumber from, const Incentive& incentive, const std::vector<History>& histories);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_INCENTIVE_DAYS_H_
