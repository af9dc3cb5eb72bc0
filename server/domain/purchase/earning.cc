#include "server/domain/purchase/earning.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "server/common/limits.h"
#include "server/common/status_macros.h"
#include "server/domain/errors.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/purchase/matching.h"

namespace dangol::domain {
namespace {

bool EarnsAtAll(const PurchaseLine& line, const Program& program) {
  return line.kind == LineKind::kGoods && !program.excluded_categories.contains(line.category) &&
         !program.excluded_skus.contains(line.sku);
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
  Earner(const Purchase& purchase, const Member& member, const std::vector<CapUsage>& usage,
         const Program& program, const SharedCounters* counters, int currency)
      : purchase_(purchase),
        usage_(usage),
        program_(program),
        counters_(counters),
        line_count_(purchase.lines.size()),
        basis_(EarningBasis(purchase, program)) {
    facts_.purchase = &purchase;
    facts_.member = &member;
    facts_.currency = currency;
    for (const PurchaseLine& line : purchase.lines) {
      if (line.kind == LineKind::kGoods) facts_.basket_minor += line.amount_minor;
    }
    facts_.occurred_at = absl::ToCivilSecond(purchase.occurred_at, program.time_zone);
    facts_.weekday = absl::GetWeekday(facts_.occurred_at);
  }

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
      if (rate != nullptr && MatchesPurchase(rule.when, facts_))
        candidates.push_back({&rule, rate});
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
      RETURN_IF_ERROR(Give(*candidates[i].rule, EntryKind::kEarn, rate.points, rate.per_minor,
                           WhereWinnerIs(winner, static_cast<int>(i), basis_), base));
    }
    return absl::OkStatus();
  }

  absl::Status ApplyMultipliers(int wallet, const std::vector<int64_t>& base) {
    absl::InlinedVector<const Multiplier*, 8> candidates;
    for (const Multiplier& multiplier : program_.multipliers) {
      if (multiplier.wallet == wallet && MatchesPurchase(multiplier.when, facts_)) {
        candidates.push_back(&multiplier);
      }
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
      RETURN_IF_ERROR(Give(multiplier, EntryKind::kBonus,
                           multiplier.numerator - multiplier.denominator, multiplier.denominator,
                           std::move(weights), running));
    }
    return absl::OkStatus();
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

  // Gives round(sum of weights * numerator / denominator), within the rule's
  // caps and budget, spread over the lines, and adds each line's share to `running`.
  absl::Status Give(const Rule& rule, EntryKind kind, int64_t numerator, int64_t denominator,
                    std::vector<int64_t> weights, std::vector<int64_t>& running) {
    const int64_t sum = std::accumulate(weights.begin(), weights.end(), int64_t{0});
    const absl::int128 exact = Scale(sum, numerator, denominator, rule.rounding);
    if (exact == 0) return absl::OkStatus();
    if (exact + total_ > limits::kMaxPointsPerPurchase) return TooManyPoints();

    RulePoints given;
    given.rule = &rule;
    given.kind = kind;
    const int64_t wanted = std::min(static_cast<int64_t>(exact), LeftUnderCaps(rule));
    given.capped = wanted < exact;
    given.points = std::min(wanted, LeftInBudget(rule));
    given.budget_exhausted = given.points < wanted;
    given.by_line = Spread(given.points, weights);
    for (size_t line = 0; line < running.size(); ++line) running[line] += given.by_line[line];
    total_ += given.points;
    result_.push_back(std::move(given));
    return absl::OkStatus();
  }

  int64_t LeftUnderCaps(const Rule& rule) const {
    int64_t left = limits::kMaxPointsPerPurchase;
    for (const Cap& cap : rule.caps) {
      int64_t used = 0;
      if (cap.per != CapPeriod::kPurchase) {
        const std::string period = PeriodName(cap.per, absl::CivilDay(facts_.occurred_at));
        for (const CapUsage& usage : usage_) {
          if (usage.rule_id == rule.id && usage.period == period) used += usage.points;
        }
      }
      left = std::min(left, std::max<int64_t>(cap.points - used, 0));
    }
    return left;
  }

  // What was given before may be more than a later version of the program allows.
  int64_t LeftInBudget(const Rule& rule) const {
    if (rule.budget == 0) return limits::kMaxPointsPerPurchase;
    return std::max<int64_t>(rule.budget - UsedOf(counters_, BudgetCounter(rule.id)), 0);
  }

  const Purchase& purchase_;
  const std::vector<CapUsage>& usage_;
  const Program& program_;
  const SharedCounters* const counters_;
  const size_t line_count_;
  const std::vector<int64_t> basis_;
  PurchaseFacts facts_;
  int64_t total_ = 0;
  std::vector<RulePoints> result_;
};

}  // namespace

