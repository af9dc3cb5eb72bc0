#include "server/domain/reward/rewards.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/numeric/int128.h"
#include "server/common/status_macros.h"
#include "server/domain/advocate/giving.h"
#include "server/domain/draft.h"
#include "server/domain/errors.h"
#include "server/domain/points/spend.h"
#include "server/domain/program/calendar.h"
#include "server/domain/program/days.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/reward/coupons.h"
#include "server/domain/standing/judge.h"

namespace dangol::domain {
namespace {

constexpr uint64_t kTickets = 1'000'000;

// When a period begins that `day` lies in.
absl::Time BeginOf(CapPeriod per, absl::CivilDay day, absl::TimeZone zone) {
  if (per == CapPeriod::kDay) return StartOfDay(day, zone);
  if (per == CapPeriod::kMonth) return StartOfDay(absl::CivilDay(absl::CivilMonth(day)), zone);
  return absl::InfinitePast();
}

// What the limits of a reward count over: the coupons since the earliest of their periods.
void AddLimits(const Reward& reward, const Program& program, absl::Time now, Reads& reads) {
  if (reward.limits.empty()) return;
  const absl::CivilDay today = absl::ToCivilDay(now, program.time_zone);
  absl::Time since = absl::InfiniteFuture();
  for (const RewardLimit& limit : reward.limits) {
    since = std::min(since, BeginOf(limit.per, today, program.time_zone));
  }
  reads.needs.coupons_of_rewards.push_back({reward.id, since});
}

void AddStock(const Reward& reward, Reads& reads) {
  if (reward.stock > 0) reads.counters.push_back(StockCounter(reward.id));
}

// How many of a reward the member has taken in the period that today lies in. A cancelled
// coupon does not count.
int64_t TakenIn(CapPeriod per, const Reward& reward, const Draft& draft, absl::CivilDay today,
                absl::TimeZone zone) {
  const Days period = PeriodOf(per, today);
  return std::count_if(draft.coupons().begin(), draft.coupons().end(), [&](const Coupon& coupon) {
    return draft.IsOneWithPerson(coupon.person) && coupon.reward_id == reward.id &&
           coupon.status != CouponStatus::kCancelled &&
           period.Contains(NumberOf(absl::ToCivilDay(coupon.issued_at, zone)));
  });
}

bool HasAttributes(const Member& member, const Attributes& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& attribute) {
    return std::find(member.attributes.begin(), member.attributes.end(), attribute) !=
           member.attributes.end();
  });
}

Offer MakeOffer(const Reward& reward, const Program& program, const Draft& draft,
                const SharedCounters* counters, absl::Time now) {
  Offer offer;
  offer.reward = &reward;
  const absl::CivilDay today = absl::ToCivilDay(now, program.time_zone);
  const auto note = [&](bool holds, Obstacle obstacle) {
    if (holds) offer.obstacles.push_back(obstacle);
  };
  note(!CheckSpends(draft.member(), draft.person()).ok(), Obstacle::kSuspended);
  note(reward.first_day.has_value() && today < *reward.first_day, Obstacle::kNotYet);
  note(reward.last_day.has_value() && *reward.last_day < today, Obstacle::kOver);
  const bool is_refused = !CheckReward(reward, draft.person(), program, now).ok();
  note(is_refused || !HasAttributes(draft.person(), reward.attributes), Obstacle::kNotEligible);
  note(!reward.tiers.empty() && !IsInAnyOf(reward.tiers, program, draft.person(), NumberOf(today)),
       Obstacle::kNotInTier);
  if (reward.stock > 0) {
    const int64_t used = UsedOf(counters, StockCounter(reward.id));
    offer.stock_left = std::max<int64_t>(reward.stock - used, 0);
    note(*offer.stock_left == 0, Obstacle::kOutOfStock);
  }
  for (const RewardLimit& limit : reward.limits) {
    const int64_t taken = TakenIn(limit.per, reward, draft, today, program.time_zone);
    const int64_t left = std::max<int64_t>(limit.pieces - taken, 0);
    offer.member_left = std::min(offer.member_left.value_or(left), left);
  }
  note(offer.member_left == 0, Obstacle::kLimitReached);
  offer.available = draft.book().Available(program.wallets[static_cast<size_t>(reward.wallet)].id);
  note(offer.available < reward.points, Obstacle::kInsufficientPoints);
  return offer;
}

