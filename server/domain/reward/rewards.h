#ifndef DANGOL_SERVER_DOMAIN_REWARD_REWARDS_H_
#define DANGOL_SERVER_DOMAIN_REWARD_REWARDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/command.h"
#include "server/domain/decide.h"
#include "server/domain/program/program.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/state.h"

// The catalogue of rewards, and the coupons that members take of it.
namespace dangol::domain {

// Spends the points and issues the coupon. Refused for each Obstacle below.
absl::StatusOr<Decision> DecideIssueCoupon(const IssueCoupon& command, absl::string_view principal,
                                           const State& state, const ProgramCatalog& catalog,
                                           absl::Time now);

absl::StatusOr<Decision> DecideUseCoupon(const UseCoupon& command, const State& state,
                                         const ProgramCatalog& catalog, absl::Time now);

// Gives back the points to the lots that they came from, and the piece to the stock and
// to what the member may take.
absl::StatusOr<Decision> DecideCancelCoupon(const CancelCoupon& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now);

// Why a member cannot take a reward.
enum class Obstacle : int8_t {
  kSuspended = 1,    // Or has left: they can spend nothing.
  kNotYet = 2,       // Its first day is to come.
  kOver = 3,         // Its last day is past.
  kNotEligible = 4,  // It is for members with other attributes.
  kOutOfStock = 5,
  kLimitReached = 6,  // They have taken as many as anybody may.
  kInsufficientPoints = 7,
  kNotInTier = 8,  // It is for members of other tiers.
};

// A reward as one member sees it.
struct Offer {
  const Reward* reward = nullptr;
  std::vector<Obstacle> obstacles;     // In the order above; empty where they can take it.
  std::optional<int64_t> stock_left;   // Absent without a stock.
  std::optional<int64_t> member_left;  // How many they may still take; absent without a limit.
  int64_t available = 0;               // The member's points in its wallet.
};

// The catalogue at `now` for a member, whose state must be there, in the order of the
// program. Empty without a program.
std::vector<Offer> OffersFor(const State& state, const ProgramCatalog& catalog, absl::Time now);

// What OffersFor needs of the member, and which counters.
Reads ReadsOfOffers(const ProgramCatalog& catalog, absl::Time now);

// What IssueCoupon and CancelCoupon need.
void AddReads(const IssueCoupon& issue, const ProgramCatalog& catalog, absl::Time now,
              Reads& reads);
void AddReads(const CancelCoupon& cancel, const ProgramCatalog& catalog, Reads& reads);

// What a coupon is worth, by the version of the program that issued it.
CouponTerms TermsOf(const Coupon& coupon, const ProgramCatalog& catalog);

// Null where the program does not declare it.
const Reward* FindReward(absl::string_view reward_id, const Program& program);

// The prize that a seed draws. A seed is 64 bits at random: the ticket is their first part
// in a million, and the prizes have as many tickets as their odds say, in their order.
// There must be prizes, and their odds must add up to a million.
const Prize& DrawPrize(const std::vector<Prize>& prizes, uint64_t seed);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_REWARD_REWARDS_H_
