#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/domain/program/advocates.h"
#include "server/domain/program/care.h"
#include "server/domain/program/incentives.h"
#include "server/domain/program/rfm.h"
#include "server/domain/program/tiers.h"

namespace dangol::domain {

// The rules of a loyalty program, as protos/dangol/v1/program.proto documents
// them, with names resolved to indexes. Whoever makes a Program guarantees what
// that file promises: indexes in range, positive rates, factors above one.

struct Currency {
  std::string code;
  int minor_digits = 2;
};

// When points expire, always at the midnight that ends a day.
struct Expiry {
  enum class Policy : int8_t { kNever, kAfter, kYearEnd, kInactivity };
  // The end of which piece of the calendar year.
  enum class RoundUpTo : int8_t { kDay, kMonth, kQuarter, kHalfYear, kYear };
  Policy policy = Policy::kNever;
  int months = 0;                           // kAfter, and kInactivity.
  int days = 0;                             // kAfter, and kInactivity.
  int years = 0;                            // kYearEnd.
  RoundUpTo round_up_to = RoundUpTo::kDay;  // kAfter.
};

// What a point is worth: so many minor units for each so many points.
struct PointValue {
  int currency = 0;  // Index into Program::currencies.
  int64_t minor = 0;
  int64_t per_points = 1;
};

struct Wallet {
  std::string id;
  int pending_days = 0;
  Expiry expiry;
  bool pending_until_confirmed = false;  // Whatever pending_days says.
  // Points that come back to a lot that has expired live on for so many days; 0: they
  // expire at once.
  int grace_days = 0;
  std::optional<PointValue> value = std::nullopt;  // For what they cost; where it is declared.
  // Others than `expiry`: what comes first counts. Over all of them, one is kInactivity at most.
  std::vector<Expiry> or_earlier = {};
};

// The period without activity after which points of the wallet expire; null where that is no
// reason to.
inline const Expiry* FindInactivity(const Wallet& wallet) {
  if (wallet.expiry.policy == Expiry::Policy::kInactivity) return &wallet.expiry;
  for (const Expiry& other : wallet.or_earlier) {
    if (other.policy == Expiry::Policy::kInactivity) return &other;
  }
  return nullptr;
}

// What becomes of points that a return takes back and that are not there any more.
enum class DebtPolicy : int8_t { kAllowDebt, kWriteOff, kReject };

// A reason for which points may be adjusted.
struct AdjustmentReason {
  std::string code;
  int64_t max_points = 0;      // In one adjustment, up or down.
  bool for_advocates = false;  // It is no reward for speaking for the house.
};

// Points for each so many minor units.
struct Rate {
  int currency = 0;  // Index into Program::currencies.
  int64_t points = 0;
  int64_t per_minor = 1;
};

struct MinorAmount {
  int currency = 0;  // Index into Program::currencies.
  int64_t minor = 0;
};

// From the one minute of the day to before the other; spans midnight where that is the smaller.
struct HourRange {
  int from_minute = 0;
  int until_minute = 24 * 60;
};

// All that is given must hold; of a list, any item.
struct Conditions {
  std::vector<std::string> channels;
  std::vector<std::string> store_ids;
  std::vector<std::string> categories;
  std::vector<std::string> skus;
  std::vector<MinorAmount> min_basket;
  std::vector<MinorAmount> max_basket;
  bool basket_without_points = false;  // Less what was paid with points.
  std::vector<absl::Weekday> weekdays;
  std::optional<HourRange> hours;
  std::optional<absl::CivilDay> first_day;
  std::optional<absl::CivilDay> last_day;
  std::vector<std::pair<std::string, std::string>> attributes;
  bool first_purchase = false;
  std::vector<TierName> tiers;  // The member is in any of them.
};

// Something that is given for coming back.
struct Incentive {
  std::string id;
  std::string name;
  IncentiveKind kind;
  // Which purchases count. What it says of attributes is asked when a purchase is recorded; of
  // the member it says nothing else.
  Conditions when;
  std::vector<TierName> tiers;        // For whoever was in any of these when the day began.
  std::vector<std::string> segments;  // The same.
  IncentiveWindow window;
  AwardedPoints reward;  // Of a boost, without points.
  std::optional<Boost> boost = std::nullopt;
  int64_t budget = 0;            // Points in all, to whomever; 0: without limit.
  int64_t member_max = 0;        // Awards of one member; 0: without limit.
  int64_t member_daily_max = 0;  // The same, on one day.
  std::string group;             // Of those that are due on one day, only the first by priority.
  int priority = 0;
};

enum class Rounding : int8_t { kFloor, kHalfUp, kCeiling };

enum class CapPeriod : int8_t { kPurchase, kDay, kMonth, kEver };

struct Cap {
  CapPeriod per = CapPeriod::kPurchase;
  int64_t points = 0;
};

// What base rules and multipliers have in common.
struct Rule {
  std::string id;
  int wallet = 0;  // Index into Program::wallets.
  Conditions when;
  Rounding rounding = Rounding::kFloor;
  std::vector<Cap> caps;
  bool qualifying = false;
  int64_t budget = 0;  // Points in all, to whomever; 0: without limit.
};

// Whether other purchases decide what is left of a rule under its caps.
inline bool HasCapOverPurchases(const Rule& rule) {
  return std::any_of(rule.caps.begin(), rule.caps.end(),
                     [](const Cap& cap) { return cap.per != CapPeriod::kPurchase; });
}

struct EarningRule : Rule {
  std::vector<Rate> rates;
  bool full_steps = false;  // Points for each so many minor units that are full.
};

struct Multiplier : Rule {
  int64_t numerator = 1;
  int64_t denominator = 1;
};

enum class Stacking : int8_t { kAdd, kCompound, kBest };

struct Money {
  std::string currency;
  int64_t minor = 0;

