#include "server/domain/purchase/record_purchase.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/common/error.h"
#include "server/common/limits.h"
#include "tests/domain/scenario.h"
#include "tests/support/histories.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Line;
using ::dangol::testing::PurchaseOf;
using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;
using ::testing::ElementsAre;

// Two weeks pending, then a year to the end of the day.
Program PatientProgram() {
  Program program = SimpleProgram();
  program.wallets[0].pending_days = 14;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 12, 0, 0};
  return program;
}

TEST(RecordPurchaseTest, CreditsAtOnceWithoutAPendingPeriod) {
  Scenario scenario(SimpleProgram());
  const auto outcome = scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"),
                                    Utc("2026-01-15 12:00:00"));
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(scenario.Balance(), "0/10");
  EXPECT_EQ(outcome->total_minor, 1'000);
  ASSERT_EQ(outcome->earned.size(), 1u);
  EXPECT_EQ(outcome->earned[0].points, 10);
  EXPECT_EQ(outcome->earned[0].qualifying, 10);
  EXPECT_EQ(outcome->earned[0].expires_at, absl::InfiniteFuture());
  ASSERT_EQ(outcome->balances.size(), 1u);
  EXPECT_EQ(outcome->balances[0].available, 10);
}

TEST(RecordPurchaseTest, WritesADoubleEntry) {
  Scenario scenario(PatientProgram());
  ASSERT_TRUE(
      scenario
          .Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"), Utc("2026-01-15 12:00:05"))
          .ok());
  ASSERT_EQ(scenario.entries().size(), 1u);
  const LedgerEntry& entry = scenario.entries()[0];
  EXPECT_EQ(entry.number, 1);
  EXPECT_EQ(entry.lot, 1);
  EXPECT_EQ(entry.kind, EntryKind::kEarn);
  EXPECT_EQ(entry.points, 10);
  EXPECT_EQ(entry.debit, LedgerAccount::kIssued);
  EXPECT_EQ(entry.credit, LedgerAccount::kPending);
  EXPECT_EQ(entry.rule_id, "base");
  EXPECT_EQ(entry.purchase_id, "p-1");
  EXPECT_EQ(entry.principal, "till-1");
  EXPECT_EQ(entry.program_version, 1);
  EXPECT_EQ(entry.effective_at, Utc("2026-01-15 12:00:00"));
  EXPECT_EQ(entry.recorded_at, Utc("2026-01-15 12:00:05"));
  EXPECT_EQ(entry.pending_after, 10);
  EXPECT_EQ(entry.available_after, 0);
  EXPECT_EQ(scenario.state().member.next_due_at, Utc("2026-01-29 00:00:00"));
}

TEST(RecordPurchaseTest, OneLotForBaseAndBonus) {
  Program program = SimpleProgram();
  program.multipliers = {testing::MultiplierRule("double", 2, 1)};
  Scenario scenario(program);
  ASSERT_TRUE(
      scenario
          .Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"), Utc("2026-01-15 12:00:00"))
          .ok());
  ASSERT_EQ(scenario.entries().size(), 2u);
  EXPECT_EQ(scenario.entries()[1].kind, EntryKind::kBonus);
  EXPECT_EQ(scenario.entries()[1].lot, 1);
  ASSERT_EQ(scenario.state().lots.size(), 1u);
  EXPECT_EQ(scenario.state().lots[0].points, 20);
  EXPECT_EQ(testing::QualifyingOf(scenario.state().member),
            10);  // The multiplier does not qualify.
}

