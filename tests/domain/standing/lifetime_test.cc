// What members had done before, elsewhere, and bring in sums.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/common/error.h"
#include "server/common/limits.h"
#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Utc;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

LifetimeSum Spent(int64_t minor, const std::string& currency = "EUR") {
  return {Indicator::kNetSpend, currency, minor};
}
LifetimeSum Bought(int64_t times) { return {Indicator::kPurchases, "", times}; }

Criterion Ever(Criterion criterion) {
  criterion.lifetime = true;
  return criterion;
}

// Gold is for a lifetime, and for good.
Ladder LifetimeLadder(std::vector<Criterion> gold = {Ever(SpendOf(50'000))}) {
  Ladder ladder = MetalLadder();
  ladder.validity = {};
  ladder.tiers[2] = TierOf("gold", std::move(gold));
  return ladder;
}

Program CafeProgram(Ladder ladder) {
  Program program = ProgramWith(std::move(ladder));
  program.activities = {{"review", 0}, {"visit", 1}};
  return program;
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations) {
    fields.push_back(violation.field);
  }
  return fields;
}

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

TEST(LifetimeTest, ASumCountsForLifetimesOfItsIndicator) {
  const Criterion spend = Ever(SpendOf(50'000));
  const Criterion reviews = Ever({Indicator::kActivities, "review", 20});
  const Criterion points = Ever({Indicator::kQualifyingPoints, "points", 500});
  const Criterion visits = Ever({Indicator::kVisits, "", 10});
  const struct {
    const char* what;
    Criterion gold;
    std::vector<LifetimeSum> brought;
    int64_t bought;  // In EUR, after it.
    const char* tier;
    int64_t imported;
  } rows[] = {
      {"exactly enough", spend, {Spent(50'000)}, 0, "gold", 50'000},
      {"one too few", spend, {Spent(49'999)}, 0, "bronze", 49'999},
      {"with one that was bought here", spend, {Spent(49'999)}, 1, "gold", 49'999},
      {"another currency", spend, {Spent(50'000, "KRW")}, 0, "bronze", 0},
      {"something else", spend, {Bought(50'000)}, 0, "bronze", 0},
      {"not of a lifetime", SpendOf(50'000), {Spent(50'000)}, 0, "bronze", 0},
      {"purchases", Ever(BuysOf(3)), {Bought(2)}, 100, "gold", 2},
      {"purchases are no visits", visits, {Bought(10)}, 0, "bronze", 0},
      {"visits", visits, {{Indicator::kVisits, "", 9}}, 100, "gold", 9},
      {"activities", reviews, {{Indicator::kActivities, "review", 20}}, 0, "gold", 20},
      {"another kind", reviews, {{Indicator::kActivities, "visit", 20}}, 0, "bronze", 0},
      {"points", points, {{Indicator::kQualifyingPoints, "points", 499}}, 100, "gold", 499},
      {"several at once", spend, {Bought(7), Spent(50'000)}, 0, "gold", 50'000},
  };
  for (const auto& row : rows) {
    Climber member(CafeProgram(LifetimeLadder({row.gold})));
    ASSERT_TRUE(member.Import("old till", "2025-12-31", row.brought, "2026-01-15 12:00:00").ok());
    if (row.bought > 0) member.Spend(row.bought, "2026-01-16 12:00:00");
    const TierStatus status = member.Status("2026-01-17 12:00:00");
    EXPECT_EQ(status.tier.id, row.tier) << row.what;
    const bool is_gold = status.tier.id == std::string("gold");
    if (is_gold) {
      EXPECT_EQ(status.criteria[0].imported, row.imported) << row.what;
    }
    const int64_t counted = ImportedOf(row.gold, member.state().member.histories,
                                       NumberOf(absl::CivilDay(2026, 1, 17)));
    EXPECT_EQ(row.gold.lifetime ? counted : 0, row.imported) << row.what;
  }
}

TEST(LifetimeTest, FromTheDayOnThatItCovers) {
  Climber member(CafeProgram(LifetimeLadder()));
  member.Spend(100, "2026-01-15 12:00:00");
  ASSERT_TRUE(member.Import("old till", "2026-02-10", {Spent(49'900)}, "2026-03-01 12:00:00").ok());
  EXPECT_EQ(member.History("2026-03-01 12:00:00"), "2026-02-10 gold REACHED; ");
  EXPECT_EQ(member.TierAt("2026-02-09 23:59:59"), "bronze");
  EXPECT_EQ(member.TierAt("2026-02-10 00:00:00"), "gold");
}

// Whether the till or the shop is faster.
TEST(LifetimeTest, InWhateverOrderItBecomesKnown) {
  Climber brought_first(CafeProgram(LifetimeLadder()));
  ASSERT_TRUE(
      brought_first.Import("till", "2026-01-31", {Spent(45'000)}, "2026-02-01 12:00:00").ok());
  brought_first.Spend(5'000, "2026-01-20 12:00:00", "2026-02-02 12:00:00");
  Climber bought_first(CafeProgram(LifetimeLadder()));
  bought_first.Spend(5'000, "2026-01-20 12:00:00", "2026-02-02 12:00:00");
  ASSERT_TRUE(
      bought_first.Import("till", "2026-01-31", {Spent(45'000)}, "2026-02-03 12:00:00").ok());
  EXPECT_EQ(brought_first.History("2026-02-03 12:00:00"), "2026-01-31 gold REACHED; ");
  EXPECT_EQ(bought_first.History("2026-02-03 12:00:00"), "2026-01-31 gold REACHED; ");
}

TEST(LifetimeTest, TheSameSourceAgainReplacesWhatItSaid) {
  Climber member(CafeProgram(LifetimeLadder()));
  ASSERT_TRUE(member.Import("till", "2025-12-31", {Spent(50'000)}, "2026-01-15 12:00:00").ok());
  ASSERT_TRUE(member.Import("app", "2025-12-31", {Spent(20'000)}, "2026-01-16 12:00:00").ok());
  EXPECT_EQ(member.TierAt("2026-01-16 12:00:00"), "gold");
  // It was a mistake: it never was gold.
  ASSERT_TRUE(
      member.Import("till", "2025-11-30", {Spent(10'000), Bought(3)}, "2026-01-17 12:00:00").ok());
  EXPECT_EQ(member.History("2026-01-17 12:00:00"), "");
  EXPECT_EQ(member.Status("2026-01-17 12:00:00").next_criteria[0].imported, 0) << "silver";
  EXPECT_THAT(ImportsOf(member.state().member), SizeIs(2));
  member.Spend(20'000, "2026-01-18 12:00:00");
  EXPECT_EQ(member.TierAt("2026-01-18 12:00:00"), "gold") << "10 and 20 were brought";
  // An amount of 0 is none, and a source without any is no more.
  ASSERT_TRUE(
      member.Import("app", "2025-12-31", {Spent(0), Bought(1)}, "2026-01-19 12:00:00").ok());
  EXPECT_EQ(member.TierAt("2026-01-19 12:00:00"), "silver");
  EXPECT_EQ(ImportsOf(member.state().member)[0].import.sums, std::vector{Bought(1)});
  ASSERT_TRUE(member.Import("app", "2025-12-31", {Bought(0)}, "2026-01-20 12:00:00").ok());
  ASSERT_TRUE(member.Import("till", "2025-12-31", {}, "2026-01-20 12:00:00").ok());
  EXPECT_THAT(ImportsOf(member.state().member), IsEmpty());
}

TEST(LifetimeTest, NothingIsLeftOfWhoBroughtNothing) {
  Climber member(CafeProgram(LifetimeLadder()));
  ASSERT_TRUE(member.Import("till", "2025-12-31", {Spent(50'000)}, "2026-01-15 12:00:00").ok());
  ASSERT_TRUE(member.Import("till", "2025-12-31", {}, "2026-01-16 12:00:00").ok());
  EXPECT_THAT(member.state().member.histories, IsEmpty());
  EXPECT_THAT(member.state().member.ladders, IsEmpty());
}

// What is long past cannot be judged day by day any more; it counts as soon as that can be.
TEST(LifetimeTest, WhatIsLongPastCountsAtOnce) {
  Climber member(CafeProgram(LifetimeLadder()));
  ASSERT_TRUE(member.Import("till", "1999-12-31", {Spent(50'000)}, "2026-01-15 12:00:00").ok());
  EXPECT_EQ(member.TierAt("2026-01-15 12:00:00"), "gold");
  const std::string history = member.History("2026-01-15 12:00:00");
  EXPECT_EQ(history, "2023-12-22 gold REACHED; ") << "1,127 days, less the window";
  // Later judgements leave it where it is.
  member.Spend(100, "2026-03-15 12:00:00");
  member.Spend(100, "2024-02-15 12:00:00", "2026-03-16 12:00:00");
  EXPECT_EQ(member.History("2026-03-16 12:00:00"), history);
}

// Of a ladder that keeps until a review what it gave, days before a late return are settled.
TEST(LifetimeTest, WhatLiesBeforeASettledDayCountsFromThatDayOn) {
  Ladder ladder = LifetimeLadder();
  ladder.qualification.months = 1;
  ladder.late_returns = LateReturns::kKeepUntilReview;
  Climber member(CafeProgram(ladder));
  const std::string bought = member.Spend(10'000, "2026-01-15 12:00:00").purchase_id;
  ASSERT_TRUE(member.GiveBack(bought, 10'000, "2026-03-01 12:00:00").ok());
  ASSERT_TRUE(member.Import("till", "2025-12-31", {Spent(50'000)}, "2026-03-02 12:00:00").ok());
  EXPECT_EQ(member.History("2026-03-02 12:00:00"),
            "2026-01-15 silver REACHED; 2026-03-01 gold REACHED; ");
}

TEST(LifetimeTest, ATierForALifetimeIsKeptByWhatWasBrought) {
  Ladder ladder = LifetimeLadder();
  ladder.validity.policy = Validity::Policy::kAfter;
  ladder.validity.months = 12;
  Climber member(CafeProgram(ladder));
  ASSERT_TRUE(member.Import("till", "2025-12-31", {Spent(50'000)}, "2026-01-15 12:00:00").ok());
  EXPECT_EQ(member.Status("2026-06-01 12:00:00").review.tier.id, "gold");
  EXPECT_EQ(member.Status("2026-06-01 12:00:00").review.criteria[0].imported, 50'000);
  EXPECT_EQ(member.History("2027-01-15 12:00:00"),
            "2025-12-31 gold REACHED until 2026-12-31; 2027-01-01 gold KEPT until 2027-12-31; ");
}

TEST(LifetimeTest, AGiftFollowsTheTier) {
  Ladder ladder = LifetimeLadder();
  ladder.tiers[2].gift = EntryGift{0, 700};
  Climber member(CafeProgram(ladder));
  ASSERT_TRUE(member.Import("till", "2025-12-31", {Spent(50'000)}, "2026-01-15 12:00:00").ok());
  EXPECT_EQ(member.Balance(), "0/700");
  // The same again gives nothing.
  ASSERT_TRUE(member.Import("till", "2025-12-31", {Spent(60'000)}, "2026-01-15 13:00:00").ok());
  EXPECT_EQ(member.Balance(), "0/700");
  ASSERT_TRUE(member.Import("till", "2025-12-31", {}, "2026-01-16 12:00:00").ok());
  EXPECT_EQ(member.Balance(), "0/0");
}

class TwoLifetimesTest : public ::testing::Test {
 protected:
  void Merge(const char* at) {
    MergeMembers merge;
    merge.member = one_.Me();
    merge.into = two_.Me();
    merge.merge_id = "m";
    ASSERT_TRUE(one_.DoWith(two_, merge, Utc(at)).ok());
  }

  void Part(const char* at) {
    UnmergeMember unmerge;
    unmerge.member = one_.Me();
    unmerge.unmerge_id = "u";
    ASSERT_TRUE(two_.DoWith(one_, unmerge, Utc(at)).ok());
  }

  const Program program_ = CafeProgram(LifetimeLadder());
  Climber one_{program_, 1};
  Climber two_{program_, 2};
};

TEST_F(TwoLifetimesTest, WhoAreMergedHaveTheSumAndPartWithTheirOwn) {
  ASSERT_TRUE(one_.Import("till", "2025-12-31", {Spent(20'000)}, "2026-01-15 12:00:00").ok());
  ASSERT_TRUE(two_.Import("till", "2025-11-30", {Spent(30'000)}, "2026-01-15 12:00:00").ok());
  Merge("2026-02-01 12:00:00");
  EXPECT_EQ(two_.History("2026-02-01 12:00:00"), "2025-12-31 gold REACHED; ");
  const std::vector<ImportOf> imports = ImportsOf(two_.state().member);
  ASSERT_THAT(imports, SizeIs(2));
  EXPECT_EQ(imports[0].person, MemberId());
  EXPECT_EQ(imports[1].person, one_.state().member.id);
  Part("2026-02-02 12:00:00");
  EXPECT_EQ(one_.TierAt("2026-02-02 12:00:00"), "bronze");
  EXPECT_EQ(two_.TierAt("2026-02-02 12:00:00"), "bronze");
  EXPECT_EQ(ImportsOf(one_.state().member)[0].import.sums, std::vector{Spent(20'000)});
}

// What somebody is found to have brought goes with them, though they were merged when it came.
TEST_F(TwoLifetimesTest, WhoIsMergedAndNamedByTheirIdBringsTheirOwn) {
  ASSERT_TRUE(one_.Import("till", "2025-12-31", {Spent(90'000)}, "2026-01-15 12:00:00").ok());
  Merge("2026-02-01 12:00:00");
  ImportLifetimeSums import;
  import.member.id = one_.state().member.id;
  import.request_id = "i";
  import.source = "till";
  import.day = NumberOf(absl::CivilDay(2025, 12, 31));
  import.sums = {Spent(40'000)};
  ASSERT_TRUE(two_.Do(import, Utc("2026-02-02 12:00:00")).ok());
  ASSERT_TRUE(two_.Import("till", "2025-12-31", {Spent(10'000)}, "2026-02-02 13:00:00").ok());
  EXPECT_EQ(two_.TierAt("2026-02-02 13:00:00"), "gold") << "of both together";
  Part("2026-02-03 12:00:00");
  EXPECT_EQ(ImportsOf(one_.state().member)[0].import.sums, std::vector{Spent(40'000)});
  EXPECT_EQ(ImportsOf(two_.state().member)[0].import.sums, std::vector{Spent(10'000)});
}

TEST(LifetimeTest, WhatCannotBeIsRefusedFieldByField) {
  Climber member(CafeProgram(LifetimeLadder()));
  const absl::Status unknown = member.Import("till", "2026-01-16",
                                             {Spent(1),
                                              Spent(1, "USD"),
                                              {Indicator::kQualifyingPoints, "miles", 1},
                                              {Indicator::kActivities, "dance", 1},
                                              Bought(1)},
                                             "2026-01-15 12:00:00");
  EXPECT_EQ(unknown.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(unknown),
              ElementsAre("day", "sums[1].counted.net_spend", "sums[2].counted.qualifying_points",
                          "sums[3].counted.activities"));
  EXPECT_EQ(ReasonOf(member.Import("till", "2026-01-16", {}, "2026-01-15 23:59:59")),
            "TIME_IN_FUTURE");
  EXPECT_EQ(ReasonOf(member.Import("till", "2026-01-15", {Spent(1, "USD")}, "2026-01-15 00:00:00")),
            "INDICATOR_NOT_DECLARED");
  ChangeStatus close;
  close.member = member.Me();
  close.status = MemberStatus::kClosed;
  ASSERT_TRUE(member.Do(close, Utc("2026-01-15 12:00:00")).ok());
  EXPECT_EQ(ReasonOf(member.Import("till", "2025-12-31", {}, "2026-01-15 12:00:00")),
            "MEMBER_CLOSED");
}

TEST(LifetimeTest, SoManySourcesAndNoMore) {
  Climber member(CafeProgram(LifetimeLadder()));
  for (size_t i = 0; i < limits::kMaxLifetimeSources; ++i) {
    ASSERT_TRUE(
        member.Import(absl::StrCat("s", i), "2025-12-31", {Spent(1)}, "2026-01-15 12:00:00").ok());
  }
  EXPECT_EQ(ReasonOf(member.Import("more", "2025-12-31", {Spent(1)}, "2026-01-15 12:00:00")),
            "TOO_MANY_SOURCES");
  // Those that are there can still be put right.
  EXPECT_TRUE(member.Import("s3", "2025-12-31", {Spent(2)}, "2026-01-15 12:00:00").ok());
  EXPECT_TRUE(member.Import("s3", "2025-12-31", {}, "2026-01-15 12:00:00").ok());
  EXPECT_TRUE(member.Import("more", "2025-12-31", {Spent(1)}, "2026-01-15 12:00:00").ok());
}

// However much comes together, it stays a number.
TEST(LifetimeTest, SumsDoNotRunOver) {
  std::vector<History> histories(10'000);
  for (History& history : histories) {
    history.imports = {{"i", "till", 0, {Spent(limits::kMaxLifetimeSum)}, "desk"}};
  }
  EXPECT_EQ(ImportedOf(SpendOf(1), histories, 0), limits::kMaxBalance);
  EXPECT_EQ(ImportedOf(SpendOf(1), histories, -1), 0);
}

}  // namespace
}  // namespace dangol::domain
