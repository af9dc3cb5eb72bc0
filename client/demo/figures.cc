#include "client/demo/figures.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/demo/facts.h"
#include "dangol/client.h"

namespace dangol::demo {
namespace {

constexpr std::size_t kTopMembers = 10;
// GetBalance tells the nearest 100 moments: enough for half a year of nearly
// everybody's purchases.
constexpr std::size_t kExpiryMonths = 6;
constexpr absl::Duration kLately = absl::Hours(24 * 90);

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double DaysBetween(const PurchaseFact& first, const PurchaseFact& second) {
  return absl::ToDoubleHours(second.occurred_at - first.occurred_at) / 24;
}

int64_t Spent(const MemberFacts& member) {
  int64_t won = 0;
  for (const PurchaseFact& purchase : member.purchases) {
    won += purchase.won;
  }
  return won;
}

std::vector<MonthOfRevenue> RevenueByMonth(const std::vector<MemberFacts>& members, absl::Time now,
                                           absl::TimeZone zone) {
  std::map<absl::CivilMonth, MonthOfRevenue> months;
  for (const MemberFacts& member : members) {
    absl::CivilMonth previous = absl::CivilMonth::min();
    for (const PurchaseFact& purchase : member.purchases) {
      const absl::CivilMonth month = absl::ToCivilMonth(purchase.occurred_at, zone);
      MonthOfRevenue& entry = months[month];
      entry.purchases += 1;
      entry.won += purchase.won;
      entry.buyers += month == previous ? 0 : 1;
      previous = month;
    }
  }
  std::vector<MonthOfRevenue> revenue;
  if (months.empty()) return revenue;
  const absl::CivilMonth last = absl::ToCivilMonth(now, zone);
  for (absl::CivilMonth month = months.begin()->first; month <= last; ++month) {
    revenue.push_back(months[month]);
    revenue.back().month = month;
  }
  return revenue;
}

std::vector<MonthOfExpiry> ExpiriesByMonth(const std::vector<MemberFacts>& members, absl::Time now,
                                           absl::TimeZone zone) {
  std::map<absl::CivilMonth, int64_t> months;
  for (const MemberFacts& member : members) {
    for (const ExpiryFact& expiry : member.expiries) {
      // The midnight that ends a month belongs to it.
      months[absl::ToCivilMonth(expiry.at - absl::Seconds(1), zone)] += expiry.points;
    }
  }
  std::vector<MonthOfExpiry> expiries;
  if (months.empty()) return expiries;
  absl::CivilMonth month = absl::ToCivilMonth(now, zone);
  for (; month <= months.rbegin()->first && expiries.size() < kExpiryMonths; ++month) {
    expiries.push_back({.month = month, .points = months[month]});
  }
  return expiries;
}

Habits MakeHabits(const std::vector<MemberFacts>& members, absl::Time now) {
  int64_t buyers = 0;
  int64_t again = 0;
  int64_t lately = 0;
  std::vector<double> between;
  std::vector<double> to_second;
  for (const MemberFacts& member : members) {
    const std::vector<PurchaseFact>& purchases = member.purchases;
    if (purchases.empty()) continue;
    buyers += 1;
    lately += purchases.back().occurred_at >= now - kLately ? 1 : 0;
    for (std::size_t next = 1; next < purchases.size(); ++next) {
      between.push_back(DaysBetween(purchases[next - 1], purchases[next]));
    }
    if (purchases.size() < 2) continue;
    again += 1;
    to_second.push_back(DaysBetween(purchases[0], purchases[1]));
  }
  return {.bought_again = Share(again, buyers),
          .days_between = Median(std::move(between)),
          .days_to_second = Median(std::move(to_second)),
          .bought_lately = Share(lately, buyers)};
}

TopMember MakeTopMember(const MemberFacts& member) {
  return {.card = member.card,
          .name = member.name,
          .purchases = static_cast<int64_t>(member.purchases.size()),
          .won = Spent(member),
          .points = member.points_available + member.points_pending,
          .last_purchase = member.purchases.empty() ? absl::InfinitePast()
                                                    : member.purchases.back().occurred_at};
}

// All members, the most valuable first.
std::vector<TopMember> Ranking(const std::vector<MemberFacts>& members) {
  std::vector<TopMember> ranking;
  ranking.reserve(members.size());
  for (const MemberFacts& member : members) {
    ranking.push_back(MakeTopMember(member));
  }
  std::sort(ranking.begin(), ranking.end(), [](const TopMember& left, const TopMember& right) {
    return left.won != right.won ? left.won > right.won : left.card < right.card;
  });
  return ranking;
}

double TopFifth(const std::vector<TopMember>& ranking) {
  int64_t all = 0;
  int64_t top = 0;
  for (std::size_t place = 0; place < ranking.size(); ++place) {
    all += ranking[place].won;
    top += place * 5 < ranking.size() ? ranking[place].won : 0;
  }
  return Share(top, all);
}

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Figures MakeFigures(const v1::GetTotalsResponse& totals, const std::string& wallet,
                    const std::vector<MemberFacts>& members, absl::Time now, absl::TimeZone zone) {
  Figures figures;
  figures.members = totals.members();
  figures.purchases = totals.purchases();
  figures.lines = totals.purchase_lines();
  figures.trial_balance = totals.trial_balance();
  for (const v1::CurrencyTotals& currency : totals.currencies()) {
    if (currency.currency() == "KRW") figures.won = currency.gross_minor();
  }
  for (const v1::WalletTotals& entry : totals.wallets()) {
    if (entry.wallet() == wallet) figures.points = entry;
  }
  figures.revenue = RevenueByMonth(members, now, zone);
  figures.expiries = ExpiriesByMonth(members, now, zone);
  figures.habits = MakeHabits(members, now);
  figures.top = Ranking(members);
  figures.habits.top_fifth = TopFifth(figures.top);
  figures.top.resize(std::min(figures.top.size(), kTopMembers));
  return figures;
}

}  // namespace dangol::demo
