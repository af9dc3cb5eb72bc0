#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "server/common/error.h"
#include "server/domain/activity/activity_fact.h"
#include "server/domain/activity/record_activity.h"
#include "tests/domain/scenario.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::SimpleProgram;
using ::dangol::testing::Utc;

const absl::Time kNoon = Utc("2026-01-15 12:00:00");

Program CafeProgram() {
  Program program = SimpleProgram();
  program.activities = {{"review", 2}, {"visit", 1}, {"login", 0}, {"message_opened", 5, true}};
  return program;
}

ProgramVersion VersionOf(int64_t number, absl::Time effective_from, int64_t cap) {
  Program program = SimpleProgram();
  if (cap >= 0) program.activities = {{"review", cap}};
  ProgramVersion version;
  version.version = number;
  version.effective_from = effective_from;
  version.program = std::make_shared<const Program>(std::move(program));
  return version;
}

class ActivityTest : public ::testing::Test {
 protected:
  absl::StatusOr<ActivityOutcome> Act(const std::string& id, const std::string& kind,
                                      absl::Time occurred_at, absl::Time now,
                                      bool rewarded = false) {
    RecordActivity record;
    record.member = mina_.Me();
    record.activity.activity_id = id;
    record.activity.kind = kind;
    record.activity.rewarded = rewarded;
    record.occurred_at = occurred_at;
    return Told(mina_.Do(std::move(record), now));
  }

  absl::StatusOr<ActivityOutcome> Undo(const std::string& id, absl::Time now) {
    UndoActivity undo;
    undo.member = mina_.Me();
    undo.activity_id = id;
    return Told(mina_.Do(std::move(undo), now));
  }

  ActivityCount Counted(const std::string& kind) {
    return CountedOf(mina_.state().member.histories, kind, {0, 1'000'000}, mina_.catalog());
  }

  static absl::StatusOr<ActivityOutcome> Told(absl::StatusOr<Outcome> outcome) {
    if (!outcome.ok()) return outcome.status();
    return std::get<ActivityOutcome>(*std::move(outcome));
  }

  Scenario mina_{CafeProgram()};
};

TEST_F(ActivityTest, TheThirdReviewOfADayIsRecordedAndCountsForNothing) {
  EXPECT_EQ(Act("r-1", "review", kNoon, kNoon)->counting, Counting::kCounted);
  EXPECT_EQ(Act("r-2", "review", kNoon, kNoon)->counting, Counting::kCounted);
  const auto third = Act("r-3", "review", kNoon, kNoon);
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(third->counting, Counting::kOverDailyCap);
  EXPECT_EQ(third->daily_cap, 2);
  EXPECT_EQ(third->recorded, (ActivityCount{3, 0}));
  EXPECT_EQ(third->counted, (ActivityCount{2, 0}));
  const absl::Time next_day = kNoon + absl::Hours(24);
  EXPECT_EQ(Act("r-4", "review", next_day, next_day)->counting, Counting::kCounted);
  EXPECT_EQ(Counted("review"), (ActivityCount{3, 0}));
}

TEST_F(ActivityTest, WhatComesLateCountsOnItsOwnDay) {
  const absl::Time later = kNoon + absl::Hours(24 * 10);
  EXPECT_EQ(Act("v-1", "visit", later, later)->counting, Counting::kCounted);
  EXPECT_EQ(Act("v-2", "visit", kNoon, later)->counting, Counting::kCounted);
  EXPECT_EQ(Act("v-3", "visit", kNoon + absl::Hours(1), later)->counting, Counting::kOverDailyCap);
  EXPECT_EQ(Counted("visit"), (ActivityCount{2, 0}));
}

TEST_F(ActivityTest, AnotherOfTheDayCountsWhenOneIsUndone) {
  for (const char* id : {"r-1", "r-2", "r-3"}) ASSERT_TRUE(Act(id, "review", kNoon, kNoon).ok());
  const auto undone = Undo("r-1", kNoon + absl::Hours(48));
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->counting, Counting::kUndone);
  EXPECT_EQ(undone->activity.undone_at, kNoon + absl::Hours(48));
  EXPECT_EQ(undone->counted, (ActivityCount{2, 0}));
  EXPECT_EQ(DetailsOf(Undo("r-1", kNoon + absl::Hours(49)).status()).reason, "ACTIVITY_NOT_FOUND");
  ASSERT_TRUE(Undo("r-2", kNoon + absl::Hours(48)).ok());
  ASSERT_TRUE(Undo("r-3", kNoon + absl::Hours(48)).ok());
  EXPECT_TRUE(mina_.state().member.histories.empty());
}

