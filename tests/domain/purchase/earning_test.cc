#include "server/domain/purchase/earning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/domain/purchase/matching.h"
#include "server/domain/shared_counter.h"
#include "tests/support/histories.h"
#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::BaseRule;
using ::dangol::testing::Line;
using ::dangol::testing::MultiplierRule;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::SimpleProgram;
using ::testing::ElementsAre;

// "rule=points" for each rule that gives something, with "!" where it was capped and "$"
// where its budget was exhausted.
std::string Summary(const std::vector<RulePoints>& parts) {
  std::string text;
  for (const RulePoints& part : parts) {
    absl::StrAppend(&text, text.empty() ? "" : " ", part.rule->id, "=", part.points,
                    part.capped ? "!" : "", part.budget_exhausted ? "$" : "");
  }
  return text;
}

// Of a member who is new, unless said otherwise; `used` is what rules have given that count for
// their caps.
absl::StatusOr<std::vector<RulePoints>> Judge(const Purchase& purchase, const Program& program,
                                              const Member& member = {},
                                              const std::map<std::string, int64_t>& used = {},
                                              const SharedCounters& counters = {}) {
  const auto is_met = [&](const Rule& rule) {
    return MatchesMember(rule.when, member.attributes, testing::PurchasesOf(member) == 0);
  };
  const auto allowance = [&](const Rule& rule) {
    Allowance left = kUnlimited;
    const auto before = used.find(rule.id);
    for (const Cap& cap : rule.caps) {
      if (cap.per == CapPeriod::kPurchase) continue;
      const int64_t points = before == used.end() ? 0 : before->second;
      left.under_caps = std::min(left.under_caps, std::max<int64_t>(cap.points - points, 0));
    }
    if (rule.budget > 0) {
      const int64_t spent = UsedOf(&counters, BudgetCounter(rule.id));
      left.in_budget = std::max<int64_t>(rule.budget - spent, 0);
    }
    return left;
  };
  return Earn(purchase, program, {is_met, allowance});
}

std::string EarnedBy(const Purchase& purchase, const Program& program, const Member& member = {},
                     const std::map<std::string, int64_t>& used = {},
                     const SharedCounters& counters = {}) {
  const auto parts = Judge(purchase, program, member, used, counters);
  return parts.ok() ? Summary(*parts) : DetailsOf(parts.status()).reason;
}

// What a rule with these conditions makes of a purchase.
struct ConditionCase {
  const char* name;
  std::function<void(Conditions&)> when;
  std::function<void(Purchase&, Member&)> given;
  bool matches;
};

