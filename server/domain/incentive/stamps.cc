#include "server/domain/incentive/stamps.h"

#include <variant>

#include "absl/algorithm/container.h"
#include "server/domain/incentive/fold.h"
#include "server/domain/purchase/earning.h"
#include "server/domain/purchase/purchase_fact.h"
#include "server/domain/purchase/rest.h"

namespace dangol::domain {

std::optional<QualifyingGoods> GoodsFor(const Incentive& incentive, const Program& program,
                                        const PurchaseFacts& facts) {
  const Purchase& purchase = *facts.purchase;
  std::optional<QualifyingGoods> goods;
  for (size_t i = 0; i < purchase.lines.size(); ++i) {
    const PurchaseLine& line = purchase.lines[i];
    const int64_t amount = incentive.when.basket_without_points ? line.amount_minor - facts.paid[i]
                                                                : line.amount_minor;
    // What is given for nothing, or for points where these do not count, stamps nothing.
    if (amount <= 0 || QuantityLeft(line) <= 0 || !EarnsAtAll(line, program) ||
        !MatchesLine(incentive.when, line)) {
      continue;
    }
    if (!goods.has_value()) goods.emplace().currency = facts.currency;
    goods->pieces += QuantityLeft(line);
    goods->amount_minor += amount;
    if (!line.category.empty() && !absl::c_linear_search(goods->categories, line.category)) {
      goods->categories.push_back(line.category);
    }
  }
  return goods;
}

int64_t StampsFor(const Incentive& incentive, const QualifyingGoods& goods) {
  return std::visit([&](const auto& kind) { return StampsOf(kind, goods); }, incentive.kind);
}

namespace {

// Points that stand, of base rules in a wallet.
int64_t BaseOf(const Purchase& purchase, const std::string& wallet, const Program& program) {
  int64_t base = 0;
  for (const EarnedPoints& earned : purchase.earned) {
    if (earned.wallet != wallet) continue;
    for (const EarnedPart& part : earned.parts) {
      const bool is_base = absl::c_any_of(
          program.earning_rules, [&](const EarningRule& rule) { return rule.id == part.rule_id; });
      if (is_base) base += part.stands;
    }
  }
  return base;
}

// What a purchase brings for one incentive, by its facts or those of a part of it.
void AddStampsOf(const Incentive& incentive, const Purchase& purchase, const PurchaseFacts& facts,
                 const Program& program, Fact& fact) {
  const bool is_met =
      !AskAboutMember(incentive.when) || absl::c_linear_search(purchase.rules_met, incentive.id);
  if (!is_met || !MatchesPurchase(incentive.when, facts)) return;
  const std::optional<QualifyingGoods> goods = GoodsFor(incentive, program, facts);
  if (!goods.has_value()) return;
  const int64_t stamps = StampsFor(incentive, *goods);
  if (stamps <= 0) return;
  fact.marks.push_back({Measure::kStamps, incentive.id, stamps});
  const int64_t base =
      incentive.boost.has_value() ? BaseOf(purchase, incentive.reward.wallet, program) : 0;
  if (base > 0) fact.marks.push_back({Measure::kStampBase, incentive.id, base});
  if (!std::holds_alternative<CategoryBreadth>(incentive.kind)) return;
  for (const absl::string_view category : goods->categories) {
    fact.marks.push_back({Measure::kCategory, CategoryKey(incentive.id, category), 1});
  }
}

// Whether something is left of it, or the last of it came back more than so many days later.
bool StandsFor(int return_days, const Purchase& purchase, const Program& program) {
  if (Stands(purchase)) return true;
  if (return_days == 0 || !purchase.returned_at.has_value()) return false;
  const absl::CivilDay bought = absl::ToCivilDay(purchase.occurred_at, program.time_zone);
  return absl::ToCivilDay(*purchase.returned_at, program.time_zone) > bought + return_days;
}

}  // namespace

void AddStamps(const Purchase& purchase, const Program& program, Fact& fact) {
  if (program.incentives.empty() || purchase.suspended) return;
  const bool stands = Stands(purchase);
  // Nearly always it is whole, and both are the purchase itself.
  std::optional<Purchase> rest;
  std::optional<Purchase> whole;
  if (!IsWhole(purchase)) {
    rest = RestOf(purchase);
    whole = WholeOf(purchase);
  }
  const PurchaseFacts of_rest = FactsOf(rest.has_value() ? *rest : purchase, program);
  std::optional<PurchaseFacts> of_whole;
  if (whole.has_value()) of_whole = FactsOf(*whole, program);
  for (const Incentive& incentive : program.incentives) {
    const std::optional<int> return_days = ReturnDaysOf(incentive);
    const bool counts =
        return_days.has_value() ? StandsFor(*return_days, purchase, program) : stands;
    if (!counts) continue;
    const bool as_bought = return_days.has_value() && of_whole.has_value();
    AddStampsOf(incentive, purchase, as_bought ? *of_whole : of_rest, program, fact);
  }
}

}  // namespace dangol::domain
