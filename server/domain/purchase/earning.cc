#include "server/domain/purchase/earning.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/purchase/matching.h"
#include "server/domain/purchase/rest.h"
#include "server/domain/shared_counter.h"

namespace dangol::domain {
namespace {

// What points have paid of a line.
struct PaidParts {
  int64_t goods = 0;  // All but tax.
  int64_t tax = 0;
};

// Of each line: spread over everything in the purchase by largest remainder, tax and the rest
// alike.
std::vector<PaidParts> PaidWithPoints(const Purchase& purchase) {
  std::vector<PaidParts> parts(purchase.lines.size());
  if (purchase.paid_with_points_minor == 0) return parts;
  std::vector<int64_t> cells;
  cells.reserve(parts.size() * 2);
  for (const PurchaseLine& line : purchase.lines) {
    cells.push_back(line.amount_minor - line.tax_minor);
    cells.push_back(line.tax_minor);
  }
  const std::vector<int64_t> paid = Spread(purchase.paid_with_points_minor, cells);
  for (size_t i = 0; i < parts.size(); ++i) parts[i] = {paid[2 * i], paid[2 * i + 1]};
  return parts;
}

// Index into the program's currencies; -1 for one that it does not declare.
int FindCurrency(const std::string& code, const Program& program) {
  for (size_t i = 0; i < program.currencies.size(); ++i) {
    if (program.currencies[i].code == code) return static_cast<int>(i);
  }
  return -1;
}

const Rate* RateIn(const EarningRule& rule, int currency) {
  for (const Rate& rate : rule.rates) {
    if (rate.currency == currency) return &rate;
  }
  return nullptr;
}

bool IsHigher(const Rate& a, const Rate& b) {
  return a.points * b.per_minor > b.points * a.per_minor;
}

bool IsHigher(const Multiplier& a, const Multiplier& b) {
  return a.numerator * b.denominator > b.numerator * a.denominator;
}

// Works out one purchase, step by step.
class Earner {
 public:
  Earner(const Purchase& purchase, const Program& program, const Circumstances& circumstances)
      : purchase_(purchase),
        program_(program),
        circumstances_(circumstances),
        line_count_(purchase.lines.size()),
        basis_(EarningBasis(purchase, program)),
        facts_(FactsOf(purchase, program)) {}

  absl::StatusOr<std::vector<RulePoints>> Run() {
    for (size_t wallet = 0; wallet < program_.wallets.size(); ++wallet) {
      RETURN_IF_ERROR(EarnInWallet(static_cast<int>(wallet)));
    }
    return std::move(result_);
  }

 private:
  absl::Status EarnInWallet(int wallet) {
    std::vector<int64_t> base(line_count_, 0);
    RETURN_IF_ERROR(ApplyBaseRules(wallet, base));
    return ApplyMultipliers(wallet, base);
  }

  // For each line the matching rule with the highest rate wins; among equals the
  // first.
  absl::Status ApplyBaseRules(int wallet, std::vector<int64_t>& base) {
    struct Candidate {
      const EarningRule* rule;
      const Rate* rate;
    };
    absl::InlinedVector<Candidate, 8> candidates;
    for (const EarningRule& rule : program_.earning_rules) {
      if (rule.wallet != wallet) continue;
      const Rate* rate = RateIn(rule, facts_.currency);
      if (rate != nullptr && Applies(rule)) candidates.push_back({&rule, rate});
    }
    std::vector<int> winner(line_count_, -1);
    for (size_t line = 0; line < line_count_; ++line) {
      if (basis_[line] == 0) continue;
      for (size_t i = 0; i < candidates.size(); ++i) {
        if (!MatchesLine(candidates[i].rule->when, purchase_.lines[line])) continue;
        if (winner[line] < 0 || IsHigher(*candidates[i].rate, *candidates[winner[line]].rate)) {
          winner[line] = static_cast<int>(i);
        }
      }
    }
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (std::find(winner.begin(), winner.end(), static_cast<int>(i)) == winner.end()) continue;
      const Rate& rate = *candidates[i].rate;
      std::vector<int64_t> weights = WhereWinnerIs(winner, static_cast<int>(i), basis_);
      const int64_t sum = Sum(weights);
      const absl::int128 exact =
          candidates[i].rule->full_steps
              ? Scale(sum / rate.per_minor, rate.points, 1, Rounding::kFloor)
              : Scale(sum, rate.points, rate.per_minor, candidates[i].rule->rounding);
      RETURN_IF_ERROR(Give(*candidates[i].rule, EntryKind::kEarn, exact, weights, base));
    }
    return absl::OkStatus();
  }

