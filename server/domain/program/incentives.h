#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_INCENTIVES_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_INCENTIVES_H_

#include <cstdint>
#include <iterator>
#include <string>
#include <variant>

#include "absl/time/civil_time.h"

// What a program gives for coming back, as protos/dangol/v1/program_incentives.proto documents
// it. What each kind counts, and when it awards, is in server/domain/incentive.
namespace dangol::domain {

// So much of what purchases bring makes an award; the rest stays on the card.
struct PunchCard {
  enum class Per : int8_t { kPurchase, kPiece, kAmount };
  Per per = Per::kPurchase;
  int64_t places = 1;     // Stamps that make an award.
  int currency = 0;       // kAmount: index into Program::currencies.
  int64_t per_minor = 1;  // kAmount: a stamp for each so many minor units that are full.
  int64_t daily_max = 0;  // Stamps of one day that count; 0: without limit.
};

// A purchase in each of so many weeks or months, one after the other.
struct Streak {
  enum class Per : int8_t { kWeek, kMonth };
  Per per = Per::kWeek;
  absl::Weekday week_begins = absl::Weekday::monday;
  int64_t length = 2;
};

// The next purchase comes soon after the last.
struct ReturnWithin {
  int days = 1;              // Until then; that day is the last.
  bool second_only = false;  // Only of the second day of purchases that there ever was.
};

// A purchase after a silence.
struct WinBack {
  int days = 1;  // So many days after the last purchase, or more.
};

// What was spent comes to so much.
struct SpendMilestone {
  int currency = 0;  // Index into Program::currencies.
  int64_t minor = 1;
  bool repeats = false;  // Each so much; else once in a window.
};

// Goods of so many categories.
struct CategoryBreadth {
  int64_t categories = 2;
};

// A declared activity is done so many times.
struct Engagement {
  std::string activity;
  int64_t times = 1;
  bool spontaneous_only = false;  // Those that somebody was paid for do not count.
};

// What 29 February is in other years.
enum class LeapDay : int8_t { kDayBefore, kNextDay };

// The day of enrolment.
struct Welcome {};

// The day of enrolment, a year later and each year after.
struct Anniversary {
  LeapDay leap_day = LeapDay::kDayBefore;
};

// The birthday, which is an attribute of the member.
struct Birthday {
  std::string attribute;
  LeapDay leap_day = LeapDay::kDayBefore;
};

// Who referred somebody has it, when that one first buys what counts.
struct Referrer {
  // What comes back more than so many days after it was bought undoes nothing; 0: whenever.
  int return_days = 0;
};

// Who was referred has it, when they do.
struct Referred {
  int return_days = 0;
};

using IncentiveKind =
    std::variant<PunchCard, Streak, ReturnWithin, WinBack, SpendMilestone, CategoryBreadth,
                 Engagement, Welcome, Anniversary, Birthday, Referrer, Referred>;

// What the API calls them, in the order of the kinds.
inline constexpr const char* kIncentiveKindNames[] = {
    "punch_card", "streak",  "return_within", "win_back", "spend_milestone", "category_breadth",
    "engagement", "welcome", "anniversary",   "birthday", "referrer",        "referred"};
static_assert(std::size(kIncentiveKindNames) == std::variant_size_v<IncentiveKind>);

// Over which days what leads to an award is counted.
struct IncentiveWindow {
  enum class Kind : int8_t { kEver, kRolling, kWeek, kMonth, kQuarter, kHalfYear, kYear };
  Kind kind = Kind::kEver;
  int days = 0;  // kRolling: with the day of the award.
  absl::Weekday week_begins = absl::Weekday::monday;
};

// In place of so many points: a share of those that base rules give, for the purchases of the day
// of the award that count, or of the next day with such a purchase.
struct Boost {
  int64_t percent = 100;
  bool of_next = false;
};

// What an award is worth, and how long it lasts.
struct AwardedPoints {
  std::string wallet;
  int64_t points = 0;
  int expiry_days = 0;  // To the end of the day so many days later; 0: as the wallet says.

  friend bool operator==(const AwardedPoints&, const AwardedPoints&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_INCENTIVES_H_
