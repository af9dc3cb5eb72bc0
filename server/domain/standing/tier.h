#ifndef DANGOL_SERVER_DOMAIN_STANDING_TIER_H_
#define DANGOL_SERVER_DOMAIN_STANDING_TIER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "server/domain/program/days.h"
#include "server/domain/program/tiers.h"

namespace dangol::domain {

// Why somebody is in a tier from a day on. The numbers are stored.
enum class TierReason : int8_t {
  kReached = 1,    // By what they did.
  kKept = 2,       // A review found that they keep it.
  kGrace = 3,      // A review found that they do not; they have some days more.
  kFell = 4,       // A review found that they do not.
  kProgram = 5,    // The program has changed.
  kCarried = 6,    // A year has ended: what was left over counts in the next. The tier is the same.
  kAnnounced = 8,  // Nothing has changed: a review is coming (TierRecord::announced).
};

// A criterion of a tier, and what it came to.
struct Judged {
  Criterion criterion;
  Days days;
  int64_t value = 0;
  int64_t carried = 0;   // Of `value`: left over from the year before.
  int64_t imported = 0;  // Of `value`: done before, elsewhere.
  int64_t threshold = 0;

  bool IsMet() const { return value >= threshold; }

  friend bool operator==(const Judged&, const Judged&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.criterion);
    v(2, row.days.from);
    v(3, row.days.until);
    v(4, row.value);
    v(5, row.carried);
    v(6, row.threshold);
    v(7, row.imported);
  }
};

// A tier as it is called.
struct TierLabel {
  std::string id;  // Empty: none.
  std::string name;

  friend bool operator==(const TierLabel&, const TierLabel&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.id);
    v(2, row.name);
  }
};

// What a review would come to if nothing more were done until then.
struct ReviewForecast {
  TierLabel tier;      // The tier afterwards.
  bool grace = false;  // They would have some days more.
  bool at_risk = false;
  std::vector<Judged> criteria;  // Of keeping the tier, as they will be at the end of its last day.
  bool any = false;              // One of them is enough.

  friend bool operator==(const ReviewForecast&, const ReviewForecast&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.tier);
    v(2, row.grace);
    v(3, row.at_risk);
    v(4, row.criteria);
    v(5, row.any);
  }
};

// A step of what a person's tier was over time, and all that the next one depends on: whoever
// judges from a day on needs the last span before it and the facts, and nothing else.
struct TierSpan {
  DayNumber day = 0;  // From this day on.
  std::string tier;   // Empty: the lowest, if it is everybody's; else none.
  TierReason reason = TierReason::kReached;
  DayNumber reached_on = 0;    // Since when they are in it.
  DayNumber valid_until = 0;   // Its last day before a review; 0: there is none.
  DayNumber missed_on = 0;     // kGrace: the last day of the window that was too little.
  DayNumber counts_from = 0;   // Of Qualification::Window::kSinceTier.
  int64_t carried = 0;         // Counts in this year beside what they did (Rollover).
  int64_t missed_carried = 0;  // kGrace: what counted so in the window that was too little.

  friend bool operator==(const TierSpan&, const TierSpan&) = default;

  // As it would be without days of grace: they serve to keep a tier, and nothing else.
  TierSpan WithoutGrace() const {
    TierSpan span = *this;
    span.missed_on = span.missed_carried = 0;
    return span;
  }

  static void Fields(auto& row, auto& v) {
    v(1, row.day);
    v(2, row.tier);
    v(3, row.reason);
    v(4, row.reached_on);
    v(5, row.valid_until);
    v(6, row.missed_on);
    v(7, row.counts_from);
    v(8, row.carried);
    v(9, row.missed_carried);
  }
};

// What a person's place on a ladder was over time, by what they did; without any span they are
// where everybody begins.
struct LadderStanding {
  std::string ladder;
  std::vector<TierSpan> spans;  // By day, of which one may have several.
  // Earlier days are not judged again: goods of an ended period have come back since
  // (LateReturns::kKeepUntilReview).
  DayNumber settled_until = 0;

  friend bool operator==(const LadderStanding&, const LadderStanding&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.ladder);
    v(2, row.spans);
    v(3, row.settled_until);
  }
};

// What was found of a person's tier, and when: a span that was added, or one that later facts have
// shown to be none; or that a review is coming. The spans of a person are those that were added
// and not withdrawn.
struct TierRecord {
  int64_t number = 0;  // 1, 2, 3 and so on, of each member.
  std::string ladder;
  TierSpan span;
  bool withdrawn = false;
  absl::Time recorded_at;
  // TierReason::kAnnounced: what the review would have come to. `span.day` is the day of the
  // announcement, and the rest of it as it was then.
  ReviewForecast announced;

  friend bool operator==(const TierRecord&, const TierRecord&) = default;
};

// Somebody decided on a person's tier.
struct TierOverride {
  enum class Kind : int8_t {
    kAtLeast = 1,  // Lifts them.
    kAtMost = 2,   // Holds them down.
    kOptOut = 3,   // They want to rise no further. Nothing is lost: what is over can be carried.
  };
  std::string request_id;
  std::string ladder;
  std::string tier;
  Kind kind = Kind::kAtLeast;
  DayNumber from = 0;
  DayNumber until = 0;  // The last day; 0: without end.
  std::string reason;
  std::string principal;
  absl::Time decided_at;  // Of those that hold, a later one goes before.

  friend bool operator==(const TierOverride&, const TierOverride&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.request_id);
    v(2, row.ladder);
    v(3, row.tier);
    v(4, row.kind);
    v(5, row.from);
    v(6, row.until);
    v(7, row.reason);
    v(8, row.principal);
    v(9, row.decided_at);
  }

  bool Holds(DayNumber day) const { return from <= day && (until == 0 || day <= until); }
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_TIER_H_