  absl::Status ApplyMultipliers(int wallet, const std::vector<int64_t>& base) {
    absl::InlinedVector<const Multiplier*, 8> candidates;
    for (const Multiplier& multiplier : program_.multipliers) {
      if (multiplier.wallet == wallet && Applies(multiplier)) candidates.push_back(&multiplier);
    }
    if (candidates.empty()) return absl::OkStatus();

    const std::vector<int> best =
        program_.stacking == Stacking::kBest ? BestMultipliers(candidates) : std::vector<int>();
    std::vector<int64_t> running = base;
    for (size_t i = 0; i < candidates.size(); ++i) {
      const Multiplier& multiplier = *candidates[i];
      const std::vector<int64_t>& multiplied =
          program_.stacking == Stacking::kCompound ? running : base;
      std::vector<int64_t> weights = program_.stacking == Stacking::kBest
                                         ? WhereWinnerIs(best, static_cast<int>(i), multiplied)
                                         : WhereLineMatches(multiplier.when, multiplied);
      const absl::int128 exact = Scale(Sum(weights), multiplier.numerator - multiplier.denominator,
                                       multiplier.denominator, multiplier.rounding);
      RETURN_IF_ERROR(Give(multiplier, EntryKind::kBonus, exact, weights, running));
    }
    return absl::OkStatus();
  }

  bool Applies(const Rule& rule) const {
    return MatchesPurchase(rule.when, facts_) &&
           (!AskAboutMember(rule.when) || circumstances_.is_met(rule));
  }

  std::vector<int> BestMultipliers(absl::Span<const Multiplier* const> candidates) const {
    std::vector<int> best(line_count_, -1);
    for (size_t line = 0; line < line_count_; ++line) {
      for (size_t i = 0; i < candidates.size(); ++i) {
        if (!MatchesLine(candidates[i]->when, purchase_.lines[line])) continue;
        if (best[line] < 0 || IsHigher(*candidates[i], *candidates[best[line]])) {
          best[line] = static_cast<int>(i);
        }
      }
    }
    return best;
  }

  static std::vector<int64_t> WhereWinnerIs(const std::vector<int>& winner, int index,
                                            const std::vector<int64_t>& weights) {
    std::vector<int64_t> selected(weights.size(), 0);
    for (size_t line = 0; line < weights.size(); ++line) {
      if (winner[line] == index) selected[line] = weights[line];
    }
    return selected;
  }

  std::vector<int64_t> WhereLineMatches(const Conditions& when,
                                        const std::vector<int64_t>& weights) const {
    std::vector<int64_t> selected(weights.size(), 0);
    for (size_t line = 0; line < weights.size(); ++line) {
      if (MatchesLine(when, purchase_.lines[line])) selected[line] = weights[line];
    }
    return selected;
  }

  static int64_t Sum(const std::vector<int64_t>& weights) {
    return std::accumulate(weights.begin(), weights.end(), int64_t{0});
  }

  // Gives so many points within the rule's caps and budget, spread over the lines, and adds
  // each line's share to `running`.
  absl::Status Give(const Rule& rule, EntryKind kind, absl::int128 exact,
                    const std::vector<int64_t>& weights, std::vector<int64_t>& running) {
    if (exact == 0) return absl::OkStatus();
    if (exact + total_ > limits::kMaxPointsPerPurchase) return TooManyPoints();

    RulePoints given;
    given.rule = &rule;
    given.kind = kind;
    const Allowance allowance = AllowanceOf(rule);
    const int64_t wanted = std::min(static_cast<int64_t>(exact), allowance.under_caps);
    given.capped = wanted < exact;
    given.points = std::min(wanted, allowance.in_budget);
    given.budget_exhausted = given.points < wanted;
    given.by_line = Spread(given.points, weights);
    for (size_t line = 0; line < running.size(); ++line) running[line] += given.by_line[line];
    total_ += given.points;
    result_.push_back(std::move(given));
    return absl::OkStatus();
  }

