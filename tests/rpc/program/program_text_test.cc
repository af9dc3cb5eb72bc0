#include "server/rpc/program/program_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/v1/program.pb.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "server/rpc/program/sample_program.h"

namespace dangol::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kProgram[] = R"(name: "Test"
time_zone: "Europe/London"
currencies { code: "GBP" minor_digits: 2 }
wallets { id: "points" expiry { never {} } }
earning_rules {
  id: "base"
  wallet: "points"
  rates { currency: "GBP" points: 1 per_minor: 100 }
}
)";

// "line:column field" of each problem.
std::vector<std::string> Places(const std::string& text) {
  std::vector<std::string> places;
  for (const ProgramProblem& problem : CheckProgram(text)) {
    places.push_back(absl::StrCat(problem.line, ":", problem.column, " ", problem.field));
  }
  return places;
}

// "field: message" of each problem.
std::vector<std::string> Problems(const std::string& text) {
  std::vector<std::string> problems;
  for (const ProgramProblem& problem : CheckProgram(text)) {
    problems.push_back(absl::StrCat(problem.field, ": ", problem.message));
  }
  return problems;
}

std::string With(const std::string& from, const std::string& to) {
  return absl::StrReplaceAll(kProgram, {{from, to}});
}

TEST(ProgramTextTest, TheSampleIsValid) {
  const auto program = ParseProgram(SampleProgramText());
  ASSERT_TRUE(program.ok()) << program.status();
  std::vector<std::string> currencies;
  for (const domain::Currency& currency : (*program)->currencies)
    currencies.push_back(currency.code);
  EXPECT_THAT(currencies, ElementsAre("KRW", "USD", "EUR", "GBP"));
}

