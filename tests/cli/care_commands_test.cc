// dangolctl work, survey and what looks after advocates.

#include <gmock/gmock.h>

#include <string>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;

v1::WorkItem Hostile() {
  v1::WorkItem item;
  item.set_kind(v1::WORK_KIND_HOSTILE_ADVOCATE);
  item.set_item_id("1770000000");
  item.set_member_id("minji");
  item.set_department("community");
  item.mutable_due_at()->set_seconds(1'770'000'000);
  item.set_overdue(true);
  return item;
}

TEST_F(AppTest, ShowsWhatIsNextAndHowItIsDone) {
  v1::ListWorkItemsRequest sent;
  v1::ListWorkItemsResponse response;
  *response.add_items() = Hostile();
  EXPECT_CALL(*server_, ListWorkItems(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"work", "next", "--kind", "hostile-advocate"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.kind(), v1::WORK_KIND_HOSTILE_ADVOCATE);
  EXPECT_THAT(outcome.out, HasSubstr("dangolctl advocate referred minji"));
  EXPECT_THAT(outcome.out, HasSubstr("dangolctl work done minji hostile-advocate 1770000000"));
  EXPECT_EQ(Dangolctl({"work", "next", "--kind", "anything"}).code, ExitCode::kUsage);
}

TEST_F(AppTest, SaysThatNothingIsToBeDone) {
  v1::ListWorkItemsRequest sent;
  EXPECT_CALL(*server_, ListWorkItems(_)).WillRepeatedly(Answer(sent, v1::ListWorkItemsResponse()));
  EXPECT_THAT(Dangolctl({"work", "next"}).out, HasSubstr("nothing is to be done"));
  EXPECT_THAT(Dangolctl({"work", "watch", "--times", "1"}).out, HasSubstr("nothing is to be done"));
}

TEST_F(AppTest, ClosesAWorkItem) {
  v1::CompleteWorkItemRequest sent;
  v1::CompleteWorkItemResponse response;
  *response.mutable_item() = Hostile();
  EXPECT_CALL(*server_, CompleteWorkItem(_)).WillOnce(Answer(sent, response));
  const Outcome outcome = Dangolctl({"work", "done", "card:4005", "hostile-advocate", "1770000000",
                                     "--note", "called them", "--request-id", "d-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.request_id(), "d-1");
  EXPECT_EQ(sent.member().alias().value(), "4005");
  EXPECT_EQ(sent.kind(), v1::WORK_KIND_HOSTILE_ADVOCATE);
  EXPECT_EQ(sent.item_id(), "1770000000");
  EXPECT_EQ(sent.text(), "called them");
  EXPECT_THAT(outcome.out, HasSubstr("hostile advocate of minji"));
}

TEST_F(AppTest, RecordsASurvey) {
  v1::RecordSurveyRequest sent;
  v1::RecordSurveyResponse response;
  v1::Survey& survey = *response.mutable_survey();
  survey.set_survey_id("s-1");
  survey.set_satisfaction(-2);
  survey.set_open(true);
  EXPECT_CALL(*server_, RecordSurvey(_)).WillOnce(Answer(sent, response));
  const Outcome outcome = Dangolctl({"survey", "record", "card:4005", "--expected", "5", "--found",
                                     "3", "--recommends", "0", "--request-id", "s-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.expectation(), 5);
  EXPECT_EQ(sent.perception(), 3);
  EXPECT_TRUE(sent.has_recommendation());
  EXPECT_EQ(sent.recommendation(), 0);
  EXPECT_THAT(outcome.out, HasSubstr("-2"));
  EXPECT_THAT(outcome.out, HasSubstr("waiting"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, TellsWhatComplaintsWereWorth) {
  v1::GetCareReportRequest sent;
  v1::GetCareReportResponse response;
  v1::ComplaintsOfCategory& delivery = *response.add_categories();
  delivery.set_category("delivery");
  delivery.set_complaints(1'200);
  delivery.mutable_to_resolve()->mutable_median()->set_seconds(5'400);
  v1::Share& fast = *response.mutable_repurchase_after_fast();
  fast.set_of(40);
  fast.set_share(0.5);
  fast.set_low(0.35);
  fast.set_high(0.65);
  response.mutable_surveys()->set_nps(12.5);
  EXPECT_CALL(*server_, GetCareReport(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"complaint", "report", "--fast-hours", "24"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.fast_hours(), 24);
  EXPECT_THAT(outcome.out, HasSubstr("1,200"));
  EXPECT_THAT(outcome.out, HasSubstr("1.5 h"));
  EXPECT_THAT(outcome.out, HasSubstr("35.0 and 65.0 %"));
  EXPECT_THAT(Dangolctl({"survey", "report"}).out, HasSubstr("12.5"));
}

TEST_F(AppTest, NamesWhoLooksAfterAMember) {
  v1::AssignManagerRequest sent;
  v1::AssignManagerResponse response;
  v1::Advocate& advocate = *response.mutable_advocate();
  advocate.set_member_id("minji");
  advocate.set_vvip(true);
  advocate.set_manager("jun");
  v1::VvipSpan& span = *advocate.add_vvip_history();
  span.set_from("2026-03-01");
  EXPECT_CALL(*server_, AssignManager(_)).WillOnce(Answer(sent, response));
  const Outcome outcome = Dangolctl({"advocate", "manager", "card:4005", "--name", "jun"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.manager(), "jun");
  EXPECT_THAT(outcome.out, HasSubstr("2026-03-01"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, TellsWhatAdvocatesBring) {
  v1::GetAdvocateReportRequest sent;
  v1::GetAdvocateReportResponse response;
  response.set_vvips(3);
  v1::AdvocatesInState& hostile = *response.add_states();
  hostile.set_state(v1::WORD_OF_MOUTH_STATE_HOSTILE);
  hostile.set_members(2);
  hostile.set_influence_thousandths(6'500);
  EXPECT_CALL(*server_, GetAdvocateReport(_)).WillOnce(Answer(sent, response));
  const Outcome outcome = Dangolctl({"advocate", "report"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("hostile"));
  EXPECT_THAT(outcome.out, HasSubstr("6.5"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, ListsWhoMayBeWrittenTo) {
  v1::ListMembersRequest sent;
  EXPECT_CALL(*server_, ListMembers(_)).WillRepeatedly(Answer(sent, v1::ListMembersResponse()));
  ASSERT_EQ(Dangolctl({"member", "list", "--for-marketing"}).code, ExitCode::kOk);
  EXPECT_TRUE(sent.for_marketing());
  EXPECT_FALSE(sent.without_personal_data());
  ASSERT_EQ(Dangolctl({"member", "list", "--without-personal-data"}).code, ExitCode::kOk);
  EXPECT_TRUE(sent.without_personal_data());
  ASSERT_EQ(Dangolctl({"member", "list"}).code, ExitCode::kOk);
  EXPECT_FALSE(sent.for_marketing());
}

}  // namespace
}  // namespace dangol::cli
