#include "server/domain/incentive/purchase_miss.h"

#include "absl/algorithm/container.h"
#include "server/domain/incentive/audience.h"
#include "server/domain/incentive/dates.h"
#include "server/domain/incentive/stamps.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/purchase/matching.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/referral/referrals.h"

namespace dangol::domain {
namespace {

// What of the conditions on the purchase and its time does not hold: each is asked by itself.
PurchaseMiss ConditionOf(const Conditions& when, const PurchaseFacts& facts) {
  const auto holds = [&](auto set) {
    Conditions only;
    set(only);
    return MatchesPurchase(only, facts);
  };
  if (!holds([&](Conditions& only) { only.channels = when.channels; })) {
    return PurchaseMiss::kChannel;
  }
  if (!holds([&](Conditions& only) { only.store_ids = when.store_ids; })) {
    return PurchaseMiss::kStore;
  }
  if (!holds([&](Conditions& only) { only.weekdays = when.weekdays; })) {
    return PurchaseMiss::kWeekday;
  }
  if (!holds([&](Conditions& only) { only.hours = when.hours; })) return PurchaseMiss::kHours;
  if (!IncludesDay(when, absl::CivilDay(facts.occurred_at))) return PurchaseMiss::kDates;
  return MatchesPurchase(when, facts) ? PurchaseMiss::kCounts : PurchaseMiss::kBasket;
}

}  // namespace

PurchaseMiss MissOf(const Purchase& purchase, const std::string& incentive,
                    const ProgramCatalog& catalog, const Member& person) {
  const ProgramVersion* const version = catalog.Find(purchase.program_version);
  const Incentive* const terms =
      version == nullptr ? nullptr : FindIncentive(incentive, *version->program);
  if (terms == nullptr) return PurchaseMiss::kLaterVersion;
  if (!LooksAtPurchases(*terms) || std::holds_alternative<Referrer>(terms->kind)) {
    return PurchaseMiss::kNoPurchases;
  }
  if (!IsReferredFor(*terms, person)) return PurchaseMiss::kNotReferred;
  if (purchase.suspended) return PurchaseMiss::kSuspended;
  if (!Stands(purchase)) return PurchaseMiss::kCameBack;
  const Program& program = *version->program;
  const PurchaseFacts facts = FactsOf(purchase, program);
  if (const PurchaseMiss miss = ConditionOf(terms->when, facts); miss != PurchaseMiss::kCounts) {
    return miss;
  }
  if (AskAboutMember(terms->when) && !absl::c_linear_search(purchase.rules_met, terms->id)) {
    return PurchaseMiss::kAttributes;
  }
  const std::optional<QualifyingGoods> goods = GoodsFor(*terms, program, facts);
  if (!goods.has_value()) return PurchaseMiss::kGoods;
  if (StampsFor(*terms, *goods) <= 0) return PurchaseMiss::kAmount;
  const DayNumber day = NumberOf(absl::CivilDay(facts.occurred_at));
  return IsFor(*terms, program, catalog, person, day) ? PurchaseMiss::kCounts
                                                      : PurchaseMiss::kAudience;
}

}  // namespace dangol::domain