TEST(EarningTest, Conditions) {
  const auto nothing = [](Purchase&, Member&) {};
  const auto at = [](const char* time) {
    return [time](Purchase& purchase, Member&) { purchase.occurred_at = testing::Utc(time); };
  };
  const ConditionCase cases[] = {
      {"none", [](Conditions&) {}, nothing, true},
      {"channel, one of two",
       [](Conditions& c) {
         c.channels = {"app", "web"};
       },
       [](Purchase& p, Member&) { p.channel = "web"; }, true},
      {"another channel", [](Conditions& c) { c.channels = {"app"}; },
       [](Purchase& p, Member&) { p.channel = "store"; }, false},
      {"no channel given", [](Conditions& c) { c.channels = {"app"}; }, nothing, false},
      {"store", [](Conditions& c) { c.store_ids = {"7"}; },
       [](Purchase& p, Member&) { p.store_id = "7"; }, true},
      {"another store", [](Conditions& c) { c.store_ids = {"7"}; },
       [](Purchase& p, Member&) { p.store_id = "77"; }, false},
      {"basket just large enough",
       [](Conditions& c) {
         c.min_basket = {{0, 10'000}};
       },
       nothing, true},
      {"basket just too small",
       [](Conditions& c) {
         c.min_basket = {{0, 10'001}};
       },
       nothing, false},
      {"least basket in another currency",
       [](Conditions& c) {
         c.min_basket = {{1, 1}};
       },
       nothing, false},
      {"basket not too large",
       [](Conditions& c) {
         c.max_basket = {{0, 10'000}};
       },
       nothing, true},
      {"basket too large",
       [](Conditions& c) {
         c.max_basket = {{0, 9'999}};
       },
       nothing, false},
      {"shipping is not in the basket",
       [](Conditions& c) {
         c.min_basket = {{0, 10'001}};
       },
       [](Purchase& p, Member&) {
         p.lines.push_back(Line(500));
         p.lines.back().kind = LineKind::kShipping;
       },
       false},
      {"weekday", [](Conditions& c) { c.weekdays = {absl::Weekday::thursday}; }, nothing, true},
      {"another weekday", [](Conditions& c) { c.weekdays = {absl::Weekday::friday}; }, nothing,
       false},
      {"first hour",
       [](Conditions& c) {
         c.hours = HourRange{12 * 60, 13 * 60};
       },
       nothing, true},
      {"after the last hour",
       [](Conditions& c) {
         c.hours = HourRange{9 * 60, 12 * 60};
       },
       nothing, false},
      {"hours over midnight, late",
       [](Conditions& c) {
         c.hours = HourRange{22 * 60, 4 * 60};
       },
       at("2026-01-15 23:00:00"), true},
      {"hours over midnight, early",
       [](Conditions& c) {
         c.hours = HourRange{22 * 60, 4 * 60};
       },
       at("2026-01-15 03:59:59"), true},
      {"hours over midnight, not yet",
       [](Conditions& c) {
         c.hours = HourRange{22 * 60, 4 * 60};
       },
       at("2026-01-15 21:59:59"), false},
      {"first day", [](Conditions& c) { c.first_day = absl::CivilDay(2026, 1, 15); }, nothing,
       true},
      {"before the first day", [](Conditions& c) { c.first_day = absl::CivilDay(2026, 1, 16); },
       nothing, false},
      {"last day", [](Conditions& c) { c.last_day = absl::CivilDay(2026, 1, 15); },
       at("2026-01-15 23:59:59"), true},
      {"after the last day", [](Conditions& c) { c.last_day = absl::CivilDay(2026, 1, 14); },
       nothing, false},
      {"attribute",
       [](Conditions& c) {
         c.attributes = {{"staff", "yes"}};
       },
       [](Purchase&, Member& m) {
         m.attributes = {{"city", "Seoul"}, {"staff", "yes"}};
       },
       true},
      {"attribute of another value",
       [](Conditions& c) {
         c.attributes = {{"staff", "yes"}};
       },
       [](Purchase&, Member& m) {
         m.attributes = {{"staff", "no"}};
       },
       false},
      {"only one of two attributes",
       [](Conditions& c) {
         c.attributes = {{"a", "1"}, {"b", "2"}};
       },
       [](Purchase&, Member& m) {
         m.attributes = {{"a", "1"}};
       },
       false},
      {"first purchase", [](Conditions& c) { c.first_purchase = true; }, nothing, true},
      {"second purchase", [](Conditions& c) { c.first_purchase = true; },
       [](Purchase&, Member& m) {
         Restand({0, {{Measure::kPurchases, "", 1}}}, {}, 0, HistoryOf(m.id, m));
       },
       false},
      {"category of the line", [](Conditions& c) { c.categories = {"tea"}; },
       [](Purchase& p, Member&) { p.lines[0].category = "tea"; }, true},
      {"another category", [](Conditions& c) { c.categories = {"tea"}; },
       [](Purchase& p, Member&) { p.lines[0].category = "teapots"; }, false},
      {"article of the line", [](Conditions& c) { c.skus = {"sku-10000"}; }, nothing, true},
      {"all must hold",
       [](Conditions& c) {
         c.channels = {"app"};
         c.hours = HourRange{0 * 60, 1 * 60};
       },
       [](Purchase& p, Member&) { p.channel = "app"; }, false},
  };
  for (const ConditionCase& c : cases) {
    SCOPED_TRACE(c.name);
    Program program = SimpleProgram();
    c.when(program.earning_rules[0].when);
    Purchase purchase = PurchaseOf({Line(10'000)});
    Member member;
    c.given(purchase, member);
    EXPECT_EQ(EarnedBy(purchase, program, member), c.matches ? "base=100" : "");
  }
}

TEST(EarningTest, DayAndHourAreThoseOfTheProgramsZone) {
  Program program = SimpleProgram();
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Seoul", &program.time_zone));
  program.earning_rules[0].when.first_day = absl::CivilDay(2026, 1, 16);
  program.earning_rules[0].when.hours = HourRange{0 * 60, 1 * 60};
  Purchase purchase = PurchaseOf({Line(10'000)});
  purchase.occurred_at = testing::Utc("2026-01-15 15:30:00");
  EXPECT_EQ(EarnedBy(purchase, program), "base=100");
}

TEST(EarningTest, HoursBeginAndEndWithTheirMinute) {
  constexpr HourRange kAfternoon = {14 * 60 + 30, 17 * 60 + 45};
  constexpr HourRange kNight = {22 * 60 + 15, 4 * 60 + 5};
  constexpr HourRange kToMidnight = {23 * 60 + 59, 24 * 60};
  constexpr HourRange kOneMinute = {0, 1};
  constexpr HourRange kAllButAMinute = {1, 0};
  struct Case {
    const char* time;  // In summer time, which is two hours ahead.
    HourRange hours;
    bool matches;
  };
  const Case cases[] = {
      {"14:29:59", kAfternoon, false},    {"14:30:00", kAfternoon, true},
      {"15:00:00", kAfternoon, true},     {"17:44:59", kAfternoon, true},
      {"17:45:00", kAfternoon, false},    {"22:14:59", kNight, false},
      {"22:15:00", kNight, true},         {"23:59:59", kNight, true},
      {"00:00:00", kNight, true},         {"04:04:59", kNight, true},
      {"04:05:00", kNight, false},        {"12:00:00", kNight, false},
      {"23:58:59", kToMidnight, false},   {"23:59:59", kToMidnight, true},
      {"00:00:00", kToMidnight, false},   {"00:00:59", kOneMinute, true},
      {"00:01:00", kOneMinute, false},    {"00:00:30", kAllButAMinute, false},
      {"00:01:00", kAllButAMinute, true}, {"23:59:59", kAllButAMinute, true},
  };
  for (const Case& c : cases) {
    Program program = SimpleProgram();
    ASSERT_TRUE(absl::LoadTimeZone("Europe/Paris", &program.time_zone));
    program.earning_rules[0].when.hours = c.hours;
    Purchase purchase = PurchaseOf({Line(10'000)});
    purchase.occurred_at = testing::Utc(absl::StrCat("2026-07-15 ", c.time)) - absl::Hours(2);
    EXPECT_EQ(EarnedBy(purchase, program), c.matches ? "base=100" : "")
        << c.time << " from minute " << c.hours.from_minute << " to " << c.hours.until_minute;
  }
}

TEST(EarningTest, RoundsOncePerPurchaseAndRule) {
  // Line by line nothing would be earned; together 3 * 50 / 100 = 1.5.
  const Purchase purchase = PurchaseOf({Line(50), Line(50), Line(50)});
  Program program = SimpleProgram();
  EXPECT_EQ(EarnedBy(purchase, program), "base=1");
  program.earning_rules[0].rounding = Rounding::kHalfUp;
  EXPECT_EQ(EarnedBy(purchase, program), "base=2");
  program.earning_rules[0].rounding = Rounding::kCeiling;
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(1)}), program), "base=1");
}

TEST(EarningTest, FullSteps) {
  Program program = SimpleProgram();
  program.earning_rules[0].rates = {{0, 5, 2'500}};
  program.earning_rules[0].full_steps = true;
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(2'499)}), program), "");
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(2'500)}), program), "base=5");
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(3'000)}), program), "base=5");
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(2'000), Line(2'999)}), program), "base=5");
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(2'000), Line(3'000)}), program), "base=10");
  program.earning_rules[0].full_steps = false;
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(3'000)}), program), "base=6");
}

TEST(EarningTest, SpreadsOverLines) {
  const auto parts = Judge(PurchaseOf({Line(333), Line(333), Line(334)}), SimpleProgram());
  ASSERT_TRUE(parts.ok());
  EXPECT_THAT((*parts)[0].by_line, ElementsAre(3, 3, 4));
}

TEST(EarningTest, BestBaseRuleWinsEachLine) {
  Program program = SimpleProgram();
  program.earning_rules.push_back(BaseRule("tea", 3, 200));
  program.earning_rules.back().when.categories = {"tea"};
  program.earning_rules.push_back(BaseRule("tea-again", 6, 400));  // As high: the first one wins.
  program.earning_rules.back().when.categories = {"tea"};
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(1'000, "tea"), Line(1'000, "soap")}), program),
            "base=10 tea=15");
}

TEST(EarningTest, OnlyGoodsEarn) {
  Purchase purchase =
      PurchaseOf({Line(1'000), Line(1'000), Line(1'000), Line(1'000), Line(1'000), Line(1'000)});
  purchase.lines[1].kind = LineKind::kShipping;
  purchase.lines[2].kind = LineKind::kGiftCard;
  purchase.lines[3].kind = LineKind::kTax;
  purchase.lines[4].category = "tobacco";
  purchase.lines[5].sku = "newspaper";
  Program program = SimpleProgram();
  program.excluded_categories = {"tobacco"};
  program.excluded_skus = {"newspaper"};
  EXPECT_EQ(EarnedBy(purchase, program), "base=10");
}

TEST(EarningTest, TaxEarnsNothing) {
  Purchase purchase = PurchaseOf({Line(1'210)});
  purchase.lines[0].tax_minor = 210;
  EXPECT_EQ(EarnedBy(purchase, SimpleProgram()), "base=10");
}

TEST(EarningTest, WhatWasPaidWithPointsEarnsNothing) {
  Purchase purchase = PurchaseOf({Line(1'000), Line(3'000)});
  purchase.paid_with_points_minor = 1'000;
  EXPECT_THAT(EarningBasis(purchase, SimpleProgram()), ElementsAre(750, 2'250));
  purchase.paid_with_points_minor = 4'000;
  EXPECT_EQ(EarnedBy(purchase, SimpleProgram()), "");
}

TEST(EarningTest, PointsPayForTaxAndShippingAlike) {
  Purchase purchase = PurchaseOf({Line(1'200), Line(800)});
  purchase.lines[0].tax_minor = 200;
  purchase.lines[1].kind = LineKind::kShipping;
  purchase.paid_with_points_minor = 1'000;  // Half of everything.
  EXPECT_THAT(EarningBasis(purchase, SimpleProgram()), ElementsAre(500, 0));
}

TEST(EarningTest, TheBasketIsCountedWithOrWithoutWhatPointsPaid) {
  struct Case {
    const char* name;
    int64_t paid_minor;  // Of 100.00, of which 20.00 are for shipping.
    bool without_points;
    int64_t least_minor;
    int64_t most_minor;
    bool matches;
  };
  const Case cases[] = {
      {"nothing is paid with points", 0, true, 8'000, 8'000, true},
      {"the whole basket counts where that is not said", 5'000, false, 8'000, 8'000, true},
      {"half of it is left", 5'000, true, 4'000, 4'000, true},
      {"which is not enough", 5'000, true, 4'001, 8'000, false},
      {"nor too much", 5'000, true, 0, 4'000, true},
      {"the whole is too much", 5'000, false, 0, 7'999, false},
      {"all is paid with points", 10'000, true, 1, 8'000, false},
  };
  for (const Case& c : cases) {
    Purchase purchase = PurchaseOf({Line(3'000), Line(5'000), Line(2'000)});
    purchase.lines[0].tax_minor = 300;
    purchase.lines[2].kind = LineKind::kShipping;
    purchase.paid_with_points_minor = c.paid_minor;
    Program program = SimpleProgram();
    Conditions& when = program.earning_rules[0].when;
    when.min_basket = {{0, c.least_minor}};
    when.max_basket = {{0, c.most_minor}};
    when.basket_without_points = c.without_points;
    EXPECT_EQ(!EarnedBy(purchase, program).empty(), c.matches) << c.name;
  }
}

TEST(EarningTest, NothingForNothing) {
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(0), Line(0)}), SimpleProgram()), "");
  Program program = SimpleProgram();
  program.earning_rules[0].rounding = Rounding::kCeiling;
  program.multipliers = {MultiplierRule("double", 2, 1)};
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(0)}), program), "");
}

TEST(EarningTest, Multipliers) {
  struct Case {
    const char* name;
    Stacking stacking;
    const char* earned;
  };
  const Case cases[] = {
      {"each adds to the base", Stacking::kAdd, "base=100 double=100 triple=200"},
      {"each multiplies what is there", Stacking::kCompound, "base=100 double=100 triple=400"},
      {"the highest counts", Stacking::kBest, "base=100 triple=200"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Program program = SimpleProgram();
    program.multipliers = {MultiplierRule("double", 2, 1), MultiplierRule("triple", 3, 1)};
    program.stacking = c.stacking;
    EXPECT_EQ(EarnedBy(PurchaseOf({Line(10'000)}), program), c.earned);
  }
}

TEST(EarningTest, MultipliersApplyToTheirLinesOnly) {
  Program program = SimpleProgram();
  program.multipliers = {MultiplierRule("tea", 3, 2)};
  program.multipliers[0].when.categories = {"tea"};
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(1'000, "tea"), Line(9'000)}), program), "base=100 tea=5");
}

TEST(EarningTest, WalletsEarnIndependently) {
  Program program = SimpleProgram();
  program.wallets.push_back({"miles", 0, {}});
  program.earning_rules.push_back(BaseRule("miles", 1, 1'000));
  program.earning_rules.back().wallet = 1;
  program.multipliers = {MultiplierRule("double-miles", 2, 1)};
  program.multipliers[0].wallet = 1;
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(10'000)}), program), "base=100 miles=10 double-miles=10");
}

TEST(EarningTest, Caps) {
  struct Case {
    const char* name;
    Cap cap;
    std::map<std::string, int64_t> used;
    const char* earned;
  };
  const Case cases[] = {
      {"not reached", {CapPeriod::kPurchase, 100}, {}, "base=100"},
      {"of the purchase", {CapPeriod::kPurchase, 60}, {{"base", 60}}, "base=60!"},
      {"of the day, unused", {CapPeriod::kDay, 60}, {}, "base=60!"},
      {"of the day, partly used", {CapPeriod::kDay, 60}, {{"base", 50}}, "base=10!"},
      {"of the day, used up", {CapPeriod::kDay, 60}, {{"base", 60}}, "base=0!"},
      {"used by another rule", {CapPeriod::kDay, 100}, {{"tea", 60}}, "base=100"},
      {"of the month", {CapPeriod::kMonth, 110}, {{"base", 60}}, "base=50!"},
      {"of all times", {CapPeriod::kEver, 110}, {{"base", 60}}, "base=50!"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Program program = SimpleProgram();
    program.earning_rules[0].caps = {c.cap};
    EXPECT_EQ(EarnedBy(PurchaseOf({Line(10'000)}), program, Member(), c.used), c.earned);
  }
}

TEST(EarningTest, Budgets) {
  struct Case {
    const char* name;
    int64_t budget;
    int64_t used;
    const char* earned;
  };
  const Case cases[] = {
      {"none", 0, 500, "base=100 double=100"},
      {"far away", 1'000, 0, "base=100 double=100"},
      {"just enough", 300, 200, "base=100 double=100"},
      {"one point short", 300, 201, "base=99$ double=99"},
      {"one point left", 300, 299, "base=1$ double=1"},
      {"used up", 300, 300, "base=0$"},
      {"lowered below what was given", 300, 999, "base=0$"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Program program = SimpleProgram();
    program.earning_rules[0].budget = c.budget;
    program.multipliers = {MultiplierRule("double", 2, 1)};
    const SharedCounters counters = {{"budget/base", {c.used, 1}}, {"budget/double", {77, 1}}};
    EXPECT_EQ(EarnedBy(PurchaseOf({Line(10'000)}), program, Member(), {}, counters), c.earned);
  }
}

TEST(EarningTest, AMultipliersBudgetIsItsOwn) {
  Program program = SimpleProgram();
  program.multipliers = {MultiplierRule("double", 2, 1)};
  program.multipliers[0].budget = 30;
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(10'000)}), program), "base=100 double=30$");
}

TEST(EarningTest, CapAndBudgetTellWhichOfThemItWas) {
  Program program = SimpleProgram();
  program.earning_rules[0].caps = {{CapPeriod::kPurchase, 60}};
  program.earning_rules[0].budget = 60;
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(10'000)}), program), "base=60!");
  program.earning_rules[0].budget = 59;
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(10'000)}), program), "base=59!$");
}

TEST(EarningTest, OnlyBudgetsOfTheDayAreLookedAt) {
  Program program = SimpleProgram();
  program.earning_rules = {BaseRule("always", 1, 100), BaseRule("over", 2, 100),
                           BaseRule("free", 1, 100)};
  program.earning_rules[0].budget = program.earning_rules[1].budget = 10;
  program.earning_rules[1].when.last_day = absl::CivilDay(2026, 1, 14);
  program.multipliers = {MultiplierRule("soon", 2, 1)};
  program.multipliers[0].budget = 10;
  program.multipliers[0].when.first_day = absl::CivilDay(2026, 1, 15);
  EXPECT_THAT(BudgetCounters(program, testing::Utc("2026-01-15 00:00:00")),
              ElementsAre("budget/always", "budget/soon"));
  EXPECT_THAT(BudgetCounters(program, testing::Utc("2026-01-14 23:59:59")),
              ElementsAre("budget/always", "budget/over"));
}

TEST(EarningTest, ACappedRuleIsSpreadAsItWasCapped) {
  Program program = SimpleProgram();
  program.earning_rules[0].caps = {{CapPeriod::kPurchase, 10}};
  const auto parts = Judge(PurchaseOf({Line(10'000), Line(30'000)}), program);
  ASSERT_TRUE(parts.ok());
  EXPECT_THAT((*parts)[0].by_line, ElementsAre(3, 7));  // 2.5 and 7.5: the lower line.
}

TEST(EarningTest, CurrencyMustBeDeclared) {
  Purchase purchase = PurchaseOf({Line(100)});
  purchase.currency = "USD";
  const auto parts = Judge(purchase, SimpleProgram());
  EXPECT_TRUE(absl::IsInvalidArgument(parts.status()));
  EXPECT_EQ(DetailsOf(parts.status()).reason, "CURRENCY_NOT_DECLARED");
  EXPECT_EQ(DetailsOf(parts.status()).violations[0].field, "currency");
}

TEST(EarningTest, ACurrencyWithoutARateEarnsNothing) {
  Purchase purchase = PurchaseOf({Line(100'000)});
  purchase.currency = "KRW";
  EXPECT_EQ(EarnedBy(purchase, SimpleProgram()), "");
}

TEST(EarningTest, AbsurdAmountsAreRefusedAndDoNotOverflow) {
  Program program = SimpleProgram();
  program.earning_rules = {BaseRule("base", 1'000'000, 1)};
  program.multipliers = {MultiplierRule("million", 1'000'000, 1)};
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(limits::kMaxAmountMinor)}), program), "TOO_MANY_POINTS");
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(1'001)}), program), "TOO_MANY_POINTS");
  EXPECT_EQ(EarnedBy(PurchaseOf({Line(1)}), program), "base=1000000 million=999999000000");
}

}  // namespace
}  // namespace dangol::domain
