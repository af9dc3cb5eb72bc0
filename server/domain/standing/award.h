#ifndef DANGOL_SERVER_DOMAIN_STANDING_AWARD_H_
#define DANGOL_SERVER_DOMAIN_STANDING_AWARD_H_

#include <cstdint>
#include <limits>
#include <string>

#include "absl/time/time.h"
#include "server/domain/member/member_id.h"
#include "server/domain/program/days.h"
#include "server/domain/program/incentives.h"

namespace dangol::domain {

inline constexpr Days kAnyDay = {std::numeric_limits<DayNumber>::min(),
                                 std::numeric_limits<DayNumber>::max()};

// What a person has due by the facts: for a tier that they entered, or of an incentive.
struct AwardDue {
  std::string cause;  // "tier:LADDER/TIER" or "incentive:ID": the rule of its ledger entries.
  DayNumber day = 0;  // On which it became due.
  AwardedPoints reward;
  Days again = kAnyDay;  // One of these days that fell is the same award, and stands again.
  int64_t budget = 0;    // What all members may be given for it; 0: without limit.
  bool once = false;     // Nothing is due beside one that stands and is the same.
  bool varies = false;   // Its worth follows the facts, too (Boost).
  // It would reward somebody for speaking for the house: not given to whoever did so when the day
  // began. What was given before that was known is theirs.
  bool for_advocacy = false;

  friend bool operator==(const AwardDue&, const AwardDue&) = default;
};

// What was given of that. It lies in a purse, and goes where its person goes.
struct Award {
  MemberId person;     // Who it was given to.
  int64_t number = 0;  // 1, 2, 3 and so on, of each person.
  std::string cause;
  DayNumber day = 0;  // On which it became due, as it is known now.
  std::string wallet;
  // What it is worth: without those points that expired before anybody could take them back.
  int64_t points = 0;
  int64_t given = 0;  // What it is worth with these.
  MemberId purse;     // Names the lot, with its number. Nil where there is none.
  int64_t lot = 0;
  absl::Time expires_at = absl::InfiniteFuture();
  // The facts do not say so any more: the points were taken back, as far as they were there.
  bool fallen = false;
  int64_t written_off = 0;  // Of a fallen one: points that were given up.
  absl::Time recorded_at;

  friend bool operator==(const Award&, const Award&) = default;
};

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_AWARD_H_