TEST(RecordPurchaseTest, LinesKnowTheirShares) {
  Program program = SimpleProgram();
  program.multipliers = {testing::MultiplierRule("tea", 2, 1)};
  program.multipliers[0].when.categories = {"tea"};
  Scenario scenario(program);
  ASSERT_TRUE(scenario
                  .Buy(PurchaseOf({Line(1'000), Line(500, "tea"), Line(0)}),
                       Utc("2026-01-15 12:00:00"), Utc("2026-01-15 12:00:00"))
                  .ok());
  const std::vector<PurchaseLine>& lines = scenario.last_purchase().lines;
  EXPECT_THAT(lines[0].earned, ElementsAre(LinePoints{"points", 10, 10}));
  EXPECT_THAT(lines[1].earned, ElementsAre(LinePoints{"points", 10, 5}));
  EXPECT_THAT(lines[2].earned, ElementsAre());
}

// A purchase that arrives late lives its life from when it occurred.
TEST(RecordPurchaseTest, LatePurchases) {
  struct Case {
    const char* name;
    const char* now;
    const char* balance;
    std::vector<EntryKind> entries;
  };
  using enum EntryKind;
  const Case cases[] = {
      {"in time", "2026-01-15 12:00:00", "10/0", {kEarn}},
      {"before it matures", "2026-01-28 23:59:59", "10/0", {kEarn}},
      {"as it matures", "2026-01-29 00:00:00", "0/10", {kEarn, kMature}},
      {"before it expires", "2027-01-15 23:59:59", "0/10", {kEarn, kMature}},
      {"as it expires", "2027-01-16 00:00:00", "0/0", {kEarn, kMature, kExpire}},
      {"years after", "2036-01-01 00:00:00", "0/0", {kEarn, kMature, kExpire}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Scenario scenario(PatientProgram());
    const auto outcome =
        scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"), Utc(c.now));
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->earned[0].expires_at, Utc("2027-01-16 00:00:00"));
    EXPECT_EQ(scenario.Balance(), c.balance);
    std::vector<EntryKind> kinds;
    for (const LedgerEntry& entry : scenario.entries()) kinds.push_back(entry.kind);
    EXPECT_EQ(kinds, c.entries);
  }
}

TEST(RecordPurchaseTest, PointsMayExpireBeforeTheyMature) {
  Program program = SimpleProgram();
  program.wallets[0].pending_days = 14;
  program.wallets[0].expiry = {Expiry::Policy::kAfter, 0, 7, 0};
  Scenario scenario(program);
  ASSERT_TRUE(
      scenario
          .Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"), Utc("2026-02-15 12:00:00"))
          .ok());
  EXPECT_EQ(scenario.Balance(), "0/0");
  ASSERT_EQ(scenario.entries().size(), 2u);
  EXPECT_EQ(scenario.entries()[1].debit, LedgerAccount::kPending);
  EXPECT_EQ(scenario.entries()[1].credit, LedgerAccount::kExpired);
}

// A till whose clock is ahead must not make points that are pending and
// available at once.
TEST(RecordPurchaseTest, AClockThatRunsAheadDoesNoHarm) {
  Scenario scenario(SimpleProgram());
  ASSERT_TRUE(
      scenario
          .Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:59"), Utc("2026-01-15 12:00:00"))
          .ok());
  EXPECT_EQ(scenario.Balance(), "0/10");
  scenario.AdvanceTo(Utc("2026-01-16 00:00:00"));
  EXPECT_EQ(scenario.Balance(), "0/10");
}

// Two servers' clocks differ: a member's time never runs backwards.
TEST(RecordPurchaseTest, AClockThatRunsBehindLosesNothing) {
  Scenario scenario(PatientProgram());
  scenario.state().member.advanced_until = Utc("2026-01-29 00:00:00");
  ASSERT_TRUE(
      scenario
          .Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"), Utc("2026-01-28 23:59:59"))
          .ok());
  EXPECT_EQ(scenario.Balance(), "0/10");
}

TEST(RecordPurchaseTest, CountsPurchasesInAnyOrder) {
  Scenario scenario(SimpleProgram());
  for (const char* day : {"2026-01-15 12:00:00", "2026-01-01 12:00:00", "2026-01-10 12:00:00"}) {
    ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(100)}), Utc(day), Utc("2026-02-01 00:00:00")).ok());
  }
  const Member& member = scenario.state().member;
  EXPECT_EQ(testing::PurchasesOf(member), 3);
  EXPECT_EQ(testing::FirstDayOf(member), "2026-01-01");
  EXPECT_EQ(testing::LastDayOf(member), "2026-01-15");
}

TEST(RecordPurchaseTest, CapsCountOnTheDayOnWhichItOccurred) {
  Program program = SimpleProgram();
  program.earning_rules[0].caps = {{CapPeriod::kDay, 15}};
  Scenario scenario(program);
  const absl::Time now = Utc("2026-02-01 00:00:00");
  ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"), now).ok());
  ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-16 12:00:00"), now).ok());
  EXPECT_EQ(scenario.Balance(), "0/20");
  ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 13:00:00"), now).ok());
  EXPECT_EQ(scenario.Balance(), "0/25");
}

// The history has one sum for days that long ago: what caps have of them is read.
TEST(RecordPurchaseTest, CapsCountOfDaysBeforeTheHistoryToo) {
  for (const CapPeriod per : {CapPeriod::kDay, CapPeriod::kMonth, CapPeriod::kEver}) {
    Program program = SimpleProgram();
    program.earning_rules[0].caps = {{per, 15}};
    Scenario scenario(program);
    const absl::Time now = Utc("2026-12-01 00:00:00");
    ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"), now).ok());
    ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 13:00:00"), now).ok());
    EXPECT_EQ(scenario.Balance(), "0/15");
    ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-02-15 13:00:00"), now).ok());
    EXPECT_EQ(scenario.Balance(), per == CapPeriod::kEver ? "0/15" : "0/25");
  }
}

