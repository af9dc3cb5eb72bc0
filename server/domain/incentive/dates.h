#ifndef DANGOL_SERVER_DOMAIN_INCENTIVE_DATES_H_
#define DANGOL_SERVER_DOMAIN_INCENTIVE_DATES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/domain/incentive/day.h"
#include "server/domain/incentive/goods.h"
#include "server/domain/member/member.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/award.h"

// Incentives of a date that everybody has: the day of enrolment, its anniversaries, the birthday.
// Nothing that is bought decides about them; they are due by the calendar, and granted by the
// scheduler's command alone, since they draw on budgets. Reads show them as coming.
namespace dangol::domain {

inline int64_t StampsOf(const Welcome&, const QualifyingGoods&) { return 0; }
inline int64_t StampsOf(const Anniversary&, const QualifyingGoods&) { return 0; }
inline int64_t StampsOf(const Birthday&, const QualifyingGoods&) { return 0; }

// They are no folds over what is done.
struct DateFold {
  template <typename Terms>
  int64_t Step(const Terms&, const IncentiveWindow&, const IncentiveDay&) {
    return 0;
  }
  template <typename Terms>
  IncentiveProgress ProgressOn(const Terms&, const IncentiveWindow&, DayNumber) const {
    return {0, 1, kNoDay};
  }
};
template <typename Kind>
struct DateFoldOf : DateFold {};
DateFoldOf<Welcome> FoldFor(const Welcome&);
DateFoldOf<Anniversary> FoldFor(const Anniversary&);
DateFoldOf<Birthday> FoldFor(const Birthday&);

// Whether what is bought decides about it.
inline bool LooksAtPurchases(const Incentive& incentive) {
  return !IsOfDate(incentive) && !std::holds_alternative<Engagement>(incentive.kind);
}

// A day of the year, of a birthday whose year may not be known: "1990-03-31" or "03-31". Nothing
// where the text is neither.
struct DayOfYear {
  int month = 1;
  int day = 1;
};
std::optional<DayOfYear> ParseBirthday(absl::string_view text);

// INVALID_ARGUMENT where an attribute that a program takes for a birthday is none, such as a date
// of the lunar calendar.
absl::Status CheckBirthdays(const Attributes& attributes, const Program& program);

// What is due of days after person.granted_until and up to today: of each by the program of its
// day, as the program has them. Nothing of days more than a year ago, and nothing for who is
// suspended or has left.
std::vector<AwardDue> DatesDue(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// When the next of the program of now is due, which may be in the past; InfiniteFuture where none
// is.
absl::Time NextDateDue(const ProgramCatalog& catalog, absl::Time now, const Member& person);

// The next day of one incentive from a day on; nothing where there is none.
std::optional<DayNumber> NextDateOf(const Incentive& incentive, const Program& program,
                                    const Member& person, DayNumber from);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_INCENTIVE_DATES_H_