// OK where there is no obstacle; why not, for the first of them.
absl::Status Refuse(const Offer& offer, const Program& program, const State& state) {
  if (offer.obstacles.empty()) return absl::OkStatus();
  const Reward& reward = *offer.reward;
  switch (offer.obstacles.front()) {
    case Obstacle::kSuspended:
      return CheckSpends(state);
    case Obstacle::kNotYet:
      return RewardNotYet(reward.id, *reward.first_day);
    case Obstacle::kOver:
      return RewardOver(reward.id, *reward.last_day);
    case Obstacle::kNotEligible:
      return RewardNotForMember(reward.id);
    case Obstacle::kNotInTier:
      return RewardNotForTier(reward.id, reward.tiers);
    case Obstacle::kOutOfStock:
      return RewardOutOfStock(reward.id);
    case Obstacle::kLimitReached:
      return RewardLimitReached(reward.id);
    case Obstacle::kInsufficientPoints:
      return InsufficientPoints(program.wallets[static_cast<size_t>(reward.wallet)].id,
                                reward.points, offer.available);
  }
  return absl::OkStatus();
}

absl::Time CouponExpiresAt(const Reward& reward, absl::Time issued_at, absl::TimeZone zone) {
  if (reward.validity_days == 0) return absl::InfiniteFuture();
  return StartOfDay(absl::ToCivilDay(issued_at, zone) + reward.validity_days + 1, zone);
}

const ProgramVersion& VersionOf(const Coupon& coupon, const ProgramCatalog& catalog) {
  return catalog.versions()[static_cast<size_t>(coupon.program_version - 1)];
}

Decision Conclude(const Coupon& coupon, const ProgramCatalog& catalog, Draft& draft) {
  Decision decision;
  decision.outcome =
      CouponOutcome{draft.person().id, coupon, TermsOf(coupon, catalog), draft.book().Accounts()};
  decision.effects = draft.Finish();
  return decision;
}

absl::StatusOr<Coupon*> FindIssued(const std::string& code, Draft& draft) {
  Coupon* const coupon = FindCoupon(code, draft);
  if (coupon == nullptr) return CouponNotFound();
  if (coupon->status != CouponStatus::kIssued) return CouponEnded(*coupon);
  return coupon;
}

}  // namespace

absl::StatusOr<Decision> DecideIssueCoupon(const IssueCoupon& command, absl::string_view principal,
                                           const State& state, const ProgramCatalog& catalog,
                                           absl::Time now) {
  const ProgramVersion* version = catalog.At(now);
  if (version == nullptr) return ProgramMissing();
  const Program& program = *version->program;
  const Reward* reward = FindReward(command.reward_id, program);
  if (reward == nullptr) return RewardNotFound(command.reward_id, program.name);
  if (state.member == nullptr) return MemberNotFound(command.member);
  Draft draft(state, catalog, now);
  draft.Advance();
  RETURN_IF_ERROR(CheckReward(*reward, draft.person(), program, now));
  const Offer offer = MakeOffer(*reward, program, draft, state.counters, now);
  RETURN_IF_ERROR(Refuse(offer, program, state));
  draft.NoteActivity(draft.now());

  Coupon coupon;
  coupon.coupon_id = command.coupon_id;
  coupon.code = command.code;
  coupon.reward_id = reward->id;
  if (!reward->prizes.empty()) coupon.prize_id = DrawPrize(reward->prizes, command.seed).id;
  coupon.wallet = program.wallets[static_cast<size_t>(reward->wallet)].id;
  coupon.points = reward->points;
  coupon.program_version = version->version;
  coupon.issued_at = draft.now();
  coupon.expires_at = CouponExpiresAt(*reward, coupon.issued_at, program.time_zone);
  const Coupon& issued =
      Issue(std::move(coupon), {std::string(principal), command.coupon_id, ""}, draft);
  Decision decision = Conclude(issued, catalog, draft);
  if (reward->stock > 0) {
    const int64_t used = UsedOf(state.counters, StockCounter(reward->id));
    decision.effects.counters = {{StockCounter(reward->id), used, used + 1}};
  }
  return decision;
}

