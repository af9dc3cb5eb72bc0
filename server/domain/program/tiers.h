#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_TIERS_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_TIERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"

// What a program says of tiers, as protos/dangol/v1/program.proto documents it.
namespace dangol::domain {

// A tier of a ladder.
struct TierName {
  std::string ladder;
  std::string tier;

  friend bool operator==(const TierName&, const TierName&) = default;
};

// What a criterion counts: a sum over days of a person's history, or what such sums are scored.
enum class Indicator : int8_t {
  kQualifyingPoints = 1,
  kNetSpend = 2,
  kPurchases = 3,
  kVisits = 4,
  kActiveMonths = 5,
  kActivities = 6,
  kActivityScore = 7,  // Of Program::rfm, as the next one.
  kSegment = 8,        // 1 for whoever is in one of them.
};

// Whether it is of days that Program::rfm says, and not of the ladder's window.
inline bool IsScored(Indicator indicator) {
  return indicator == Indicator::kActivityScore || indicator == Indicator::kSegment;
}

struct Criterion {
  Indicator indicator = Indicator::kPurchases;
  std::string of;  // The wallet, the currency or the kind of activity.
  int64_t at_least = 1;
  bool lifetime = false;  // Counted from the beginning of time, not over the ladder's window.
  std::vector<std::string> segments = {};  // Of kSegment, by id.

  friend bool operator==(const Criterion&, const Criterion&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.indicator);
    v(2, row.of);
    v(3, row.at_least);
    v(4, row.lifetime);
    v(5, row.segments);
  }
};

// Without any, everybody meets them.
struct Criteria {
  std::vector<Criterion> items;
  bool any = false;  // One of them is enough.
};

// Over which days criteria count.
struct Qualification {
  enum class Window : int8_t { kRolling, kCalendarYear, kMembershipYear, kSinceTier };
  Window window = Window::kRolling;
  int months = 0;  // kRolling.
  int days = 0;    // kRolling.
};

// How long a tier that is reached lasts before it is reviewed. The last day is included.
struct Validity {
  enum class Policy : int8_t { kUnlimited, kAfter, kCalendarYear, kMembershipYear };
  Policy policy = Policy::kUnlimited;
  int months = 0;  // kAfter.
  int days = 0;    // kAfter.
  int years = 0;   // Of calendar and membership: 0 this one, 1 the next.
  bool to_month_end = false;
};

// What somebody falls to who does not keep a tier.
enum class Fall : int8_t { kToQualified, kOneStep };

// What becomes of a tier when goods come back after its period.
enum class LateReturns : int8_t { kKeepUntilReview, kWithdraw };

// Who is in a tier when a version begins.
enum class OnChange : int8_t { kKeep, kRejudge };

struct EntryGift {
  int wallet = 0;  // Index into Program::wallets.
  int64_t points = 0;
};

struct Tier {
  std::string id;
  std::string name;
  Criteria reach;
  Criteria keep;  // The same as `reach` where the program does not say.
  std::optional<EntryGift> gift;
  std::string takes_over;  // The tier of an earlier version whose members are in this one.
};

// Days on which other rules hold for everybody.
struct TierException {
  absl::CivilDay first_day;
  absl::CivilDay last_day;
  int threshold_percent = 100;
  bool keep_all = false;  // Nobody falls.
};

// What is left over beyond a threshold counts in the next year.
struct Rollover {
  Criterion counted;  // at_least is not used.
  int64_t at_most = 0;
};

// Tiers, one above the other.
struct Ladder {
  std::string id;
  std::string name;
  Qualification qualification;
  Validity validity;
  int grace_days = 0;
  Fall fall = Fall::kToQualified;
  // kOneStep: only with so many purchases in the window; else to what is qualified.
  int64_t step_min_purchases = 0;
  LateReturns late_returns = LateReturns::kKeepUntilReview;
  OnChange on_change = OnChange::kKeep;
  std::optional<Rollover> rollover;
  std::vector<TierException> exceptions;
  std::vector<int> announce_days;  // So many days before a review, descending.
  std::vector<Tier> tiers;         // The lowest first.
};

// Whether members are in its tiers by how they are scored: then norms decide about it, too.
bool IsScored(const Ladder& ladder);

// Its place in the ladder; -1 where there is none.
inline int FindTier(const Ladder& ladder, const std::string& id) {
  for (size_t i = 0; i < ladder.tiers.size(); ++i) {
    if (ladder.tiers[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

// The same; where it is no more, that of the tier that has taken it over.
inline int FindTierOrHeir(const Ladder& ladder, const std::string& id) {
  const int place = FindTier(ladder, id);
  for (size_t i = 0; place < 0 && i < ladder.tiers.size(); ++i) {
    if (ladder.tiers[i].takes_over == id) return static_cast<int>(i);
  }
  return place;
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_TIERS_H_