absl::StatusOr<std::vector<RulePoints>> Earn(const Purchase& purchase, const Member& member,
                                             const std::vector<CapUsage>& usage,
                                             const Program& program,
                                             const SharedCounters* counters) {
  RETURN_IF_ERROR(CheckCurrency(purchase.currency, program));
  const int currency = FindCurrency(purchase.currency, program);
  return Earner(purchase, member, usage, program, counters, currency).Run();
}

absl::Status CheckCurrency(const std::string& code, const Program& program) {
  if (FindCurrency(code, program) < 0) return CurrencyNotDeclared(code, program.name);
  return absl::OkStatus();
}

std::vector<int64_t> EarningBasis(const Purchase& purchase, const Program& program) {
  // Two cells a line, tax and the rest, so that points pay for both alike.
  std::vector<int64_t> paid(purchase.lines.size() * 2, 0);
  if (purchase.paid_with_points_minor > 0) {
    for (size_t i = 0; i < purchase.lines.size(); ++i) {
      const PurchaseLine& line = purchase.lines[i];
      paid[2 * i] = line.amount_minor - line.tax_minor;
      paid[2 * i + 1] = line.tax_minor;
    }
    paid = Spread(purchase.paid_with_points_minor, paid);
  }
  std::vector<int64_t> basis(purchase.lines.size(), 0);
  for (size_t i = 0; i < purchase.lines.size(); ++i) {
    const PurchaseLine& line = purchase.lines[i];
    if (EarnsAtAll(line, program)) basis[i] = line.amount_minor - line.tax_minor - paid[2 * i];
  }
  return basis;
}

std::vector<std::string> CapPeriods(const Program& program, absl::Time occurred_at) {
  bool counts[4] = {};
  const auto note = [&](const Rule& rule) {
    for (const Cap& cap : rule.caps) counts[static_cast<int>(cap.per)] = true;
  };
  for (const EarningRule& rule : program.earning_rules) note(rule);
  for (const Multiplier& multiplier : program.multipliers) note(multiplier);

  std::vector<std::string> periods;
  const absl::CivilDay day = absl::ToCivilDay(occurred_at, program.time_zone);
  for (const CapPeriod per : {CapPeriod::kDay, CapPeriod::kMonth, CapPeriod::kEver}) {
    if (counts[static_cast<int>(per)]) periods.push_back(PeriodName(per, day));
  }
  return periods;
}

std::vector<std::string> BudgetCounters(const Program& program, absl::Time occurred_at) {
  std::vector<std::string> counters;
  const absl::CivilDay day = absl::ToCivilDay(occurred_at, program.time_zone);
  const auto note = [&](const Rule& rule) {
    if (rule.budget > 0 && IncludesDay(rule.when, day)) counters.push_back(BudgetCounter(rule.id));
  };
  for (const EarningRule& rule : program.earning_rules) note(rule);
  for (const Multiplier& multiplier : program.multipliers) note(multiplier);
  return counters;
}

std::string PeriodName(CapPeriod per, absl::CivilDay day) {
  if (per == CapPeriod::kEver) return "ever";
  std::string month = absl::StrCat(absl::Dec(day.year(), absl::kZeroPad4), "-",
                                   absl::Dec(day.month(), absl::kZeroPad2));
  if (per == CapPeriod::kDay) absl::StrAppend(&month, "-", absl::Dec(day.day(), absl::kZeroPad2));
  return month;
}

}  // namespace dangol::domain
