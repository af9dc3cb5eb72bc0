#ifndef DANGOL_SERVER_DOMAIN_ACTIVITY_ACTIVITY_FACT_H_
#define DANGOL_SERVER_DOMAIN_ACTIVITY_ACTIVITY_FACT_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/domain/activity/activity.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/history.h"

// What activities mean for the history of their person, and which of them count.
//
// The history has all activities of a kind that stand, by day. How many of a day count is worked
// out when it is asked, from the day's sums and its cap: so nothing hangs on what came first, and
// two persons who turn out to be one have one cap.
namespace dangol::domain {

// How many activities of one kind, by whether somebody was paid for them.
struct ActivityCount {
  int64_t spontaneous = 0;
  int64_t rewarded = 0;

  int64_t all() const { return spontaneous + rewarded; }
  friend bool operator==(const ActivityCount&, const ActivityCount&) = default;
};

// The declaration of a kind; null where the program has none.
const ActivityKind* FindActivityKind(absl::string_view kind, const Program& program);

// Whether it adds anything to its day.
bool Stands(const Activity& activity);

// The marks of an activity that stands. `program`: that judged it.
Fact FactOf(const Activity& activity, const Program& program);

// How many of a kind count on a day, 0 without limit: the most that a version which was in
// force on that day and declares the kind allows. So what counted in the morning still does when
// the program is changed at noon.
int64_t DailyCapOf(absl::string_view kind, DayNumber day, const ProgramCatalog& catalog);

// Which of a day count under its cap: spontaneous ones before those that were paid for, so that
// these take nobody's place.
ActivityCount UnderCap(const ActivityCount& day, int64_t daily_cap);

// All of a kind on a day that stand, counting or not.
ActivityCount RecordedOn(const std::vector<History>& histories, absl::string_view kind,
                         DayNumber day);

// What counts of a kind, day by day. Days that the history has summed up (KeptFrom) are not
// told apart any more, and are left out.
ActivityCount CountedOf(const std::vector<History>& histories, absl::string_view kind, Days days,
                        const ProgramCatalog& catalog);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_ACTIVITY_ACTIVITY_FACT_H_
