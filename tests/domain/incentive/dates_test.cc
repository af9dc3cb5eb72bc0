// Welcome, anniversaries and birthdays: due by the calendar, granted by the scheduler's command.

#include "server/domain/incentive/dates.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/domain/incentive/shopper.h"

namespace dangol::domain {
namespace {

using ::dangol::testing::Utc;

// Enrolled at a time, as a store has them then.
class Dated : public Shopper {
 public:
  Dated(Incentive incentive, const std::string& enrolled, const std::string& birthday = "",
        const std::string& recorded = "")
      : Shopper(ProgramWith({std::move(incentive)})) {
    EnrollMember enroll;
    enroll.member_id = state().member.id;
    enroll.enrolled_at = TimeOf(enrolled);
    if (!birthday.empty()) enroll.attributes = {{"birthday", birthday}};
    EXPECT_TRUE(Do(enroll, TimeOf(recorded.empty() ? enrolled : recorded)).ok());
  }

  // What the scheduler does then.
  void Grant(const std::string& at) { ASSERT_TRUE(Do(AdvanceMember{Me()}, TimeOf(at)).ok()); }

  void SetBirthday(const std::string& birthday, const std::string& at) {
    UpdateMember update;
    update.member = Me();
    update.set = {{"birthday", birthday}};
    ASSERT_TRUE(Do(update, TimeOf(at)).ok());
  }
};

Incentive OnBirthdays(LeapDay leap_day = LeapDay::kDayBefore) {
  return IncentiveOf(Birthday{"birthday", leap_day});
}

TEST(DatesTest, WelcomeIsGivenOnceAndAtOnce) {
  Dated member(IncentiveOf(Welcome()), "2026-01-15");
  EXPECT_LE(member.state().member.next_due_at, TimeOf("2026-01-15"));
  EXPECT_EQ(member.Balance(), "0/0");  // Nobody but the scheduler gives it.
  member.Shop({"2026-01-15 12:00:01"});
  EXPECT_EQ(member.Balance(), "0/0");
  member.Grant("2026-01-15 12:00:02");
  member.Grant("2026-01-15 12:00:03");
  EXPECT_EQ(member.Awards(), "2026-01-15");
  EXPECT_EQ(member.state().member.next_due_at, absl::InfiniteFuture());
}

// An import of members of twenty years pays nobody twenty times.
TEST(DatesTest, WhoIsBroughtAlongHadTheirDatesElsewhere) {
  Dated welcomed(IncentiveOf(Welcome()), "2006-01-15", "", "2026-01-15");
  welcomed.Grant("2026-01-15 13:00:00");
  EXPECT_EQ(welcomed.Awards(), "");
  Dated member(IncentiveOf(Anniversary()), "2006-03-01", "", "2026-01-15");
  member.Grant("2026-01-15 13:00:00");
  EXPECT_EQ(member.Awards(), "");
  EXPECT_EQ(member.state().member.next_due_at, Utc("2026-03-01 00:00:00"));
  member.Grant("2026-03-01 00:00:00");
  EXPECT_EQ(member.Awards(), "2026-03-01");
}

TEST(DatesTest, AnAnniversaryOfALeapDayNeverDrifts) {
  for (const LeapDay leap_day : {LeapDay::kDayBefore, LeapDay::kNextDay}) {
    Dated member(IncentiveOf(Anniversary{leap_day}), "2024-02-29");
    for (int year = 2025; year <= 2029; ++year) {
      member.Grant(absl::StrCat(year, "-02-28"));
      member.Grant(absl::StrCat(year, "-03-01"));
    }
    EXPECT_EQ(member.Awards(), leap_day == LeapDay::kDayBefore
                                   ? "2025-02-28 2026-02-28 2027-02-28 2028-02-29 2029-02-28"
                                   : "2025-03-01 2026-03-01 2027-03-01 2028-02-29 2029-03-01");
  }
}

TEST(DatesTest, ABirthdayNeedsNoYear) {
  for (const char* birthday : {"1990-03-31", "03-31"}) {
    Dated member(OnBirthdays(), "2026-01-15", birthday);
    member.Grant("2026-03-30");
    EXPECT_EQ(member.Awards(), "");
    member.Grant("2026-04-02");  // The scheduler was late.
    EXPECT_EQ(member.Awards(), "2026-03-31");
  }
}

// Once a year is once a year, whatever is edited.
TEST(DatesTest, ABirthdayThatIsEditedIsGivenOnceAYear) {
  Dated member(OnBirthdays(), "2026-01-15", "12-10");
  member.Grant("2026-12-10");
  member.SetBirthday("01-05", "2026-12-11");
  member.Grant("2027-01-05");
  EXPECT_EQ(member.Awards(), "2026-12-10");
  member.Grant("2028-01-05");
  EXPECT_EQ(member.Awards(), "2026-12-10 2028-01-05");
}

TEST(DatesTest, LunarDatesAreRefusedByName) {
  Dated member(OnBirthdays(), "2026-01-15");
  for (const char* wrong : {"lunar 1990-03-05", "1990-02-30", "31-03", "1990/03/31", "03-31x"}) {
    UpdateMember update;
    update.member = member.Me();
    update.set = {{"birthday", wrong}};
    const absl::Status refused = member.Do(update, TimeOf("2026-01-16")).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << wrong;
    EXPECT_NE(refused.message().find("attributes.birthday"), std::string::npos) << refused;
  }
}

TEST(DatesTest, WhoIsSuspendedOnTheDayHasNone) {
  Dated member(OnBirthdays(), "2026-01-15", "03-31");
  member.state().member.status = MemberStatus::kSuspended;
  member.Grant("2026-03-31");
  member.state().member.status = MemberStatus::kActive;
  member.Grant("2026-04-01");
  EXPECT_EQ(member.Awards(), "");
}

TEST(DatesTest, WhatCameRoundDuringASuspensionIsNotGivenLater) {
  Dated member(OnBirthdays(), "2026-01-15", "03-31");
  for (const auto& [status, at] : {std::pair(MemberStatus::kSuspended, "2026-02-01"),
                                   std::pair(MemberStatus::kActive, "2026-04-10")}) {
    ChangeStatus change;
    change.member = member.Me();
    change.status = status;
    ASSERT_TRUE(member.Do(change, TimeOf(at)).ok());
  }
  member.Grant("2026-04-10 13:00:00");
  EXPECT_EQ(member.Awards(), "");
  member.Grant("2027-03-31");
  EXPECT_EQ(member.Awards(), "2027-03-31");
}

TEST(DatesTest, ABirthdayThatBecomesKnownWasNotDueBefore) {
  Dated member(OnBirthdays(), "2026-01-15");
  member.SetBirthday("03-31", "2026-06-01");
  member.Grant("2026-06-02");
  EXPECT_EQ(member.Awards(), "");
  EXPECT_EQ(member.state().member.next_due_at, Utc("2027-03-31 00:00:00"));
}

TEST(DatesTest, ABudgetIsDrawnByTheCalendarToo) {
  Incentive birthday = OnBirthdays();
  birthday.budget = 1'500;
  Dated member(birthday, "2026-01-15", "03-31");
  member.Grant("2026-03-31");
  member.Grant("2027-03-31");
  EXPECT_EQ(member.Balance(), "0/1500");
}

TEST(DatesTest, WhatAVersionBringsBeginsWithIt) {
  Dated member(IncentiveOf(PunchCard{.places = 99}), "2024-01-15", "03-31");
  Program with = ProgramWith({OnBirthdays()});
  member.Activate(with, Utc("2026-03-01 00:00:00"));
  member.Grant("2026-03-02");
  EXPECT_EQ(member.Awards(), "");
  EXPECT_EQ(member.state().member.next_due_at, Utc("2026-03-31 00:00:00"));
  member.Grant("2026-03-31");
  EXPECT_EQ(member.Awards(), "2026-03-31");
}

}  // namespace
}  // namespace dangol::domain