// At eight in the morning the program moves from a zone nine hours ahead to UTC, where it is
// still the evening before.
TEST(RecordPurchaseTest, AChangeOfTheTimeZoneOpensNoSecondCap) {
  Program capped = SimpleProgram();
  capped.time_zone = absl::FixedTimeZone(9 * 60 * 60);
  capped.earning_rules[0].caps = {{CapPeriod::kDay, 300}};
  ProgramCatalog catalog = testing::CatalogOf(capped);
  capped.time_zone = absl::UTCTimeZone();
  ProgramVersion version;
  version.version = 2;
  version.effective_from = Utc("2026-01-31 23:00:00");
  version.program = std::make_shared<const Program>(capped);
  catalog.Add(version);

  MemberState member;
  member.member.id = testing::MemberNumber(1);
  member.member.advanced_until = absl::UnixEpoch();
  member.has_lots = true;
  int number = 0;
  for (const auto& [occurred_at, points] :
       {std::tuple("2026-01-31 22:00:00", 300), std::tuple("2026-01-31 23:30:00", 0),
        std::tuple("2026-02-01 00:30:00", 0), std::tuple("2026-02-02 00:00:00", 300)}) {
    RecordPurchase record;
    record.purchase = PurchaseOf({Line(40'000)});
    record.purchase.purchase_id = absl::StrCat("p-", ++number);
    record.occurred_at = Utc(occurred_at);
    const auto decision = Decide({record, "t"}, {&member, nullptr}, catalog, *record.occurred_at);
    ASSERT_TRUE(decision.ok()) << decision.status();
    EXPECT_EQ(std::get<PurchaseOutcome>(decision->outcome).earned[0].points, points) << occurred_at;
    Apply(decision->effects, member);
  }
}

TEST(RecordPurchaseTest, IsJudgedByTheProgramOfItsDay) {
  ProgramCatalog catalog = testing::CatalogOf(SimpleProgram());
  Program generous = SimpleProgram();
  generous.earning_rules[0].rates[0].points = 5;
  ProgramVersion version;
  version.version = 2;
  version.effective_from = Utc("2026-02-01 00:00:00");
  version.program = std::make_shared<const Program>(generous);
  catalog.Add(version);

  MemberState member;
  member.member.id = testing::MemberNumber(1);
  member.member.advanced_until = absl::UnixEpoch();
  RecordPurchase record;
  record.purchase = PurchaseOf({Line(1'000)});
  for (const auto& [occurred_at, points, judged_by] :
       {std::tuple("2000-01-01 00:00:00", 10, 1), std::tuple("2026-01-31 23:59:59", 10, 1),
        std::tuple("2026-02-01 00:00:00", 50, 2)}) {
    record.occurred_at = Utc(occurred_at);
    const auto decision =
        Decide({record, "t"}, {&member, nullptr}, catalog, Utc("2026-03-01 00:00:00"));
    ASSERT_TRUE(decision.ok());
    const auto& outcome = std::get<PurchaseOutcome>(decision->outcome);
    EXPECT_EQ(outcome.earned[0].points, points);
    EXPECT_EQ(outcome.program_version, judged_by);
  }
}

TEST(RecordPurchaseTest, SuspendedMembersEarnNothing) {
  Scenario scenario(SimpleProgram());
  scenario.state().member.status = MemberStatus::kSuspended;
  const auto outcome = scenario.Buy(PurchaseOf({Line(1'000)}), Utc("2026-01-15 12:00:00"),
                                    Utc("2026-01-15 12:00:00"));
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome->earned.empty());
  EXPECT_EQ(testing::PurchasesOf(scenario.state().member), 1);
}

TEST(RecordPurchaseTest, Refusals) {
  const absl::Time now = Utc("2026-01-15 12:00:00");
  struct Case {
    const char* name;
    std::function<void(Scenario&, Purchase&, absl::Time&)> given;
    absl::StatusCode code;
    const char* reason;
    const char* field;
  };
  const Case cases[] = {
      {"tomorrow", [](Scenario&, Purchase&, absl::Time& at) { at += absl::Hours(24); },
       absl::StatusCode::kInvalidArgument, "TIME_IN_FUTURE", "occurred_at"},
      {"just too far ahead",
       [](Scenario&, Purchase&, absl::Time& at) { at += absl::Microseconds(60'000'001); },
       absl::StatusCode::kInvalidArgument, "TIME_IN_FUTURE", "occurred_at"},
      {"in 1900", [](Scenario&, Purchase&, absl::Time& at) { at = Utc("1900-01-01 00:00:00"); },
       absl::StatusCode::kInvalidArgument, "TIME_TOO_EARLY", "occurred_at"},
      {"undeclared currency", [](Scenario&, Purchase& p, absl::Time&) { p.currency = "XAU"; },
       absl::StatusCode::kInvalidArgument, "CURRENCY_NOT_DECLARED", "currency"},
      {"closed member",
       [](Scenario& s, Purchase&, absl::Time&) { s.state().member.status = MemberStatus::kClosed; },
       absl::StatusCode::kFailedPrecondition, "MEMBER_CLOSED", nullptr},
      {"full wallet",
       [](Scenario& s, Purchase&, absl::Time&) {
         s.state().accounts = {{"points", 0, limits::kMaxBalance - 9, 0}};
       },
       absl::StatusCode::kFailedPrecondition, "BALANCE_TOO_LARGE", nullptr},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Scenario scenario(SimpleProgram());
    Purchase purchase = PurchaseOf({Line(1'000)});
    absl::Time occurred_at = now;
    c.given(scenario, purchase, occurred_at);
    const absl::Status status = scenario.Buy(purchase, occurred_at, now).status();
    EXPECT_EQ(status.code(), c.code);
    const ErrorDetails details = DetailsOf(status);
    EXPECT_EQ(details.reason, c.reason);
    if (c.field == nullptr) continue;
    EXPECT_EQ(details.violations.at(0).field, c.field);
  }
}

TEST(RecordPurchaseTest, WithoutAMemberOrAProgramNothingIsDecided) {
  RecordPurchase record;
  record.purchase = PurchaseOf({Line(100)});
  record.member.alias = {"card", "1"};
  const absl::Time now = Utc("2026-01-15 12:00:00");
  EXPECT_EQ(DetailsOf(Decide({record, "t"}, {}, testing::CatalogOf(SimpleProgram()), now).status())
                .reason,
            "MEMBER_NOT_FOUND");
  EXPECT_EQ(DetailsOf(Decide({record, "t"}, {}, ProgramCatalog(), now).status()).reason,
            "PROGRAM_MISSING");
}

TEST(RecordPurchaseTest, TellsWhatItSawOfABudgetAndWhatItTook) {
  Program program = SimpleProgram();
  program.earning_rules[0].budget = 25;
  const ProgramCatalog catalog = testing::CatalogOf(program);
  MemberState member;
  member.member.id = testing::MemberNumber(1);
  RecordPurchase record;
  record.purchase = PurchaseOf({Line(1'000)});
  record.occurred_at = Utc("2026-01-15 12:00:00");
  const auto take = [&](int64_t used) {
    const SharedCounters counters = {{"budget/base", {used, 1}}};
    const AliasOwners aliases;
    return Decide({record, "till-1"}, {&member, &aliases, &counters}, catalog,
                  Utc("2026-01-15 12:00:00"))
        ->effects.counters;
  };
  EXPECT_THAT(take(0), ElementsAre(CounterUse{"budget/base", 0, 10}));
  EXPECT_THAT(take(20), ElementsAre(CounterUse{"budget/base", 20, 25}));
  // It depends on what it saw, also where there was nothing to take.
  EXPECT_THAT(take(25), ElementsAre(CounterUse{"budget/base", 25, 25}));
  member.member.status = MemberStatus::kSuspended;
  EXPECT_THAT(take(0), ElementsAre());
}

TEST(RecordPurchaseTest, AReturnLeavesTheBudgetAsItIs) {
  Program program = SimpleProgram();
  program.earning_rules[0].budget = 10;
  Scenario scenario(program);
  const absl::Time noon = Utc("2026-01-15 12:00:00");
  ASSERT_TRUE(scenario.Buy(PurchaseOf({Line(1'000)}), noon, noon).ok());
  RecordReturn back;
  back.member = scenario.Me();
  back.return_id = "t-1";
  back.purchase_id = "p-1";
  back.amount_minor = 1'000;
  ASSERT_TRUE(scenario.Do(back, noon).ok());
  EXPECT_EQ(scenario.Balance(), "0/0");
  EXPECT_EQ(scenario.counters().at("budget/base").used, 10);
  Purchase second = PurchaseOf({Line(1'000)});
  second.purchase_id = "p-2";
  const auto outcome = scenario.Buy(second, noon, noon);
  EXPECT_EQ(outcome->earned[0].points, 0);
  EXPECT_TRUE(outcome->earned[0].parts[0].budget_exhausted);
}

}  // namespace
}  // namespace dangol::domain
