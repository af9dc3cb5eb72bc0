#include "server/domain/purchase/purchase_fact.h"

#include <algorithm>
#include <string>

#include "server/common/limits.h"
#include "server/domain/incentive/stamps.h"
#include "server/domain/program/calendar.h"
#include "server/domain/purchase/rest.h"

namespace dangol::domain {
namespace {

// Servers' clocks differ: what one of them has summed up already is read by the other.
constexpr int kMarginDays = 2;

int64_t StandsOf(const Rule& rule, const Purchase& purchase) {
  const EarnedPart* const part = FindPart(purchase, rule.id);
  return part == nullptr ? 0 : part->stands;
}

bool IsKept(const Days& period, absl::CivilDay today) {
  return period.from >= KeptFrom(Measure::kRule, NumberOf(today)) + kMarginDays;
}

}  // namespace

bool Stands(const Purchase& purchase) {
  if (purchase.total_minor > 0 && purchase.returned_minor >= purchase.total_minor) return false;
  return std::any_of(purchase.lines.begin(), purchase.lines.end(),
                     [](const PurchaseLine& line) { return QuantityLeft(line) > 0; });
}

bool IsIdle(const Purchase& purchase) {
  return purchase.suspended ||
         std::none_of(purchase.lines.begin(), purchase.lines.end(), [](const PurchaseLine& line) {
           return line.kind == LineKind::kGoods && line.amount_minor > 0;
         });
}

Fact FactOf(const Purchase& purchase, const Program& program) {
  Fact fact;
  fact.day = NumberOf(absl::ToCivilDay(purchase.occurred_at, program.time_zone));
  if (purchase.returned_minor != 0 && !purchase.suspended)
    fact.marks.push_back({Measure::kReturned, purchase.currency, purchase.returned_minor});
  AddStamps(purchase, program, fact);
  if (!Stands(purchase)) return fact;
  fact.marks.push_back({Measure::kPurchases, "", 1});
  if (IsIdle(purchase)) fact.marks.push_back({Measure::kIdle, "", 1});
  const int64_t net_minor = purchase.total_minor - purchase.returned_minor;
  if (net_minor != 0 && !purchase.suspended)
    fact.marks.push_back({Measure::kNetSpend, purchase.currency, net_minor});
  for (const EarnedPoints& earned : purchase.earned) {
    if (earned.qualifying_stands == 0) continue;
    fact.marks.push_back({Measure::kQualifying, earned.wallet, earned.qualifying_stands});
  }
  ForEachRule(program, [&](const Rule& rule) {
    if (!HasCapOverPurchases(rule)) return;
    const int64_t stands = StandsOf(rule, purchase);
    if (stands != 0) fact.marks.push_back({Measure::kRule, rule.id, stands});
  });
  return fact;
}

int64_t UsedOf(const Rule& rule, const Cap& cap, absl::CivilDay day, absl::CivilDay today,
               const MemberState& buyer, const absl::TimeZone& zone) {
  const std::vector<History>& histories = buyer.member.histories;
  if (cap.per == CapPeriod::kEver) return TotalOf(histories, Measure::kRule, rule.id);
  const Days period = PeriodOf(cap.per, day);
  if (IsKept(period, today)) return SumOf(histories, Measure::kRule, rule.id, period);
  int64_t used = 0;
  for (const Purchase& purchase : buyer.purchases) {
    const DayNumber occurred = NumberOf(absl::ToCivilDay(purchase.occurred_at, zone));
    if (period.Contains(occurred)) used += StandsOf(rule, purchase);
  }
  return used;
}

std::optional<PurchasesWithin> PurchasesOfCaps(const Program& program, const Program& before,
                                               absl::Time occurred_at, absl::Time now) {
  const absl::CivilDay days[] = {absl::ToCivilDay(occurred_at, program.time_zone),
                                 absl::ToCivilDay(occurred_at, before.time_zone)};
  const absl::CivilDay today = absl::ToCivilDay(now, program.time_zone);
  std::optional<Days> all;
  const auto add = [&](const Days& period) {
    // One day earlier than it is decided: `now` may go on meanwhile.
    if (IsKept(period, today + 1)) return;
    if (!all.has_value()) all = period;
    all->from = std::min(all->from, period.from);
    all->until = std::max(all->until, period.until);
  };
  ForEachRule(program, [&](const Rule& rule) {
    for (const Cap& cap : rule.caps) {
      if (cap.per != CapPeriod::kDay && cap.per != CapPeriod::kMonth) continue;
      for (const absl::CivilDay& day : days) add(PeriodOf(cap.per, day));
    }
  });
  if (!all.has_value()) return std::nullopt;
  return PurchasesWithin{StartOfDay(DayOf(all->from), program.time_zone),
                         StartOfDay(DayOf(all->until), program.time_zone),
                         limits::kMaxPurchasesPerPeriod};
}

}  // namespace dangol::domain
