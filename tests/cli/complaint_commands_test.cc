// dangolctl complaint and work: what members complain of, and what is to be done.

#include <gmock/gmock.h>

#include <string>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;

v1::Complaint Cold() {
  v1::Complaint cold;
  cold.set_complaint_id("c-1");
  cold.set_member_id("hana");
  cold.set_category("delivery");
  cold.set_severity(v1::SEVERITY_HIGH);
  cold.set_state(v1::COMPLAINT_STATE_OPEN);
  cold.set_department("logistics");
  cold.mutable_due_at()->set_seconds(1'770'000'000);
  cold.set_missed_deadlines(1);
  cold.set_escalated_to("head of care");
  cold.set_goodwill_points(1'200);
  cold.mutable_time_open()->set_seconds(3 * 3600 + 61);
  v1::ComplaintEvent& filed = *cold.add_events();
  filed.set_kind(v1::COMPLAINT_EVENT_KIND_FILED);
  filed.set_text("it was cold");
  filed.set_department("logistics");
  v1::ComplaintEvent& given = *cold.add_events();
  given.set_kind(v1::COMPLAINT_EVENT_KIND_GOODWILL);
  given.set_points(1'200);
  given.set_wallet("points");
  return cold;
}

TEST_F(AppTest, ShowsAComplaint) {
  v1::GetComplaintRequest sent;
  v1::GetComplaintResponse response;
  *response.mutable_complaint() = Cold();
  EXPECT_CALL(*server_, GetComplaint(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"complaint", "show", "c-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.complaint_id(), "c-1");
  EXPECT_THAT(outcome.out, HasSubstr("3h1m"));
  EXPECT_THAT(outcome.out, HasSubstr("head of care"));
  EXPECT_THAT(outcome.out, HasSubstr("it was cold (logistics)"));
  EXPECT_THAT(outcome.out, HasSubstr("(1,200 points)"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, FilesAComplaint) {
  v1::FileComplaintRequest sent;
  v1::FileComplaintResponse response;
  *response.mutable_complaint() = Cold();
  EXPECT_CALL(*server_, FileComplaint(_)).WillOnce(Answer(sent, response));
  const Outcome outcome =
      Dangolctl({"complaint", "file", "card:4005", "--id", "c-1", "--about", "delivery",
                 "--severity", "high", "--text", "it was cold", "--purchase", "p-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.request_id(), "c-1");
  EXPECT_EQ(sent.category(), "delivery");
  EXPECT_EQ(sent.severity(), v1::SEVERITY_HIGH);
  EXPECT_EQ(sent.purchase_id(), "p-1");
  EXPECT_EQ(Dangolctl({"complaint", "file", "card:4005", "--about", "x", "--severity", "awful",
                       "--text", "y"})
                .code,
            ExitCode::kUsage);
}

TEST_F(AppTest, SaysWhatAMemberMakesOfTheOutcome) {
  v1::RecordVerdictRequest sent;
  v1::RecordVerdictResponse response;
  EXPECT_CALL(*server_, RecordVerdict(_)).WillRepeatedly(Answer(sent, response));
  ASSERT_EQ(Dangolctl({"complaint", "verdict", "c-1", "--unsatisfied"}).code, ExitCode::kOk);
  EXPECT_TRUE(sent.has_satisfied());
  EXPECT_FALSE(sent.satisfied());
  ASSERT_EQ(Dangolctl({"complaint", "verdict", "c-1", "--satisfied"}).code, ExitCode::kOk);
  EXPECT_TRUE(sent.satisfied());
}

TEST_F(AppTest, ListsWhatIsToBeDone) {
  v1::ListWorkItemsRequest sent;
  v1::ListWorkItemsResponse response;
  v1::WorkItem& item = *response.add_items();
  item.set_item_id("c-1");
  item.set_department("logistics");
  item.set_overdue(true);
  *item.mutable_complaint() = Cold();
  EXPECT_CALL(*server_, ListWorkItems(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome =
      Dangolctl({"work", "list", "--department", "logistics", "--owner", "mina", "--overdue"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.department(), "logistics");
  EXPECT_EQ(sent.owner(), "mina");
  EXPECT_TRUE(sent.overdue_only());
  EXPECT_THAT(outcome.out, HasSubstr("overdue"));
  ExpectFits(outcome.out);
  EXPECT_EQ(Dangolctl({"work", "next"}).code, ExitCode::kOk);
}

}  // namespace
}  // namespace dangol::cli
