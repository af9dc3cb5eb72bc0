#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_NORMS_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_NORMS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "server/domain/program/days.h"
#include "server/domain/program/program.h"

namespace dangol::domain {

// Of what norms were computed. They fit a program that would have them computed of the same.
struct NormsBasis {
  int window_days = 0;
  int scores = 0;
  std::string base_currency;

  friend bool operator==(const NormsBasis&, const NormsBasis&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.window_days);
    v(2, row.scores);
    v(3, row.base_currency);
  }
};

// Of a program with Program::rfm.
NormsBasis BasisOf(const Program& program);

// Where somebody stands among all by what they contribute. The best is the least: whoever spent
// more, of equals whoever bought more often, then whoever was a member first.
struct VvipRank {
  int64_t spent_minor = 0;
  int64_t purchases = 0;
  absl::Time enrolled_at = absl::UnixEpoch();
  MemberId id;

  friend bool operator==(const VvipRank&, const VvipRank&) = default;
  friend bool operator<(const VvipRank& a, const VvipRank& b) {
    if (a.spent_minor != b.spent_minor) return a.spent_minor > b.spent_minor;
    if (a.purchases != b.purchases) return a.purchases > b.purchases;
    if (a.enrolled_at != b.enrolled_at) return a.enrolled_at < b.enrolled_at;
    return a.id < b.id;
  }

  static void Fields(auto& row, auto& v) {
    v(1, row.spent_minor);
    v(2, row.purchases);
    v(3, row.enrolled_at);
    v(4, row.id);
  }
};

// What advocates are judged by (JudgeAdvocacy).
struct AdvocateNorms {
  int64_t contributors = 0;       // Who contributed anything, of whom the next two are shares.
  std::optional<VvipRank> enter;  // The last who becomes a VVIP ...
  std::optional<VvipRank> stay;   // ... and the last who stays one; nobody does without them.

  friend bool operator==(const AdvocateNorms&, const AdvocateNorms&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.contributors);
    v(2, row.enter);
    v(3, row.stay);
  }
};

// Cut points that were computed of a population once, and by which everybody is scored from a
// midnight on. They are recorded well before it, so that nobody decides about that day who does
// not know them.
struct Norms {
  int64_t number = 0;                             // Its place among all rules (ProgramCatalog).
  DayNumber from = 0;                             // The first day on which they are in force ...
  absl::Time effective_from = absl::UnixEpoch();  // ... and its first moment.
  absl::Time recorded_at = absl::UnixEpoch();
  DayNumber day = 0;    // Of what had been done by the end of this day.
  int64_t members = 0;  // Who were scored.
  NormsBasis basis;
  RfmCutPoints cut_points;
  std::optional<AdvocateNorms> advocates;  // Where the program has use for them.
  bool only_advocates = false;             // There are no cut points: nobody was scored.

  // What a store has in columns is not among them.
  static void Fields(auto& row, auto& v) {
    v(1, row.from);
    v(2, row.day);
    v(3, row.members);
    v(4, row.basis);
    v(5, row.cut_points);
    v(6, row.advocates);
    v(7, row.only_advocates);
  }
};

// When norms are to be computed next, and what they are then.
struct NormsDue {
  absl::Time at;
  DayNumber day = 0;
  DayNumber from = 0;
  bool scores = true;      // Cut points are.
  bool advocates = false;  // What advocates are judged by is.
};

// Whether a program has use for AdvocateNorms: computed daily.
bool JudgesAdvocates(const Program& program);

// How long before they are in force norms are recorded at the latest: longer than any server
// takes for a command.
inline constexpr absl::Duration kNormsNotice = absl::Minutes(10);

// The first day that is that far away.
DayNumber FirstDayOfNorms(absl::Time now, absl::TimeZone zone);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_NORMS_H_
