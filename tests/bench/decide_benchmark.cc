// How long the rules take to judge one purchase. Run by dangol_bench.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/domain/decide.h"
#include "server/domain/incentive/stamps.h"
#include "server/domain/standing/judge.h"
#include "server/insight/rfm.h"

namespace dangol::bench {
namespace {

constexpr int kRules = 20;
constexpr int kMultipliers = 10;
constexpr const char* kCategories[] = {"bakery", "dairy", "beverages", "household", "produce"};

// What rules ask for differs from rule to rule, as in a program that has grown;
// the purchase below meets about two in five of them.
domain::Conditions ConditionsOf(int i) {
  domain::Conditions when;
  switch (i % 5) {
    case 0:
      when.categories = {kCategories[(i / 5 + 2) % std::size(kCategories)]};
      break;
    case 1:
      when.channels = {i % 2 == 0 ? "store" : "app"};
      when.hours = domain::HourRange{.from_minute = 8 * 60, .until_minute = 20 * 60};
      break;
    case 2:
      when.min_basket = {{.currency = 0, .minor = 10'000 * (i + 1)}};
      break;
    case 3:
      when.weekdays = {i % 2 == 0 ? absl::Weekday::monday : absl::Weekday::wednesday,
                       absl::Weekday::saturday};
      when.store_ids = {absl::StrCat("seoul-", i), absl::StrCat("busan-", i), "seoul-07"};
      break;
    default:
      when.first_day = absl::CivilDay(2026, 1, 1);
      when.last_day = absl::CivilDay(2026, 12, 31);
      when.attributes = {{"segment", i % 2 == 0 ? "family" : "student"}};
  }
  return when;
}

domain::Tier TierOf(const std::string& id, std::vector<domain::Criterion> reach) {
  domain::Tier tier;
  tier.id = tier.name = id;
  tier.reach.items = tier.keep.items = std::move(reach);
  return tier;
}

// Three tiers over the last twelve months; the member below is in the second.
domain::Ladder MakeLadder() {
  using domain::Indicator;
  domain::Ladder ladder;
  ladder.id = ladder.name = "main";
  ladder.qualification.months = 12;
  ladder.validity.policy = domain::Validity::Policy::kAfter;
  ladder.validity.months = 12;
  ladder.tiers = {TierOf("bronze", {}),
                  TierOf("silver", {{Indicator::kQualifyingPoints, "points", 3'000}}),
                  TierOf("gold", {{Indicator::kQualifyingPoints, "points", 30'000},
                                  {Indicator::kNetSpend, "KRW", 3'000'000}})};
  return ladder;
}

// Ten of all kinds; the purchase below counts for six of them.
std::vector<domain::Incentive> MakeIncentives() {
  using Window = domain::IncentiveWindow;
  std::vector<domain::Incentive> incentives;
  const auto add = [&](domain::IncentiveKind kind, Window::Kind window = Window::Kind::kEver) {
    domain::Incentive incentive;
    incentive.id = incentive.name = absl::StrCat("incentive-", incentives.size());
    incentive.kind = std::move(kind);
    incentive.window = {.kind = window, .days = 60};
    incentive.reward = {"points", 500};
    incentives.push_back(std::move(incentive));
  };
  add(domain::PunchCard{.places = 10});
  add(domain::PunchCard{.per = domain::PunchCard::Per::kPiece, .places = 10});
  add(domain::PunchCard{.places = 5}, Window::Kind::kRolling);
  add(domain::PunchCard{.per = domain::PunchCard::Per::kAmount, .places = 3, .per_minor = 10'000});
  add(domain::Streak{.length = 4});
  add(domain::ReturnWithin{.days = 14});
  add(domain::WinBack{.days = 90});
  add(domain::SpendMilestone{.minor = 100'000}, Window::Kind::kMonth);
  add(domain::CategoryBreadth{.categories = 4}, Window::Kind::kRolling);
  add(domain::Engagement{.activity = "review", .times = 3});
  incentives[1].when.categories = {"household"};
  incentives[2].when.channels = {"app"};
  incentives[7].when.store_ids = {"busan-01"};
  return incentives;
}

domain::ProgramCatalog MakeCatalog() {
  auto program = std::make_shared<domain::Program>();
  program->name = "benchmark";
  absl::LoadTimeZone("Asia/Seoul", &program->time_zone);
  program->currencies = {{.code = "KRW", .minor_digits = 0}, {.code = "EUR", .minor_digits = 2}};
  domain::Wallet wallet;
  wallet.id = "points";
  wallet.pending_days = 7;
  wallet.expiry = {.policy = domain::Expiry::Policy::kAfter, .months = 24};
  program->wallets = {wallet};
  for (int i = 0; i < kRules; ++i) {
    domain::EarningRule rule;
    rule.id = absl::StrCat("rule-", i);
    rule.rates = {{.currency = 0, .points = 5 + i % 4, .per_minor = 1'000}};
    if (i > 0) rule.when = ConditionsOf(i);
    rule.qualifying = true;
    program->earning_rules.push_back(std::move(rule));
  }
  for (int i = 0; i < kMultipliers; ++i) {
    domain::Multiplier multiplier;
    multiplier.id = absl::StrCat("multiplier-", i);
    multiplier.numerator = 3;
    multiplier.denominator = 2;
    multiplier.when = ConditionsOf(i);
    if (i % 3 == 0) multiplier.caps = {{.per = domain::CapPeriod::kMonth, .points = 100'000}};
    program->multipliers.push_back(std::move(multiplier));
  }
  program->ladders = {MakeLadder()};
  program->incentives = MakeIncentives();
  domain::ProgramCatalog catalog;
  domain::ProgramVersion version;
  version.version = 1;
  version.effective_from = absl::InfinitePast();
  version.program = std::move(program);
  catalog.Add(std::move(version));
  return catalog;
}

domain::Command MakeCommand(absl::Time now) {
  domain::RecordPurchase action;
  action.member.id = domain::MemberId::Make(now, 1, 2);
  action.occurred_at = now;
  action.purchase.purchase_id = "S07-T03-000000004711";
  action.purchase.currency = "KRW";
  action.purchase.channel = "store";
  action.purchase.store_id = "seoul-07";
  for (int i = 0; i < 3; ++i) {
    domain::PurchaseLine line;
    line.sku = absl::StrCat("880101234567", i);
    line.category = kCategories[i];
    line.quantity = i + 1;
    line.amount_minor = 3'450 * (i + 1);
    line.tax_minor = line.amount_minor / 11;
    action.purchase.lines.push_back(std::move(line));
  }
  return {.action = std::move(action), .principal = "till"};
}

// `days_apart`: between the purchases of the two years before.
domain::MemberState MakeMember(const domain::Command& command, absl::Time now, int days_apart,
                               const domain::ProgramCatalog& catalog) {
  domain::MemberState state;
  state.member.id = *std::get<domain::RecordPurchase>(command.action).member.id;
  state.member.enrolled_at = now - absl::Hours(24 * 400);
  state.member.attributes = {{"city", "Seoul"}, {"segment", "family"}};
  const domain::DayNumber today = domain::NumberOf(absl::ToCivilDay(now, absl::UTCTimeZone()));
  for (domain::DayNumber day = today - 728; day < today; day += days_apart) {
    domain::Fact fact = {day,
                         {{domain::Measure::kPurchases, "", 1},
                          {domain::Measure::kQualifying, "points", 150},
                          {domain::Measure::kNetSpend, "KRW", 20'700}}};
    for (const int counted : {0, 3, 4, 5, 6, 8}) {
      fact.marks.push_back(
          {domain::Measure::kStamps, absl::StrCat("incentive-", counted), counted == 3 ? 2 : 1});
    }
    for (int i = 0; i < 3; ++i) {
      fact.marks.push_back(
          {domain::Measure::kCategory, domain::CategoryKey("incentive-8", kCategories[i]), 1});
    }
    domain::Restand(fact, {}, today, domain::HistoryOf(state.member.id, state.member));
  }
  state.member.entry_count = 90;
  state.member.advanced_until = now - absl::Hours(24);
  state.member.version = 41;
  domain::JudgeTiers(catalog, now, today - 728, state.member);
  domain::Account account;
  account.wallet = "points";
  account.pending = 100;
  account.available = 12'345;
  state.accounts = {account};
  return state;
}

// `days_late`: when it occurred. `days_apart`: as of MakeMember.
void DecidePurchase(benchmark::State& benchmark, int days_late, int days_apart) {
  // A Wednesday at noon in Seoul, so that rules about weekdays and hours match.
  const absl::Time now =
      absl::FromCivil(absl::CivilSecond(2026, 3, 11, 3, 0, 0), absl::UTCTimeZone());
  const domain::ProgramCatalog catalog = MakeCatalog();
  const domain::Command command = MakeCommand(now - absl::Hours(24 * days_late));
  const domain::MemberState member = MakeMember(command, now, days_apart, catalog);
  const domain::AliasOwners aliases;
  const domain::State state = {.member = &member, .aliases = &aliases};
  size_t entries = 0;
  for (auto _ : benchmark) {
    absl::StatusOr<domain::Decision> decision = domain::Decide(command, state, catalog, now);
    if (!decision.ok() || decision->effects.entries.empty()) {
      benchmark.SkipWithError("the purchase earned nothing");
      break;
    }
    benchmark::DoNotOptimize(decision);
    entries = decision->effects.entries.size();
  }
  benchmark.counters["entries"] = static_cast<double>(entries);
}

// Two years of a purchase a week.
void BM_DecidePurchase(benchmark::State& benchmark) { DecidePurchase(benchmark, 0, 7); }
BENCHMARK(BM_DecidePurchase);

// A year late, for a member who has bought every day of two years.
void BM_DecideLatePurchase(benchmark::State& benchmark) { DecidePurchase(benchmark, 364, 1); }
BENCHMARK(BM_DecideLatePurchase);

// Cut points and segments of a million members, whose values are loaded.
void BM_ScoreAMillion(benchmark::State& benchmark) {
  domain::Rfm rfm;
  rfm.segments = domain::DefaultRfmSegments();
  std::mt19937_64 random(7);
  std::vector<domain::RfmValues> population(1'000'000);
  for (domain::RfmValues& values : population) {
    values.recency_days = static_cast<int64_t>(random() % 732);
    values.purchases = static_cast<int64_t>(random() % 60);
    values.spent_minor = static_cast<int64_t>(random() % 10'000'000);
  }
  for (auto _ : benchmark) {
    const domain::RfmCutPoints cut_points = insight::CutPointsOf(population, rfm);
    benchmark::DoNotOptimize(insight::CountRfm(population, cut_points, rfm));
  }
}
BENCHMARK(BM_ScoreAMillion)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dangol::bench

BENCHMARK_MAIN();
