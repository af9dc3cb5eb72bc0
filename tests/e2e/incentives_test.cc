// What members are given for coming back, told through the API.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/incentives_fixture.h"

namespace dangol::e2e {
namespace {

TEST_F(IncentivesTest, ACardIsFilledToldAndGivenOnce) {
  StartWith(Incentive("card", "punch_card { places: 3 }"));
  EXPECT_EQ(Buy("p-1", 9).incentives(0).have(), 1);
  const v1::PurchaseOutcome second = Buy("p-2", 8);
  EXPECT_EQ(second.incentives(0).have(), 2);
  EXPECT_EQ(second.incentives(0).need(), 3);
  EXPECT_EQ(second.awards_size(), 0);
  const v1::PurchaseOutcome third = Buy("p-3", 7);
  EXPECT_EQ(third.incentives_size(), 0);  // A new card has begun.
  ASSERT_EQ(third.awards_size(), 1);
  EXPECT_EQ(third.awards(0).points(), 1'000);
  EXPECT_EQ(Stars(), 1'000);
  // It falls with a receipt, and stands again with the next one.
  BringBack("r-1", "p-2");
  EXPECT_EQ(Stars(), 0);
  Buy("p-4", 6);
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_THAT(Awards(), ::testing::ElementsAre(absl::StrCat(DayBefore(6), " incentive:card")));
  ExpectSoundBooks(MakeClient());
}

TEST_F(IncentivesTest, TheAwardThatWasSpentIsOwedAndStandsAgainWithoutADebt) {
  StartWith(Incentive("card", "punch_card { places: 2 }"));
  Buy("p-1", 9);
  Buy("p-2", 8);
  v1::RedeemPointsRequest redeem;
  redeem.set_request_id("spent");
  *redeem.mutable_member() = Card("4005");
  redeem.set_wallet("stars");
  redeem.set_points(1'000);
  ASSERT_TRUE(MakeClient().RedeemPoints(redeem).ok());
  BringBack("r-1", "p-1");
  EXPECT_EQ(Stars(), -1'000);
  EXPECT_THAT(Awards(), ::testing::ElementsAre(absl::StrCat(DayBefore(8), " incentive:card!")));
  Buy("p-3", 7);
  EXPECT_EQ(Stars(), 0);
  ExpectSoundBooks(MakeClient());
}

TEST_F(IncentivesTest, ALateReceiptMendsAStreakAndTakesAWinBackAway) {
  StartWith(absl::StrCat(Incentive("back", "win_back { days: 30 }"),
                         Incentive("soon", "return_within { days: 14 second_only: true }")));
  Buy("p-1", 100);
  Buy("p-2", 50);
  EXPECT_EQ(Stars(), 1'000);
  const v1::PurchaseOutcome late = Buy("p-3", 75);
  // Neither silence is as long, and it came too late for the other.
  EXPECT_EQ(Stars(), 0);
  ASSERT_EQ(late.awards_size(), 1);
  EXPECT_TRUE(late.awards(0).fallen());
  Buy("p-0", 105);
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_THAT(Awards(), ::testing::Contains(absl::StrCat(DayBefore(100), " incentive:soon")));
  ExpectSoundBooks(MakeClient());
}

TEST_F(IncentivesTest, TellsWhyTheLastPurchaseDidNotCount) {
  StartWith(absl::StrCat(
      Incentive("coffee", "punch_card { places: 3 }", "when { categories: \"coffee\" }"),
      Incentive("app", "streak { weeks {} length: 2 }", "when { channels: \"app\" }"),
      Incentive("spent", "spend_milestone { amount { currency: \"GBP\" minor: 5000 } }")));
  Buy("p-1", 0);
  const v1::ListProgressResponse progress = Progress();
  ASSERT_EQ(progress.incentives_size(), 3);
  EXPECT_EQ(progress.last_purchase_id(), "p-1");
  EXPECT_EQ(progress.last_purchase(0), v1::PURCHASE_MISS_GOODS);
  EXPECT_EQ(progress.last_purchase(1), v1::PURCHASE_MISS_CHANNEL);
  EXPECT_EQ(progress.last_purchase(2), v1::PURCHASE_MISS_COUNTS);
  EXPECT_EQ(progress.incentives(2).have(), 1'000);
  EXPECT_EQ(progress.incentives(2).need(), 5'000);
}

TEST_F(IncentivesTest, ExplainsDayByDayWhatItMadeOfWhatWasBought) {
  StartWith(
      absl::StrCat(Incentive("card", "punch_card { places: 2 }"),
                   Incentive("back", "win_back { days: 20 }", "when { categories: \"coffee\" }")));
  for (const int days : {9, 8, 7, 6}) Buy(absl::StrCat("p-", days), days);
  v1::ExplainIncentiveRequest request;
  *request.mutable_member() = Card("4005");
  request.set_incentive_id("card");
  request.set_max_days(3);
  const auto told = MakeClient().ExplainIncentive(request);
  ASSERT_TRUE(told.ok()) << told.status();
  ASSERT_EQ(told->steps_size(), 3);
  EXPECT_EQ(told->earlier_steps(), 1);
  EXPECT_EQ(told->steps(0).day(), DayBefore(8));
  EXPECT_EQ(told->steps(0).awards(), 1);
  EXPECT_EQ(told->steps(0).points(), 1'000);
  EXPECT_EQ(told->steps(1).have(), 1);
  EXPECT_EQ(told->steps(1).need(), 2);
  EXPECT_EQ(told->steps(2).awards(), 1);
  EXPECT_EQ(told->awards_size(), 2);
  // What does not count is told as well, since it ends a silence.
  request.set_incentive_id("back");
  const auto back = MakeClient().ExplainIncentive(request);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->steps(0).brought(), 0);
  request.set_incentive_id("bakc");
  EXPECT_EQ(ErrorReason(MakeClient().ExplainIncentive(request).status()), "INCENTIVE_NOT_FOUND");
}

TEST_F(IncentivesTest, ABudgetIsNeverExceededHoweverManyRace) {
  StartWith(Incentive("card", "punch_card { places: 1 }", "budget: 5500"));
  constexpr int kMembers = 12;
  for (int i = 0; i < kMembers; ++i) Enroll(absl::StrCat("c-", i));
  std::vector<std::thread> callers;
  for (int i = 0; i < kMembers; ++i) {
    callers.emplace_back([this, i] {
      const auto bought = MakeClient().RecordPurchase(
          PurchaseOf(absl::StrCat("p-", i), 0, 1'000, absl::StrCat("c-", i)));
      EXPECT_TRUE(bought.ok()) << bought.status();
    });
  }
  for (std::thread& caller : callers) caller.join();
  int64_t given = 0;
  for (int i = 0; i < kMembers; ++i) given += Stars(absl::StrCat("c-", i));
  EXPECT_EQ(given, 5'500);
  const auto offers = MakeClient().ListOffers(v1::ListOffersRequest());
  ASSERT_TRUE(offers.ok()) << offers.status();
  EXPECT_EQ(offers->offers(0).budget_left(), 0);
  EXPECT_EQ(offers->offers(0).obstacles(0), v1::INCENTIVE_OBSTACLE_BUDGET);
  ExpectSoundBooks(MakeClient());
}

// A merge by itself gives nothing, what it completes later is given, and nothing is taken by
// parting again.
TEST_F(IncentivesTest, TwoWhoAreOneFillOneCard) {
  StartWith(Incentive("card", "punch_card { places: 3 }"));
  Enroll("4006");
  Buy("p-1", 9);
  Buy("p-2", 8);
  Buy("p-3", 7, 1'000, "4006");
  v1::MergeMembersRequest merge;
  merge.set_request_id("m-1");
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  const auto merged = MakeClient().MergeMembers(merge);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(Stars(), 0);
  EXPECT_EQ(Progress().incentives(0).have(), 0);
  for (int i = 4; i <= 6; ++i) Buy(absl::StrCat("p-", i), 10 - i);
  EXPECT_EQ(Stars(), 1'000);
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_request_id("u-1");
  unmerge.set_merged_member_id(merged->merged_member_id());
  const auto parted = MakeClient().UnmergeMember(unmerge);
  ASSERT_TRUE(parted.ok()) << parted.status();
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_EQ(Progress("4006").incentives(0).have(), 1);
  ExpectSoundBooks(MakeClient());
}

// The server's scheduler gives what is due by the calendar, to members who were there before the
// program said so as well.
TEST_F(IncentivesTest, ABirthdayIsGrantedByTheScheduler) {
  const std::string file = File("program.txtpb");
  std::ofstream(file) << ProgramText("incentives", 10) << kStars
                      << Incentive("hello", "welcome {}");
  ASSERT_NO_FATAL_FAILURE(Start({"--program=" + file, "--test-clock=2026-01-15T12:00:00Z"}));
  v1::EnrollMemberRequest enroll;
  enroll.set_request_id("e-1");
  *enroll.add_aliases() = Card("4005").alias();
  (*enroll.mutable_attributes())["birthday"] = "03-31";
  ASSERT_TRUE(MakeClient().EnrollMember(enroll).ok());
  const auto advance = [&](const std::string& to) {
    v1::AdvanceClockRequest request;
    request.set_request_id(to);
    absl::Time time;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, to, &time, nullptr));
    *request.mutable_to() = ToTimestamp(time);
    const auto advanced = MakeClient().AdvanceClock(request);
    ASSERT_TRUE(advanced.ok()) << advanced.status();
  };
  advance("2026-01-16T12:00:00Z");
  EXPECT_EQ(Stars(), 1'000);
  const std::string with_birthdays =
      absl::StrCat(ProgramText("incentives", 10), kStars, Incentive("hello", "welcome {}"),
                   Incentive("party", "birthday { attribute: \"birthday\" }"));
  v1::ActivateProgramRequest activate;
  activate.set_request_id("version-2");
  activate.set_program_text(with_birthdays);
  ASSERT_TRUE(MakeClient().ActivateProgram(activate).ok());
  advance("2026-03-30T12:00:00Z");
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_EQ(Progress().incentives(1).until(), "2026-03-31");
  advance("2026-04-01T12:00:00Z");
  EXPECT_EQ(Stars(), 2'000);
  advance("2027-04-01T12:00:00Z");
  EXPECT_EQ(Stars(), 3'000);
  ExpectSoundBooks(MakeClient());
}

TEST_F(IncentivesTest, ActivitiesAreEngagement) {
  StartWith(absl::StrCat("activities { kind: \"review\" daily_cap: 1 }\n",
                         Incentive("critic", "engagement { activity: \"review\" times: 2 }")));
  const auto review = [&](const std::string& id, int days_ago) {
    v1::RecordActivityRequest request;
    v1::Activity& activity = *request.mutable_activity();
    activity.set_activity_id(id);
    *activity.mutable_member() = Card("4005");
    activity.set_kind("review");
    *activity.mutable_occurred_at() = ToTimestamp(absl::Now() - absl::Hours(24 * days_ago));
    const auto recorded = MakeClient().RecordActivity(request);
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  };
  review("a-1", 3);
  review("a-2", 3);
  EXPECT_EQ(Stars(), 0);
  review("a-3", 5);
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_THAT(Awards(), ::testing::ElementsAre(absl::StrCat(DayBefore(3), " incentive:critic")));
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