  friend bool operator==(const Money&, const Money&) = default;
};

// What a coupon is worth to whoever uses it.
struct Benefit {
  enum class Kind : int8_t { kNothing, kAmountOff, kPercentOff, kCashback, kGift };
  Kind kind = Kind::kNothing;
  std::vector<Money> amounts;  // kAmountOff, kCashback: one for each currency that it is good in.
  int percent = 0;             // kPercentOff.
  std::string sku;             // kGift.

  friend bool operator==(const Benefit&, const Benefit&) = default;
};

// What a scratch coupon may turn out to be.
struct Prize {
  std::string id;
  std::string name;
  int64_t odds_ppm = 0;  // Of a million draws, this many.
  Benefit benefit;
};

// How many of a reward one member may take in a day, a month or ever.
struct RewardLimit {
  CapPeriod per = CapPeriod::kEver;
  int64_t pieces = 0;
};

// Something that members can take for points.
struct Reward {
  std::string id;
  std::string name;
  int wallet = 0;  // Index into Program::wallets.
  int64_t points = 0;
  int64_t stock = 0;  // Pieces in all; 0: without limit.
  std::vector<RewardLimit> limits;
  std::optional<absl::CivilDay> first_day;
  std::optional<absl::CivilDay> last_day;
  std::vector<std::pair<std::string, std::string>> attributes;  // That the member must have.
  std::vector<TierName> tiers;                                  // In any of which they must be.
  int validity_days = 0;                                        // 0: coupons never expire.
  Benefit benefit;                                              // Unless there are prizes.
  std::vector<Prize> prizes;   // Of a scratch reward; their odds add up to a million.
  bool for_advocates = false;  // It is no reward for speaking for the house.
};

// Something that members do beside buying, and that is recorded.
struct ActivityKind {
  std::string kind;
  int64_t daily_cap = 0;           // So many of a member count a day; 0: without limit.
  bool ignored_by_expiry = false;  // Points expire by inactivity all the same.
};

struct Program {
  std::string name;
  absl::TimeZone time_zone;
  std::vector<Currency> currencies;
  std::vector<Wallet> wallets;
  std::vector<EarningRule> earning_rules;
  std::vector<Multiplier> multipliers;
  Stacking stacking = Stacking::kAdd;
  absl::flat_hash_set<std::string> excluded_categories;
  absl::flat_hash_set<std::string> excluded_skus;
  DebtPolicy debt_policy = DebtPolicy::kAllowDebt;
  // Of kWriteOff: also of points that were given to other members. Else these stay a debt.
  bool write_off_given_points = false;
  absl::CivilDay history_from = absl::CivilDay(2000, 1, 1);  // Nothing occurred before.
  int return_window_days = 90;                               // For returns without a receipt.
  std::vector<AdjustmentReason> adjustment_reasons;
  std::vector<std::string> testimony_scopes;  // For what a testifier's name may be used.
  std::optional<Care> care;                   // How complaints are dealt with.
  std::vector<Reward> rewards;
  std::vector<Ladder> ladders;
  std::vector<Incentive> incentives;
  // Given up on purpose, whatever members still have of them.
  std::vector<std::string> retired_wallets;
  std::vector<std::string> retired_currencies;
  std::vector<std::string> retired_rewards;
  std::vector<ActivityKind> activities;
  std::optional<Rfm> rfm;
  // Both want `rfm`, for the currency that money is told in.
  std::optional<Vvip> vvip;
  std::optional<WordOfMouth> word_of_mouth;
  std::string house_attribute;  // Who has it is the house itself; empty: nobody is.
};

// Whether any tier is worth points to who enters it.
inline bool HasGifts(const Ladder& ladder) {
  return std::any_of(ladder.tiers.begin(), ladder.tiers.end(),
                     [](const Tier& tier) { return tier.gift.has_value(); });
}
inline bool HasGifts(const Program& program) {
  return std::any_of(program.ladders.begin(), program.ladders.end(),
                     [](const Ladder& ladder) { return HasGifts(ladder); });
}

// Null where the program has no such ladder.
inline const Ladder* FindLadder(const Program& program, const std::string& id) {
  for (const Ladder& ladder : program.ladders) {
    if (ladder.id == id) return &ladder;
  }
  return nullptr;
}

// Null where the program has no such incentive.
inline const Incentive* FindIncentive(const std::string& id, const Program& program) {
  for (const Incentive& incentive : program.incentives) {
    if (incentive.id == id) return &incentive;
  }
  return nullptr;
}

// Whether it is due by the calendar, whatever is done.
inline bool IsOfDate(const Incentive& incentive) {
  return std::holds_alternative<Welcome>(incentive.kind) ||
         std::holds_alternative<Anniversary>(incentive.kind) ||
         std::holds_alternative<Birthday>(incentive.kind);
}

// What names an incentive in entries and awards.
inline constexpr char kIncentiveCause[] = "incentive:";
inline std::string CauseOf(const Incentive& incentive) { return kIncentiveCause + incentive.id; }

// Calls visit(const Rule&) for each base rule and each multiplier, as the file has them.
template <typename Visit>
void ForEachRule(const Program& program, const Visit& visit) {
  for (const EarningRule& rule : program.earning_rules) visit(rule);
  for (const Multiplier& multiplier : program.multipliers) visit(multiplier);
}

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_PROGRAM_H_