TEST(ProgramTextTest, ReadsWhatItSays) {
  const auto program = ParseProgram(absl::StrCat(kProgram, R"(
    multipliers {
      id: "double"
      wallet: "points"
      factor { numerator: 3 denominator: 2 }
      rounding: ROUNDING_HALF_UP
      caps { per: CAP_PERIOD_MONTH points: 10 }
      budget: 1000000000000
      when {
        channels: "app"
        weekdays: WEEKDAY_SUNDAY
        hours { from: "22:15" until: "4:00" }
        dates { first: "2026-02-28" last: "2026-03-01" }
        min_basket { currency: "GBP" minor: 500 }
        basket_without_points: true
        attributes { key: "staff" value: "yes" }
        first_purchase: true
      }
    }
    stacking: STACKING_BEST
    excluded_skus: "x")"));
  ASSERT_TRUE(program.ok()) << program.status();
  const domain::Program& read = **program;
  EXPECT_EQ(read.time_zone.name(), "Europe/London");
  EXPECT_EQ(read.stacking, domain::Stacking::kBest);
  EXPECT_TRUE(read.excluded_skus.contains("x"));
  ASSERT_EQ(read.multipliers.size(), 1u);
  const domain::Multiplier& multiplier = read.multipliers[0];
  EXPECT_EQ(multiplier.numerator, 3);
  EXPECT_EQ(multiplier.rounding, domain::Rounding::kHalfUp);
  EXPECT_EQ(multiplier.caps[0].per, domain::CapPeriod::kMonth);
  EXPECT_EQ(multiplier.budget, 1'000'000'000'000);
  EXPECT_EQ((*program)->earning_rules[0].budget, 0);
  EXPECT_THAT(multiplier.when.weekdays, ElementsAre(absl::Weekday::sunday));
  EXPECT_EQ(multiplier.when.hours->from_minute, 22 * 60 + 15);
  EXPECT_EQ(multiplier.when.hours->until_minute, 4 * 60);
  EXPECT_EQ(multiplier.when.first_day, absl::CivilDay(2026, 2, 28));
  EXPECT_EQ(multiplier.when.min_basket[0].minor, 500);
  EXPECT_TRUE(multiplier.when.basket_without_points);
  EXPECT_THAT(multiplier.when.attributes, ElementsAre(std::pair("staff", "yes")));
  EXPECT_TRUE(multiplier.when.first_purchase);
}

TEST(ProgramTextTest, NamesLineAndFieldOfEachMistake) {
  struct Case {
    const char* from;
    const char* to;
    const char* place;
  };
  const Case cases[] = {
      {"\"Europe/London\"", "\"Nowhere/Land\"", "2:1 time_zone"},
      {"code: \"GBP\"", "code: \"gbp\"", "3:14 currencies[0].code"},
      {"minor_digits: 2", "minor_digits: 5", "3:26 currencies[0].minor_digits"},
      {"id: \"points\" expiry", "id: \"Points\" expiry", "4:11 wallets[0].id"},
      {"expiry { never {} }", "", "4:1 wallets[0].expiry"},
      {"never {}", "", "4:24 wallets[0].expiry[0]"},
      {"never {}", "after {}", "4:33 wallets[0].expiry[0].after"},
      {"never {}", "after { months: 1201 }", "4:41 wallets[0].expiry[0].after.months"},
      {"never {}", "year_end { years: 101 }", "4:44 wallets[0].expiry[0].year_end.years"},
      {"never {}", "after { months: 1 } } expiry { never {}", "4:64 wallets[0].expiry[1].never"},
      {"never {}", "never {} } expiry { inactivity { days: 1 }", "4:33 wallets[0].expiry[0].never"},
      {"never {}", "inactivity { days: 1 } } expiry { inactivity { days: 2 }",
       "4:67 wallets[0].expiry[1].inactivity"},
      {"never {}",
       "after { days: 1 } } expiry { after { days: 2 } } expiry { after { days: 3 } } "
       "expiry { after { days: 4 } } expiry { after { days: 5 }",
       "4:1 wallets[0].expiry"},
      {"expiry {", "pending_until_confirmed: true pending_days: 1 expiry {",
       "4:54 wallets[0].pending_days"},
      {"expiry {", "grace_days: 366 expiry {", "4:24 wallets[0].grace_days"},
      {"expiry {", "grace_days: -1 expiry {", "4:24 wallets[0].grace_days"},
      {"expiry {", "value { currency: \"EUR\" minor: 1 per_points: 1 } expiry {",
       "4:32 wallets[0].value.currency"},
      {"expiry {", "value { currency: \"GBP\" per_points: 1 } expiry {",
       "4:24 wallets[0].value.minor"},
      {"expiry {", "value { currency: \"GBP\" minor: 1 } expiry {",
       "4:24 wallets[0].value.per_points"},
      {"name:", "return_window_days: 3651 name:", "1:1 return_window_days"},
      {"name:", "return_window_days: -1 name:", "1:1 return_window_days"},
      {"name:", "adjustment_reasons { max_points: 1 } name:", "1:1 adjustment_reasons[0].code"},
      {"name:", "adjustment_reasons { code: \"Why\" max_points: 1 } name:",
       "1:22 adjustment_reasons[0].code"},
      {"name:", "adjustment_reasons { code: \"why\" } name:",
       "1:1 adjustment_reasons[0].max_points"},
      {"name:", "adjustment_reasons { code: \"why\" max_points: 1000000000000001 } name:",
       "1:34 adjustment_reasons[0].max_points"},
      {"name:", "testimony_scopes: \"On TV\" name:", "1:1 testimony_scopes[0]"},
      {"name:", "testimony_scopes: \"web\" testimony_scopes: \"web\" name:",
       "1:25 testimony_scopes[1]"},
      {"name:", "care {} name:", "1:1 care.categories"},
      {"name:", "care { categories { id: \"a\" } } name:", "1:8 care.categories[0].department"},
      {"name:", "care { categories { id: \"a\" department: \"b\" } } name:", "1:1 care.deadlines"},
      {"name:", "care { deadlines { acknowledge_hours: 1 resolve_hours: 2 } } name:",
       "1:8 care.deadlines[0].severity"},
      {"name:",
       "care { deadlines { severity: SEVERITY_LOW acknowledge_hours: 2 resolve_hours: 1 } } name:",
       "1:64 care.deadlines[0].resolve_hours"},
      {"name:", "care { goodwill { wallet: \"x\" max_points: 1 } } name:",
       "1:19 care.goodwill.wallet"},
      {"name:", "care { goodwill { wallet: \"points\" reason: \"x\" max_points: 1 } } name:",
       "1:36 care.goodwill.reason"},
      {"name:", "care { advocates_percent: 101 } name:", "1:8 care.advocates_percent"},
      {"name:", "retired_wallets: \"points\" name:", "1:1 retired_wallets[0]"},
      {"name:", "retired_currencies: \"GBP\" name:", "1:1 retired_currencies[0]"},
      {"name:", "retired_rewards: \"a\" retired_rewards: \"a\" name:", "1:22 retired_rewards[1]"},
      {"name:", "retired_wallets: \"\" name:", "1:1 retired_wallets[0]"},
      {"name:", "activities { daily_cap: 1 } name:", "1:1 activities[0].kind"},
      {"name:", "activities { kind: \"Dance\" } name:", "1:14 activities[0].kind"},
      {"name:", "activities { kind: \"a\" } activities { kind: \"a\" } name:",
       "1:39 activities[1].kind"},
      {"name:", "activities { kind: \"a\" daily_cap: 1001 } name:", "1:24 activities[0].daily_cap"},
      {"wallet: \"points\"", "wallet: \"miles\"", "7:3 earning_rules[0].wallet"},
      {"currency: \"GBP\"", "currency: \"EUR\"", "8:11 earning_rules[0].rates[0].currency"},
      {"per_minor: 100", "per_minor: 0", "8:37 earning_rules[0].rates[0].per_minor"},
      {"points: 1 per", "points: -1 per", "8:27 earning_rules[0].rates[0].points"},
      {"  rates", "  caps { points: 5 }\n  rates", "8:3 earning_rules[0].caps[0].per"},
      {"  rates", "  budget: -1\n  rates", "8:3 earning_rules[0].budget"},
      {"  rates", "  budget: 1000000000001\n  rates", "8:3 earning_rules[0].budget"},
      {"  rates", "  when { basket_without_points: true }\n  rates",
       "8:10 earning_rules[0].when.basket_without_points"},
      {"  rates", "  when { dates { first: \"31 March\" } }\n  rates",
       "8:18 earning_rules[0].when.dates.first"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(Places(With(c.from, c.to)), ::testing::Contains(std::string(c.place))) << c.to;
  }
  EXPECT_THAT(Places(kProgram), IsEmpty());
}

TEST(ProgramTextTest, ReadsTheEarliestOfSeveralExpiries) {
  const auto program = ParseProgram(With("never {}",
                                         "after { months: 48 round_up_to: ROUND_UP_TO_HALF_YEAR } }"
                                         " expiry { inactivity { months: 18 days: 1 } }"
                                         " expiry { year_end { years: 5 }"));
  ASSERT_TRUE(program.ok()) << program.status();
  const domain::Wallet& wallet = (*program)->wallets.at(0);
  EXPECT_EQ(wallet.expiry.policy, domain::Expiry::Policy::kAfter);
  EXPECT_EQ(wallet.expiry.months, 48);
  EXPECT_EQ(wallet.expiry.round_up_to, domain::Expiry::RoundUpTo::kHalfYear);
  ASSERT_EQ(wallet.or_earlier.size(), 2u);
  EXPECT_EQ(domain::FindInactivity(wallet), &wallet.or_earlier[0]);
  EXPECT_EQ(wallet.or_earlier[0].months, 18);
  EXPECT_EQ(wallet.or_earlier[0].days, 1);
  EXPECT_EQ(wallet.or_earlier[1].policy, domain::Expiry::Policy::kYearEnd);
  EXPECT_EQ(wallet.or_earlier[1].years, 5);
}

TEST(ProgramTextTest, ReadsWhatReturnsAndSpendingNeed) {
  const auto program = ParseProgram(absl::StrCat(kProgram, R"(
    wallets { id: "miles" pending_until_confirmed: true grace_days: 30 expiry { never {} } }
    debt_policy: DEBT_POLICY_WRITE_OFF
    return_window_days: 30
    adjustment_reasons { code: "goodwill" max_points: 500 }
    adjustment_reasons { code: "mistake" max_points: 1000000000000000 })"));
  ASSERT_TRUE(program.ok()) << program.status();
  const domain::Program& read = **program;
  EXPECT_FALSE(read.wallets.at(0).pending_until_confirmed);
  EXPECT_EQ(read.wallets[0].grace_days, 0);
  EXPECT_TRUE(read.wallets.at(1).pending_until_confirmed);
  EXPECT_EQ(read.wallets[1].grace_days, 30);
  EXPECT_EQ(read.debt_policy, domain::DebtPolicy::kWriteOff);
  EXPECT_EQ(read.return_window_days, 30);
  ASSERT_EQ(read.adjustment_reasons.size(), 2u);
  EXPECT_EQ(read.adjustment_reasons[0].code, "goodwill");
  EXPECT_EQ(read.adjustment_reasons[0].max_points, 500);
}

TEST(ProgramTextTest, ReadsWhatAPointIsWorth) {
  const auto program = ParseProgram(absl::StrReplaceAll(
      kProgram, {{"expiry {", "value { currency: \"GBP\" minor: 1 per_points: 200 } expiry {"}}));
  ASSERT_TRUE(program.ok()) << program.status();
  const domain::PointValue value = (*program)->wallets.at(0).value.value();
  EXPECT_EQ((*program)->currencies.at(static_cast<size_t>(value.currency)).code, "GBP");
  EXPECT_EQ(value.minor, 1);
  EXPECT_EQ(value.per_points, 200);
}

TEST(ProgramTextTest, WhatIsNotSaidAboutReturnsHasADefault) {
  const auto program = ParseProgram(kProgram);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_EQ((*program)->debt_policy, domain::DebtPolicy::kAllowDebt);
  EXPECT_EQ((*program)->return_window_days, 90);
  EXPECT_THAT((*program)->adjustment_reasons, IsEmpty());
  const auto rejecting = ParseProgram(absl::StrCat(kProgram, "debt_policy: DEBT_POLICY_REJECT"));
  ASSERT_TRUE(rejecting.ok()) << rejecting.status();
  EXPECT_EQ((*rejecting)->debt_policy, domain::DebtPolicy::kReject);
}

TEST(ProgramTextTest, ReasonsAreBoundedAndDiffer) {
  std::string text = kProgram;
  for (int i = 0; i < limits::kMaxAdjustmentReasons; ++i) {
    absl::StrAppend(&text, "adjustment_reasons { code: \"r", i, "\" max_points: 1 }\n");
  }
  EXPECT_THAT(Places(text), IsEmpty());
  EXPECT_THAT(Places(absl::StrCat(text, "adjustment_reasons { code: \"one\" max_points: 1 }")),
              ElementsAre("10:1 adjustment_reasons[0]"));
  EXPECT_THAT(Places(absl::StrCat(kProgram,
                                  "adjustment_reasons { code: \"a\" max_points: 1 }\n"
                                  "adjustment_reasons { code: \"a\" max_points: 1 }")),
              ElementsAre("11:22 adjustment_reasons[1].code"));
}

TEST(ProgramTextTest, FindsAllMistakesAtOnce) {
  EXPECT_THAT(Places(absl::StrReplaceAll(
                  kProgram, {{"per_minor: 100", "per_minor: 0"}, {"\"Test\"", "\"\""}})),
              ElementsAre("1:1 name", "8:37 earning_rules[0].rates[0].per_minor"));
}

TEST(ProgramTextTest, SyntaxErrorsHaveAPlaceToo) {
  EXPECT_THAT(Places("name: \"Test\"\nwallet { }"), ElementsAre("2:8 "));
  EXPECT_THAT(Places("name: 'a"), ::testing::SizeIs(::testing::Ge(1u)));
}

TEST(ProgramTextTest, HoursAreTimesOfTheDay) {
  constexpr char kFrom[] = "earning_rules[0].when.hours.from";
  constexpr char kUntil[] = "earning_rules[0].when.hours.until";
  struct Case {
    const char* from;
    const char* until;
    std::vector<std::string> wrong;
  };
  const Case cases[] = {
      {"14:30", "17:45", {}},
      {"00:00", "24:00", {}},
      {"0:00", "0:01", {}},
      {"23:59", "00:01", {}},
      {"24:00", "04:00", {kFrom}},
      {"22:00", "00:00", {kUntil}},
      {"22:00", "24:01", {kUntil}},
      {"14:60", "17:45", {kFrom}},
      {"14", "17", {kFrom, kUntil}},
      {"14:3", "17:45:00", {kFrom, kUntil}},
      {"-1:00", "1a:00", {kFrom, kUntil}},
      {" 9:00", "100:00", {kFrom, kUntil}},
      {":30", "", {kFrom, kUntil}},
      {"09:00", "9:00", {"earning_rules[0].when.hours"}},
  };
  for (const Case& c : cases) {
    std::vector<std::string> wrong;
    const std::string hours =
        absl::StrCat("when { hours { from: \"", c.from, "\" until: \"", c.until, "\" } } rates");
    for (const ProgramProblem& problem : CheckProgram(With("rates", hours))) {
      wrong.push_back(problem.field);
    }
    EXPECT_EQ(wrong, c.wrong) << c.from << " to " << c.until;
  }
}

TEST(ProgramTextTest, CurrenciesAreThoseOfIso4217UnlessThatIsMeant) {
  constexpr char kDigits[] = "currencies[0].minor_digits: ";
  constexpr char kCode[] = "currencies[0].code: ";
  struct Case {
    std::string currency;
    std::string problem;  // Empty: none.
  };
  const Case cases[] = {
      {R"(code: "GBP" minor_digits: 2)", ""},
      {R"(code: "KRW")", ""},
      {R"(code: "JPY" minor_digits: 0)", ""},
      {R"(code: "KWD" minor_digits: 3)", ""},
      {R"(code: "CLF" minor_digits: 4)", ""},
      {R"(code: "KRW" minor_digits: 2)",
       absl::StrCat(kDigits,
                    "must be 0 for KRW by ISO 4217; say unlike_iso_4217: true if that is "
                    "meant")},
      {R"(code: "GBP")",
       absl::StrCat(kDigits,
                    "must be 2 for GBP by ISO 4217; say unlike_iso_4217: true if that is "
                    "meant")},
      {R"(code: "KWD" minor_digits: 2)",
       absl::StrCat(kDigits,
                    "must be 3 for KWD by ISO 4217; say unlike_iso_4217: true if that is "
                    "meant")},
      {R"(code: "KRW" minor_digits: 2 unlike_iso_4217: true)", ""},
      {R"(code: "PTS" minor_digits: 2)",
       absl::StrCat(kCode,
                    "is not a code of ISO 4217; say unlike_iso_4217: true if that is "
                    "meant")},
      {R"(code: "PTS" minor_digits: 2 unlike_iso_4217: true)", ""},
      {R"(code: "GBP" minor_digits: 2 unlike_iso_4217: true)",
       "currencies[0].unlike_iso_4217: is said, but GBP with minor_digits: 2 is like ISO 4217"},
      {R"(code: "krw")", absl::StrCat(kCode, "must be upper case: KRW")},
      {R"(code: "Krw" unlike_iso_4217: true)", absl::StrCat(kCode, "must be upper case: KRW")},
      {R"(code: "KR")", absl::StrCat(kCode, "is required; give an ISO 4217 code such as EUR")},
  };
  for (const Case& c : cases) {
    const std::string code = c.currency.substr(6, c.currency.find('"', 7) - 5);
    const std::vector<std::string> problems =
        Problems(absl::StrReplaceAll(kProgram, {{R"(code: "GBP" minor_digits: 2)", c.currency},
                                                {R"("GBP" points)", code + " points"}}));
    if (c.problem.empty()) {
      EXPECT_THAT(problems, IsEmpty()) << c.currency;
    } else {
      EXPECT_THAT(problems, ::testing::Contains(c.problem)) << c.currency;
    }
  }
}

TEST(ProgramTextTest, ACurrencyIsUpperCaseWhereverItIsNamed) {
  EXPECT_THAT(Problems(With("rates { currency: \"GBP\"", "rates { currency: \"gbp\"")),
              ::testing::Contains("earning_rules[0].rates[0].currency: must be upper case: GBP"));
  EXPECT_THAT(Problems(absl::StrCat(kProgram, R"(rewards {
      id: "five" name: "Five" wallet: "points" points: 1
      amount_off { amounts { currency: "gbp" minor: 500 } } })")),
              ElementsAre("rewards[0].amount_off.amounts[0].currency: must be upper case: GBP"));
}

TEST(ProgramTextTest, AWrongNameIsToldWhichThereAreAndTheNearest) {
  constexpr char kWeekdays[] =
      "here are WEEKDAY_MONDAY, WEEKDAY_TUESDAY, WEEKDAY_WEDNESDAY, WEEKDAY_THURSDAY, "
      "WEEKDAY_FRIDAY, WEEKDAY_SATURDAY, WEEKDAY_SUNDAY";
  const auto weekday = [](const std::string& name) {
    return absl::StrCat("when { weekdays: ", name, " } rates");
  };
  struct Case {
    std::string from;
    std::string to;
    std::string problem;
  };
  const Case cases[] = {
      {"rates", weekday("TUESDAY"),
       absl::StrCat(": \"TUESDAY\" is no value of weekdays; did you mean WEEKDAY_TUESDAY? T",
                    kWeekdays)},
      {"rates", weekday("WEEKDAY_TUE"),
       absl::StrCat(": \"WEEKDAY_TUE\" is no value of weekdays; did you mean WEEKDAY_TUESDAY? T",
                    kWeekdays)},
      {"rates", weekday("thursday"),
       absl::StrCat(": \"thursday\" is no value of weekdays; did you mean WEEKDAY_THURSDAY? T",
                    kWeekdays)},
      {"rates", weekday("WEEKDAY_WENDSDAY"),
       absl::StrCat(
           ": \"WEEKDAY_WENDSDAY\" is no value of weekdays; did you mean WEEKDAY_WEDNESDAY? T",
           kWeekdays)},
      {"rates", weekday("\"HOLIDAYS_ONLY_PLEASE\""),
       absl::StrCat(": Expected integer or identifier, got: \"HOLIDAYS_ONLY_PLEASE\"")},
      {"rates", weekday("HOLIDAYS_ONLY_PLEASE"),
       absl::StrCat(": \"HOLIDAYS_ONLY_PLEASE\" is no value of weekdays; t", kWeekdays)},
      {"rates", weekday("8"),
       absl::StrCat("earning_rules[0].when.weekdays[0]: has no value 8; t", kWeekdays)},
      {"name:", "stacking: 99 name:",
       "stacking: has no value 99; there are STACKING_ADD, STACKING_COMPOUND, STACKING_BEST"},
      {"rates", "caps { per: DAILY points: 1 } rates",
       ": \"DAILY\" is no value of per; did you mean CAP_PERIOD_DAY? There are "
       "CAP_PERIOD_PURCHASE, CAP_PERIOD_DAY, CAP_PERIOD_MONTH, CAP_PERIOD_EVER"},
      {"per_minor", "for_minor",
       ": Rate has no field \"for_minor\"; did you mean per_minor? There are currency, points, "
       "per_minor"},
      {"rates", "rate",
       ": EarningRule has no field \"rate\"; did you mean rates? There are id, wallet, rates, "
       "when, rounding, caps, qualifying, budget, full_steps"},
      {"never {}", "never { days: 1 }", ": NeverExpires has no field \"days\"; it has none"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(Problems(With(c.from, c.to)), ElementsAre(c.problem)) << c.to;
  }
}

// InOurWords looks for the values of a field by its name alone.
TEST(ProgramTextTest, FieldsOfOneNameHaveTheValuesOfOneEnum) {
  std::map<std::string, std::set<std::string>> enums;
  const google::protobuf::FileDescriptor& program = *v1::Program::descriptor()->file();
  std::vector<const google::protobuf::FileDescriptor*> files = {&program};
  for (int i = 0; i < program.dependency_count(); ++i) files.push_back(program.dependency(i));
  for (const google::protobuf::FileDescriptor* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      for (int k = 0; k < file->message_type(i)->field_count(); ++k) {
        const google::protobuf::FieldDescriptor& field = *file->message_type(i)->field(k);
        if (field.enum_type() != nullptr) enums[field.name()].insert(field.enum_type()->name());
      }
    }
  }
  EXPECT_FALSE(enums.empty());
  for (const auto& [field, types] : enums) EXPECT_THAT(types, ::testing::SizeIs(1)) << field;
}

TEST(ProgramTextTest, AnAbbreviationIsNoTimeZone) {
  struct Case {
    const char* zone;
    const char* problem;
  };
  const Case cases[] = {
      {"KST", "is not an IANA zone but an abbreviation; give the name of a place: Asia/Seoul"},
      {"JST", "is not an IANA zone but an abbreviation; give the name of a place: Asia/Tokyo"},
      {"CET", "is not an IANA zone but an abbreviation; give the name of a place: Europe/Paris"},
      {"EST",
       "is not an IANA zone but an abbreviation; give the name of a place: America/New_York"},
      {"PST",
       "is not an IANA zone but an abbreviation; give the name of a place: America/Los_Angeles"},
      {"GMT+9",
       "is not an IANA zone but a difference to UTC; give the name of a place such as Asia/Seoul"},
      {"UTC-05:00",
       "is not an IANA zone but a difference to UTC; give the name of a place such as "
       "America/New_York"},
      {"+13",
       "is not an IANA zone but a difference to UTC; give the name of a place such as Asia/Seoul"},
      {"Asia/Soul", "is not an IANA zone; give an IANA name such as \"Europe/London\""},
      {"localtime", "is not an IANA zone; give an IANA name such as \"Europe/London\""},
      {"", "is required; give an IANA name such as \"Europe/London\""},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(Problems(With("Europe/London", c.zone)),
                ElementsAre(absl::StrCat("time_zone: ", c.problem)))
        << c.zone;
  }
  for (const char* zone : {"UTC", "Asia/Seoul", "America/Argentina/Buenos_Aires"}) {
    EXPECT_THAT(Problems(With("Europe/London", zone)), IsEmpty()) << zone;
  }
}

TEST(ProgramTextTest, AnotherEncodingIsToldInOneSentenceAndNothingIsLogged) {
  struct Case {
    std::string text;
    std::string problem;
  };
  const Case cases[] = {
      {absl::StrCat("\xef\xbb\xbf", kProgram),
       "the text begins with a byte-order mark; save it as UTF-8 without one"},
      {std::string("\xff\xfen\0a\0", 6), "the text looks like UTF-16; save it as UTF-8"},
      {std::string("\xfe\xff\0n\0a", 6), "the text looks like UTF-16; save it as UTF-8"},
      {With("Test", "Caf\xe9"), "the text is not valid UTF-8 in line 1; save it as UTF-8"},
      {absl::StrCat(kProgram, "# \xff"),
       "the text is not valid UTF-8 in line 10; save it as UTF-8"},
      {With("\"Test\"", "\xe2\x80\x9cTest\xe2\x80\x9d"),
       "here is a character that may stand only within quotes; the quotes themselves are \""},
      {With("Test", "bad\\377"), "is not valid UTF-8"},
  };
  ::testing::internal::CaptureStderr();
  std::vector<std::string> told;
  for (const Case& c : cases) {
    const std::vector<ProgramProblem> problems = CheckProgram(c.text);
    ASSERT_THAT(problems, ::testing::SizeIs(1)) << c.problem;
    told.push_back(problems[0].message);
    EXPECT_FALSE(ParseProgram(c.text).ok());
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  for (size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i], cases[i].problem);
}

TEST(ProgramTextTest, EveryCurrencyMustEarnSomething) {
  EXPECT_THAT(Places(absl::StrCat(kProgram, "currencies { code: \"KRW\" }")),
              ElementsAre("10:1 currencies[1]"));
}

TEST(ProgramTextTest, NamesMustDiffer) {
  EXPECT_THAT(Places(absl::StrCat(kProgram,
                                  "multipliers { id: \"base\" wallet: \"points\""
                                  " factor { numerator: 2 denominator: 1 } }")),
              ElementsAre("10:15 multipliers[0].id"));
}

TEST(ProgramTextTest, RefusesTextThatNobodyCouldRead) {
  EXPECT_THAT(CheckProgram(With("\"Test\"", "\"bad\\377\"")), ::testing::SizeIs(1));
  EXPECT_THAT(Places(With("\"Test\"", "\"a\\036b\"")), ElementsAre("1:1 name"));
  EXPECT_THAT(Places(With("Test", std::string(129, 'x'))), ElementsAre("1:1 name"));
  EXPECT_THAT(CheckProgram(std::string(limits::kMaxProgramBytes + 1, ' ')), ::testing::SizeIs(1));
}

TEST(ProgramTextTest, ReportsABoundedNumberOfProblems) {
  std::string text = kProgram;
  for (int i = 0; i < 500; ++i) absl::StrAppend(&text, "currencies { code: \"x\" }\n");
  EXPECT_EQ(CheckProgram(text).size(), limits::kMaxProgramProblems);
}

TEST(ProgramTextTest, AnInvalidProgramIsAnErrorThatSaysWhere) {
  const absl::Status status = ParseProgram(With("per_minor: 100", "per_minor: 0")).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, "PROGRAM_INVALID");
  EXPECT_EQ(details.violations.at(0).field, "program_text");
  EXPECT_THAT(details.violations[0].description, HasSubstr("line 8, column 37"));
}

}  // namespace
}  // namespace dangol::rpc