  Allowance AllowanceOf(const Rule& rule) const {
    Allowance allowance =
        rule.caps.empty() && rule.budget == 0 ? kUnlimited : circumstances_.allowance(rule);
    for (const Cap& cap : rule.caps) {
      if (cap.per != CapPeriod::kPurchase) continue;
      allowance.under_caps = std::min(allowance.under_caps, cap.points);
    }
    return allowance;
  }

  const Purchase& purchase_;
  const Program& program_;
  const Circumstances& circumstances_;
  const size_t line_count_;
  const std::vector<int64_t> basis_;
  const PurchaseFacts facts_;
  int64_t total_ = 0;
  std::vector<RulePoints> result_;
};

}  // namespace

absl::StatusOr<std::vector<RulePoints>> Earn(const Purchase& purchase, const Program& program,
                                             const Circumstances& circumstances) {
  RETURN_IF_ERROR(CheckCurrency(purchase.currency, program));
  return Earner(purchase, program, circumstances).Run();
}

absl::StatusOr<std::vector<RulePoints>> EarnOfRest(const Purchase& purchase,
                                                   const Program& program) {
  const auto is_met = [&](const Rule& rule) {
    return absl::c_linear_search(purchase.rules_met, rule.id);
  };
  const auto allowance = [&](const Rule& rule) {
    const EarnedPart* const part = FindPart(purchase, rule.id);
    const int64_t given = part == nullptr ? 0 : part->points;
    Allowance limited = kUnlimited;
    if (HasCapOverPurchases(rule)) limited.under_caps = given;
    if (rule.budget > 0) limited.in_budget = given;
    return limited;
  };
  return Earn(RestOf(purchase), program, {is_met, allowance});
}

absl::Status CheckCurrency(const std::string& code, const Program& program) {
  if (FindCurrency(code, program) < 0) return CurrencyNotDeclared(code, program.name);
  return absl::OkStatus();
}

bool EarnsAtAll(const PurchaseLine& line, const Program& program) {
  return line.kind == LineKind::kGoods && !program.excluded_categories.contains(line.category) &&
         !program.excluded_skus.contains(line.sku);
}

PurchaseFacts FactsOf(const Purchase& purchase, const Program& program) {
  PurchaseFacts facts;
  facts.purchase = &purchase;
  facts.currency = FindCurrency(purchase.currency, program);
  const std::vector<PaidParts> paid = PaidWithPoints(purchase);
  for (size_t i = 0; i < paid.size(); ++i) {
    const PurchaseLine& line = purchase.lines[i];
    facts.paid.push_back(paid[i].goods + paid[i].tax);
    if (line.kind != LineKind::kGoods) continue;
    facts.basket_minor += line.amount_minor;
    facts.basket_without_points_minor += line.amount_minor - facts.paid.back();
  }
  facts.occurred_at = absl::ToCivilSecond(purchase.occurred_at, program.time_zone);
  facts.weekday = absl::GetWeekday(facts.occurred_at);
  return facts;
}

std::vector<int64_t> EarningBasis(const Purchase& purchase, const Program& program) {
  const std::vector<PaidParts> paid = PaidWithPoints(purchase);
  std::vector<int64_t> basis(purchase.lines.size(), 0);
  for (size_t i = 0; i < purchase.lines.size(); ++i) {
    const PurchaseLine& line = purchase.lines[i];
    if (EarnsAtAll(line, program)) basis[i] = line.amount_minor - line.tax_minor - paid[i].goods;
  }
  return basis;
}

std::vector<std::string> BudgetCounters(const Program& program, absl::Time occurred_at) {
  std::vector<std::string> counters;
  const absl::CivilDay day = absl::ToCivilDay(occurred_at, program.time_zone);
  ForEachRule(program, [&](const Rule& rule) {
    if (rule.budget > 0 && IncludesDay(rule.when, day)) counters.push_back(BudgetCounter(rule.id));
  });
  return counters;
}

}  // namespace dangol::domain