// Whoever is paid takes nobody's place who is not.
TEST_F(ActivityTest, SpontaneousOnesCountBeforeThoseThatWerePaidFor) {
  ASSERT_TRUE(Act("r-1", "review", kNoon, kNoon, /*rewarded=*/true).ok());
  ASSERT_TRUE(Act("r-2", "review", kNoon, kNoon, /*rewarded=*/true).ok());
  EXPECT_EQ(Counted("review"), (ActivityCount{0, 2}));
  EXPECT_EQ(Act("r-3", "review", kNoon, kNoon)->counting, Counting::kCounted);
  EXPECT_EQ(Counted("review"), (ActivityCount{1, 1}));
  EXPECT_EQ(Act("r-4", "review", kNoon, kNoon, true)->counting, Counting::kOverDailyCap);
}

TEST_F(ActivityTest, WithoutACapAllCount) {
  for (int i = 0; i < 50; ++i) {
    const auto told = Act(absl::StrCat("l-", i), "login", kNoon, kNoon);
    ASSERT_EQ(told->counting, Counting::kCounted);
    ASSERT_EQ(told->daily_cap, 0);
  }
  EXPECT_EQ(Counted("login"), (ActivityCount{50, 0}));
}

TEST_F(ActivityTest, ASuspendedMemberCountsForNothing) {
  mina_.state().member.status = MemberStatus::kSuspended;
  EXPECT_EQ(Act("r-1", "review", kNoon, kNoon)->counting, Counting::kSuspended);
  EXPECT_EQ(mina_.state().member.last_activity_at, std::nullopt);
  mina_.state().member.status = MemberStatus::kActive;
  EXPECT_EQ(Counted("review"), (ActivityCount{0, 0}));
  // To undo it changes nothing, however it is with them by then.
  ASSERT_TRUE(Undo("r-1", kNoon).ok());
  EXPECT_TRUE(mina_.state().member.histories.empty());
}

TEST_F(ActivityTest, KeepsPointsAliveUnlessItsKindDoesNot) {
  ASSERT_TRUE(Act("m-1", "message_opened", kNoon, kNoon).ok());
  EXPECT_EQ(mina_.state().member.last_activity_at, std::nullopt);
  ASSERT_TRUE(Act("r-1", "review", kNoon, kNoon).ok());
  EXPECT_EQ(mina_.state().member.last_activity_at, kNoon);
  ASSERT_TRUE(Act("r-2", "review", kNoon - absl::Hours(48), kNoon).ok());
  EXPECT_EQ(mina_.state().member.last_activity_at, kNoon);
}

TEST_F(ActivityTest, RefusesWhatCannotBe) {
  EXPECT_EQ(DetailsOf(Act("a", "dance", kNoon, kNoon).status()).reason, "ACTIVITY_NOT_DECLARED");
  EXPECT_EQ(DetailsOf(Act("a", "review", kNoon + absl::Hours(1), kNoon).status()).reason,
            "TIME_IN_FUTURE");
  EXPECT_EQ(DetailsOf(Undo("nowhere", kNoon).status()).reason, "ACTIVITY_NOT_FOUND");
  mina_.state().member.status = MemberStatus::kClosed;
  EXPECT_EQ(DetailsOf(Act("a", "review", kNoon, kNoon).status()).reason, "MEMBER_CLOSED");
}

// Nothing that counted in the morning stops to when the program changes at noon.
TEST(DailyCapTest, IsTheLargestThatWasInForceOnTheDay) {
  const absl::Time midnight = Utc("2026-01-16 00:00:00");
  ProgramCatalog catalog;
  catalog.Add(VersionOf(1, absl::InfinitePast(), 3));
  catalog.Add(VersionOf(2, kNoon, 1));
  catalog.Add(VersionOf(3, midnight, -1));
  catalog.Add(VersionOf(4, midnight + absl::Hours(30), 7));
  catalog.Add(VersionOf(5, midnight + absl::Hours(24 * 20), 0));
  const DayNumber day = NumberOf(absl::CivilDay(2026, 1, 15));
  EXPECT_EQ(DailyCapOf("review", day - 1, catalog), 3);
  EXPECT_EQ(DailyCapOf("review", day, catalog), 3);
  EXPECT_EQ(DailyCapOf("review", day + 2, catalog), 7);
  EXPECT_EQ(DailyCapOf("review", day + 5, catalog), 7);
  EXPECT_EQ(DailyCapOf("review", day + 25, catalog), 0);
}

}  // namespace
}  // namespace dangol::domain
