#include "server/insight/liability.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "absl/numeric/int128.h"
#include "server/domain/program/arithmetic.h"
#include "server/domain/program/calendar.h"
#include "server/insight/breakage.h"

namespace dangol::insight {
namespace {

constexpr absl::CivilMonth kFirstMonth(1970, 1);

absl::CivilMonth MonthOf(int piece) { return kFirstMonth + (piece - 1); }

// Points by month; those that never expire, or were never earned, under nothing.
using ByMonth = std::map<absl::CivilMonth, int64_t>;

std::vector<WalletLiability::Month> ToMonths(const ByMonth& points, int64_t never) {
  std::vector<WalletLiability::Month> months;
  for (const auto& [month, count] : points) {
    if (count != 0) months.push_back({month, count});
  }
  if (never != 0) months.push_back({std::nullopt, never});
  return months;
}

int64_t CostOf(int64_t points, const domain::PointValue& value) {
  const absl::int128 minor = domain::Scale(std::max<int64_t>(points, 0), value.minor,
                                           value.per_points, domain::Rounding::kCeiling);
  return static_cast<int64_t>(std::min<absl::int128>(minor, std::numeric_limits<int64_t>::max()));
}

std::map<int, BreakageTable::Months> FlowsOf(const std::string& wallet,
                                             const domain::Outstanding& outstanding) {
  std::map<int, BreakageTable::Months> flows;
  for (const auto& [group, flow] : outstanding.flows) {
    if (group.wallet == wallet) flows[group.month_earned][group.month] = flow;
  }
  return flows;
}

// Fills in what follows from the lots.
void AddLots(const domain::Outstanding& outstanding, absl::TimeZone zone, int this_month,
             WalletLiability& liability) {
  const BreakageTable table(FlowsOf(liability.wallet, outstanding), this_month - 1);
  liability.history_months = table.history_months();
  ByMonth earned;
  ByMonth expiring;
  std::map<int, int64_t> mortal;  // By the month in which they were earned.
  int64_t never = 0;
  for (const auto& [group, points] : outstanding.lots) {
    if (group.wallet != liability.wallet) continue;
    liability.outstanding += points;
    earned[MonthOf(group.month_earned)] += points;
    if (group.expires_at == absl::InfiniteFuture()) {
      never += points;
      continue;
    }
    // What expires at a midnight can be spent up to the day before.
    const absl::Time last = group.expires_at - absl::Microseconds(1);
    expiring[absl::CivilMonth(absl::ToCivilDay(last, zone))] += points;
    mortal[group.month_earned] += points;
  }
  for (const auto& [month, points] : mortal) {
    const BreakageTable::Estimate estimate = table.Of(points, this_month - month);
    liability.expected_to_expire += estimate.expires;
    liability.beyond_history += estimate.unknown;
  }
  liability.by_month_earned = ToMonths(earned, 0);
  liability.by_month_of_expiry = ToMonths(expiring, never);
}

// While which zone was that of the program.
struct ZoneSpan {
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
  absl::TimeZone zone;
};

// Over all time, without gaps.
std::vector<ZoneSpan> ZonesOf(const domain::ProgramCatalog& catalog) {
  std::vector<ZoneSpan> spans;
  for (const domain::ProgramVersion& version : catalog.versions()) {
    // What was to begin later than a later version never did.
    while (!spans.empty() && spans.back().from >= version.effective_from) spans.pop_back();
    const absl::TimeZone zone = version.program->time_zone;
    if (!spans.empty() && spans.back().zone == zone) {
      spans.back().until = absl::InfiniteFuture();
      continue;
    }
    if (!spans.empty()) spans.back().until = version.effective_from;
    spans.push_back({spans.empty() ? absl::InfinitePast() : version.effective_from,
                     absl::InfiniteFuture(), zone});
  }
  return spans;
}

// When it was this month for the first time, by the zone that was in force then: a zone that
// comes later leaves months that are closed as they were.
absl::Time BeginOf(absl::CivilMonth month, const std::vector<ZoneSpan>& zones) {
  for (const ZoneSpan& span : zones) {
    const absl::Time begin =
        std::max(span.from, domain::StartOfDay(absl::CivilDay(month), span.zone));
    if (begin < span.until) return begin;
  }
  return absl::InfiniteFuture();
}

// The first day on which a period of points may begin to have its last day in this month. The
// day is of the zone in which they were earned, the month of the one of now.
absl::CivilDay FirstBegin(absl::CivilMonth month, int months, int days, absl::TimeZone earned,
                          absl::TimeZone now) {
  const absl::CivilDay first(month);
  const auto is_early = [&](absl::CivilDay begin) {
    const absl::Time end =
        domain::EndOfPeriod(domain::StartOfDay(begin, earned), months, days, earned);
    return absl::ToCivilDay(end - absl::Microseconds(1), now) < first;
  };
  // Months have different lengths, so this may be some days off.
  absl::CivilDay begin = domain::AddMonths(first - days, -months);
  while (is_early(begin)) ++begin;
  while (!is_early(begin - 1)) --begin;
  return begin;
}

domain::IdlePeriod PeriodOf(int months, int days, absl::CivilMonth this_month, const ZoneSpan& span,
                            absl::TimeZone now) {
  domain::IdlePeriod period{months, days, {}, {}, span.from, span.until};
  const absl::CivilMonth last(domain::AddMonths(absl::CivilDay(this_month + 1), months) + days);
  const auto add_end = [&](absl::CivilMonth month) {
    period.ends.push_back(domain::StartOfDay(absl::CivilDay(month) + 1, now));
  };
  add_end(kFirstMonth - 1);
  for (absl::CivilMonth month = kFirstMonth; month <= last + 1; ++month) {
    const absl::CivilDay begin = FirstBegin(month, months, days, span.zone, now);
    period.begins.push_back(domain::StartOfDay(begin, span.zone));
    add_end(month);
  }
  return period;
}

}  // namespace

domain::OutstandingPieces PiecesAt(absl::Time now, const domain::ProgramCatalog& catalog) {
  const absl::TimeZone zone = catalog.At(now)->program->time_zone;
  const std::vector<ZoneSpan> zones = ZonesOf(catalog);
  domain::OutstandingPieces pieces;
  absl::CivilMonth month = kFirstMonth;
  do {
    pieces.months.push_back(BeginOf(month++, zones));
  } while (pieces.months.back() <= now);
  std::set<std::pair<int, int>> periods;
  for (const domain::ProgramVersion& version : catalog.versions()) {
    for (const domain::Wallet& wallet : version.program->wallets) {
      const domain::Expiry* const inactivity = domain::FindInactivity(wallet);
      if (inactivity != nullptr) periods.emplace(inactivity->months, inactivity->days);
    }
  }
  for (const auto& [months, days] : periods) {
    for (const ZoneSpan& span : zones) {
      pieces.idle_periods.push_back(PeriodOf(months, days, month, span, zone));
    }
  }
  return pieces;
}

std::vector<WalletLiability> Assess(const domain::Outstanding& outstanding,
                                    const domain::Program& program,
                                    absl::Span<const absl::Time> months, absl::Time now) {
  std::map<std::string, WalletLiability> wallets;
  for (const auto& [name, balance] : outstanding.balances) wallets[name].balance = balance;
  for (const domain::Wallet& wallet : program.wallets) wallets[wallet.id];
  const int this_month = domain::PieceOf(now, months);
  for (auto& [name, liability] : wallets) {
    liability.wallet = name;
    AddLots(outstanding, program.time_zone, this_month, liability);
  }
  for (const domain::Wallet& wallet : program.wallets) {
    if (!wallet.value.has_value()) continue;
    WalletLiability& liability = wallets[wallet.id];
    liability.cost = {program.currencies[static_cast<size_t>(wallet.value->currency)].code,
                      CostOf(liability.outstanding, *wallet.value),
                      CostOf(liability.outstanding - liability.expected_to_expire, *wallet.value)};
  }
  std::vector<WalletLiability> all;
  for (auto& [name, liability] : wallets) all.push_back(std::move(liability));
  return all;
}

}  // namespace dangol::insight