absl::StatusOr<Decision> DecideUseCoupon(const UseCoupon& command, const State& state,
                                         const ProgramCatalog& catalog, absl::Time now) {
  if (state.member == nullptr) return CouponNotFound();
  Draft draft(state, catalog, now);
  draft.Advance();
  ASSIGN_OR_RETURN(Coupon * coupon, FindIssued(command.code, draft));
  RETURN_IF_ERROR(CheckSpends(state));
  draft.NoteActivity(draft.now());
  coupon->status = CouponStatus::kUsed;
  coupon->ended_at = draft.now();
  coupon->reference = command.reference;
  return Conclude(*coupon, catalog, draft);
}

absl::StatusOr<Decision> DecideCancelCoupon(const CancelCoupon& command,
                                            absl::string_view principal, const State& state,
                                            const ProgramCatalog& catalog, absl::Time now) {
  if (state.member == nullptr) return CouponNotFound();
  Draft draft(state, catalog, now);
  draft.Advance();
  ASSIGN_OR_RETURN(Coupon * coupon, FindIssued(command.code, draft));
  Cancel(*coupon, {std::string(principal), coupon->coupon_id, ""}, draft.book());
  const Reward* reward = FindReward(coupon->reward_id, *VersionOf(*coupon, catalog).program);
  const std::string counter = StockCounter(coupon->reward_id);
  Decision decision = Conclude(*coupon, catalog, draft);
  if (reward != nullptr && reward->stock > 0) {
    const int64_t used = UsedOf(state.counters, counter);
    decision.effects.counters = {{counter, used, used - 1}};
  }
  return decision;
}

std::vector<Offer> OffersFor(const State& state, const ProgramCatalog& catalog, absl::Time now) {
  std::vector<Offer> offers;
  const ProgramVersion* version = catalog.At(now);
  if (version == nullptr) return offers;
  Draft draft(state, catalog, now);
  draft.Advance();
  for (const Reward& reward : version->program->rewards) {
    offers.push_back(MakeOffer(reward, *version->program, draft, state.counters, now));
  }
  return offers;
}

Reads ReadsOfOffers(const ProgramCatalog& catalog, absl::Time now) {
  Reads reads;
  const ProgramVersion* version = catalog.At(now);
  if (version == nullptr) return reads;
  for (const Reward& reward : version->program->rewards) {
    AddLimits(reward, *version->program, now, reads);
    AddStock(reward, reads);
  }
  return reads;
}

void AddReads(const IssueCoupon& issue, const ProgramCatalog& catalog, absl::Time now,
              Reads& reads) {
  reads.needs.lots = true;
  const ProgramVersion* version = catalog.At(now);
  if (version == nullptr) return;
  const Reward* reward = FindReward(issue.reward_id, *version->program);
  if (reward == nullptr) return;
  AddLimits(*reward, *version->program, now, reads);
  AddStock(*reward, reads);
}

// Which reward it is of is known once the coupon is loaded, and by then the counters are.
void AddReads(const CancelCoupon& cancel, const ProgramCatalog& catalog, Reads& reads) {
  reads.needs.lots = true;
  reads.needs.coupons.push_back(cancel.code);
  for (const ProgramVersion& version : catalog.versions()) {
    for (const Reward& reward : version.program->rewards) AddStock(reward, reads);
  }
}

CouponTerms TermsOf(const Coupon& coupon, const ProgramCatalog& catalog) {
  CouponTerms terms;
  const Reward* reward = FindReward(coupon.reward_id, *VersionOf(coupon, catalog).program);
  assert(reward != nullptr);
  terms.reward_name = reward->name;
  terms.benefit = reward->benefit;
  for (const Prize& prize : reward->prizes) {
    if (prize.id != coupon.prize_id) continue;
    terms.prize_name = prize.name;
    terms.benefit = prize.benefit;
  }
  return terms;
}

const Reward* FindReward(absl::string_view reward_id, const Program& program) {
  for (const Reward& reward : program.rewards) {
    if (reward.id == reward_id) return &reward;
  }
  return nullptr;
}

const Prize& DrawPrize(const std::vector<Prize>& prizes, uint64_t seed) {
  uint64_t ticket = absl::Uint128High64(absl::uint128(seed) * kTickets);
  for (const Prize& prize : prizes) {
    if (ticket < static_cast<uint64_t>(prize.odds_ppm)) return prize;
    ticket -= static_cast<uint64_t>(prize.odds_ppm);
  }
  return prizes.back();
}

}  // namespace dangol::domain
