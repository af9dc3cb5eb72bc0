// dangolctl audit.

#include <string>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::HasSubstr;

v1::AuditEntry Suspended() {
  v1::AuditEntry entry;
  entry.set_kind(v1::EVENT_KIND_CHANGE_STATUS);
  entry.set_principal("care-1");
  entry.set_member_id("minji");
  entry.set_request_id("s-1");
  entry.set_reason("a stolen card");
  entry.mutable_recorded_at()->set_seconds(1'770'000'000);
  v1::AuditChange& status = *entry.add_changes();
  status.set_what("status");
  status.set_before("ACTIVE");
  status.set_after("SUSPENDED");
  v1::AuditChange& alias = *entry.add_changes();
  alias.set_what("alias.card");
  alias.set_before("set");
  return entry;
}

TEST_F(AppTest, TellsWhoDidWhatAndWhy) {
  v1::ListAuditLogRequest sent;
  v1::ListAuditLogResponse response;
  *response.add_entries() = Suspended();
  EXPECT_CALL(*server_, ListAuditLog(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome =
      Dangolctl({"audit", "log", "--member", "card:4005", "--kind", "change-status", "--principal",
                 "care-1", "--from", "2026-01-01T00:00:00Z"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "4005");
  EXPECT_EQ(sent.kind(), v1::EVENT_KIND_CHANGE_STATUS);
  EXPECT_EQ(sent.principal(), "care-1");
  EXPECT_EQ(sent.recorded_from().seconds(), 1'767'225'600);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("care-1  change status s-1  of minji"),
                                 HasSubstr("status: ACTIVE -> SUSPENDED; alias.card: no more set"),
                                 HasSubstr("why: a stolen card")));
  EXPECT_EQ(Dangolctl({"audit", "log", "--kind", "anything"}).code, ExitCode::kUsage);
  EXPECT_EQ(Dangolctl({"audit", "log", "--from", "yesterday"}).code, ExitCode::kInvalidArgument);
}

TEST_F(AppTest, SaysWhyWithEachCall) {
  EXPECT_CALL(*server_, ListAuditLog(_)).WillRepeatedly([](const v1::ListAuditLogRequest&) {
    return v1::ListAuditLogResponse();
  });
  EXPECT_THAT(Dangolctl({"audit", "log", "--why", "a review"}).out, HasSubstr("none"));
  EXPECT_EQ(options_.reason, "a review");
}

TEST_F(AppTest, KeepsTheHeadsOfAnAuditLogThatIsRight) {
  v1::VerifyAuditLogRequest sent;
  v1::VerifyAuditLogResponse response;
  response.set_acts(12);
  v1::AuditHead& head = *response.add_heads();
  head.set_partition(3);
  head.set_number(12);
  head.set_chain(std::string(32, '\x7F'));
  EXPECT_CALL(*server_, VerifyAuditLog(_)).WillRepeatedly(Answer(sent, response));
  const std::string heads = (folder_ / "heads.json").string();
  Outcome outcome = Dangolctl({"audit", "verify", "--heads", heads});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("0 findings in 12 acts"));
  EXPECT_EQ(sent.known_heads_size(), 0);
  outcome = Dangolctl({"audit", "verify", "--heads", heads});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  ASSERT_EQ(sent.known_heads_size(), 1);
  EXPECT_EQ(sent.known_heads(0).chain(), head.chain());
}

TEST_F(AppTest, NamesActsThatAreNotWhatTheyWere) {
  v1::VerifyAuditLogRequest sent;
  v1::VerifyAuditLogResponse response;
  v1::AuditLogFinding& finding = *response.add_findings();
  finding.set_partition(3);
  finding.set_number(7);
  finding.set_message("the act is missing");
  EXPECT_CALL(*server_, VerifyAuditLog(_)).WillRepeatedly(Answer(sent, response));
  const std::string heads = (folder_ / "heads.json").string();
  const Outcome outcome = Dangolctl({"audit", "verify", "--heads", heads});
  EXPECT_EQ(outcome.code, ExitCode::kConflict);
  EXPECT_THAT(outcome.out, HasSubstr("3-7  the act is missing"));
  EXPECT_FALSE(std::filesystem::exists(heads)) << "heads of a log that is not right";
}

}  // namespace
}  // namespace dangol::cli
