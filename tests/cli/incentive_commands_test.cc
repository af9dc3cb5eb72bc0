// dangolctl incentive: how far members are, and what they were given.

#include <gmock/gmock.h>

#include <string>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Not;

v1::IncentiveProgress Card() {
  v1::IncentiveProgress card;
  card.set_incentive_id("card");
  card.set_name("Coffee card");
  card.set_kind("punch_card");
  card.set_have(2);
  card.set_need(10);
  card.set_until("2026-03-31");
  card.set_wallet("points");
  card.set_points(1'500);
  return card;
}

TEST_F(AppTest, ShowsHowFarAMemberIs) {
  v1::ListProgressRequest sent;
  v1::ListProgressResponse progress;
  *progress.add_incentives() = Card();
  v1::IncentiveProgress& doubled = *progress.add_incentives();
  doubled.set_incentive_id("double");
  doubled.set_kind("birthday");
  doubled.set_until("2026-05-01");
  doubled.set_wallet("points");
  doubled.set_boost_percent(100);
  doubled.add_obstacles(v1::INCENTIVE_OBSTACLE_NOT_IN_TIER);
  progress.add_last_purchase(v1::PURCHASE_MISS_COUNTS);
  progress.add_last_purchase(v1::PURCHASE_MISS_NO_PURCHASES);
  EXPECT_CALL(*server_, ListProgress(_)).WillRepeatedly(Answer(sent, progress));
  const Outcome outcome = Dangolctl({"incentive", "progress", "card:4005"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "4005");
  EXPECT_THAT(outcome.out, HasSubstr("2 of 10 stamps, until 2026-03-31"));
  EXPECT_THAT(outcome.out, HasSubstr("1,500 points"));
  EXPECT_THAT(outcome.out, HasSubstr("on 2026-05-01"));
  EXPECT_THAT(outcome.out, HasSubstr("100 % more points"));
  EXPECT_THAT(outcome.out, HasSubstr("double gives nothing now: not in tier\n"));
  EXPECT_THAT(outcome.out, HasSubstr("The last purchase does not count for double: no purchases"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, ShowsWhatAMemberWasGiven) {
  v1::ListAwardsRequest sent;
  v1::ListAwardsResponse awards;
  v1::Award& award = *awards.add_awards();
  award.set_cause("incentive:card");
  award.set_day("2026-03-01");
  award.set_wallet("points");
  award.set_points(1'500);
  award.set_fallen(true);
  EXPECT_CALL(*server_, ListAwards(_)).WillRepeatedly(Answer(sent, awards));
  const Outcome outcome = Dangolctl({"incentive", "awards", "card:4005"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("incentive:card"));
  EXPECT_THAT(outcome.out, HasSubstr("fallen"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, ExplainsAnIncentiveDayByDay) {
  v1::ExplainIncentiveRequest sent;
  v1::ExplainIncentiveResponse told;
  *told.mutable_progress() = Card();
  v1::IncentiveStep& full = *told.add_steps();
  full.set_day("2026-03-01");
  full.set_brought(3);
  full.set_awards(1);
  full.set_points(1'500);
  full.set_have(2);
  full.set_need(10);
  told.add_steps()->set_day("2026-03-02");
  told.set_earlier_steps(4);
  EXPECT_CALL(*server_, ExplainIncentive(_)).WillRepeatedly(Answer(sent, told));
  const Outcome outcome = Dangolctl({"incentive", "explain", "card:4005", "card", "--days", "2"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.incentive_id(), "card");
  EXPECT_EQ(sent.max_days(), 2);
  EXPECT_THAT(outcome.out, HasSubstr("1 x 1,500"));
  EXPECT_THAT(outcome.out, HasSubstr("2 of 10"));
  EXPECT_THAT(outcome.out, HasSubstr("does not count"));
  EXPECT_THAT(outcome.out, HasSubstr("4 earlier days are left out"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, ShowsOffersForAnybody) {
  v1::ListOffersRequest sent;
  v1::ListOffersResponse offers;
  v1::IncentiveOffer& offer = *offers.add_offers();
  offer.set_incentive_id("card");
  offer.set_kind("punch_card");
  offer.set_wallet("points");
  offer.set_points(1'500);
  offer.set_budget_left(0);
  offer.add_obstacles(v1::INCENTIVE_OBSTACLE_BUDGET);
  EXPECT_CALL(*server_, ListOffers(_)).WillRepeatedly(Answer(sent, offers));
  const Outcome outcome = Dangolctl({"incentive", "list"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_FALSE(sent.has_member());
  EXPECT_THAT(outcome.out, HasSubstr("punch card"));
  EXPECT_THAT(outcome.out, HasSubstr("budget"));
}

TEST_F(AppTest, APurchaseTellsWhatItGaveAndHowFarItIs) {
  v1::RecordPurchaseRequest sent;
  v1::RecordPurchaseResponse response;
  v1::PurchaseOutcome& outcome = *response.mutable_outcome();
  outcome.set_purchase_id("p-1");
  *outcome.add_incentives() = Card();
  v1::Award& award = *outcome.add_awards();
  award.set_cause("incentive:again");
  award.set_day("2026-03-01");
  award.set_wallet("points");
  award.set_points(300);
  EXPECT_CALL(*server_, RecordPurchase(_)).WillRepeatedly(Answer(sent, response));
  const Outcome told = Dangolctl({"purchase", "record", "--id", "p-1", "--member", "card:4005",
                                  "--currency", "KRW", "--line", "name=latte,qty=1,amount=5000"});
  ASSERT_EQ(told.code, ExitCode::kOk) << told.error;
  EXPECT_THAT(told.out, HasSubstr("Coffee card: 2 of 10 stamps, until 2026-03-31; 8 more for "
                                  "1,500 points"));
  EXPECT_THAT(told.out, HasSubstr("awarded: 300 points (incentive:again, of 2026-03-01)"));
  EXPECT_THAT(told.out, Not(HasSubstr("taken back")));
}

TEST_F(AppTest, SimulatesAProgram) {
  v1::SimulateProgramRequest sent;
  v1::SimulateProgramResponse page;
  page.set_members(3);
  page.set_commands(40);
  page.set_refused(1);
  v1::SimulatedPoints& given = *page.add_given();
  given.set_rule_id("incentive:card");
  given.set_wallet("points");
  given.set_points_now(1'000);
  given.set_points_then(3'500);
  v1::SimulatedLiability& liability = *page.add_liabilities();
  liability.set_wallet("points");
  liability.set_points_now(10'000);
  liability.set_points_then(9'000);
  EXPECT_CALL(*server_, SimulateProgram(_)).WillRepeatedly(Answer(sent, page));
  const std::string file = WriteFile("program.txtpb", "name: \"x\" return_window_days: 1");
  const Outcome outcome =
      Dangolctl({"program", "simulate", file, "--from", "2026-01-01T00:00:00Z"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("3 members, 40 requests, of which 1 would be refused"));
  EXPECT_THAT(outcome.out, HasSubstr("+2,500"));
  EXPECT_THAT(outcome.out, HasSubstr("then 9,000 (-1,000)"));
  const Outcome swept = Dangolctl({"program", "simulate", file, "--from", "2026-01-01T00:00:00Z",
                                   "--sweep", "return_window_days=30,90"});
  ASSERT_EQ(swept.code, ExitCode::kOk) << swept.error;
  EXPECT_THAT(sent.program_text(), HasSubstr("return_window_days: 90"));
  EXPECT_THAT(swept.out, HasSubstr("30"));
}

}  // namespace
}  // namespace dangol::cli
