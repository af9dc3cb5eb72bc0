// dangolctl advocate: who speaks for the house.

#include <gmock/gmock.h>

#include <string>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;

v1::Advocate Chef() {
  v1::Advocate chef;
  chef.set_member_id("chef");
  chef.set_testifier(v1::TESTIFIER_STATE_NOMINATED);
  v1::TestifierChange& active = *chef.add_testifier_history();
  active.set_state(v1::TESTIFIER_STATE_ACTIVE);
  active.set_reason(v1::TESTIFIER_REASON_CONSENT);
  active.set_record_id("c-1");
  v1::TestifierChange& over = *chef.add_testifier_history();
  over.set_state(v1::TESTIFIER_STATE_NOMINATED);
  over.set_reason(v1::TESTIFIER_REASON_CONSENT_OVER);
  v1::AdvocateRecord& consent = *chef.add_records();
  consent.set_kind(v1::ADVOCATE_RECORD_KIND_CONSENT);
  consent.set_record_id("c-1");
  consent.add_scopes("web");
  consent.set_from("2026-03-01");
  consent.set_until("2026-03-31");
  v1::AdvocateRecord& use = *chef.add_records();
  use.set_kind(v1::ADVOCATE_RECORD_KIND_USE);
  use.add_scopes("web");
  v1::AdvocateRecord& fee = *chef.add_records();
  fee.set_kind(v1::ADVOCATE_RECORD_KIND_COMPENSATION);
  fee.set_amount_minor(1'250);
  fee.set_currency("EUR");
  fee.mutable_undone_at()->set_seconds(1);
  fee.set_undone_because("typing");
  return chef;
}

TEST_F(AppTest, ShowsHowATestifierStands) {
  v1::GetAdvocateRequest sent;
  v1::GetAdvocateResponse response;
  *response.mutable_advocate() = Chef();
  EXPECT_CALL(*server_, GetAdvocate(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"advocate", "show", "card:4005"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.member().alias().value(), "4005");
  EXPECT_THAT(outcome.out, HasSubstr("nominated"));
  EXPECT_THAT(outcome.out, HasSubstr("consent over"));
  EXPECT_THAT(outcome.out, HasSubstr("not in force"));
  EXPECT_THAT(outcome.out, HasSubstr("WITHOUT CONSENT"));
  EXPECT_THAT(outcome.out, HasSubstr("undone: typing"));
  ExpectFits(outcome.out);
}

TEST_F(AppTest, ListsTestifiers) {
  v1::ListAdvocatesRequest sent;
  v1::ListAdvocatesResponse response;
  *response.add_advocates() = Chef();
  EXPECT_CALL(*server_, ListAdvocates(_)).WillRepeatedly(Answer(sent, response));
  const Outcome outcome = Dangolctl({"advocate", "list", "--testifier", "active"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.testifier(), v1::TESTIFIER_STATE_ACTIVE);
  EXPECT_THAT(outcome.out, HasSubstr("chef"));
  ExpectFits(outcome.out);
  EXPECT_EQ(Dangolctl({"advocate", "list", "--testifier", "loud"}).code, ExitCode::kUsage);
}

TEST_F(AppTest, SaysWhatAMemberHasAgreedTo) {
  v1::RecordConsentRequest sent;
  v1::RecordConsentResponse response;
  *response.mutable_advocate() = Chef();
  EXPECT_CALL(*server_, RecordConsent(_)).WillOnce(Answer(sent, response));
  const Outcome outcome =
      Dangolctl({"advocate", "consent", "card:4005", "--scope", "web", "--scope", "print",
                 "--evidence", "form 17", "--until", "2026-12-31", "--request-id", "c-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.request_id(), "c-1");
  EXPECT_EQ(sent.scopes_size(), 2);
  EXPECT_EQ(sent.evidence(), "form 17");
  EXPECT_EQ(sent.until(), "2026-12-31");
}

TEST_F(AppTest, SaysWhatWasPaid) {
  v1::RecordCompensationRequest sent;
  v1::RecordCompensationResponse response;
  EXPECT_CALL(*server_, RecordCompensation(_)).WillOnce(Answer(sent, response));
  const Outcome outcome = Dangolctl({"advocate", "pay", "card:4005", "--reason", "a fee",
                                     "--amount", "12.50", "--currency", "EUR"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(sent.amount_minor(), 1'250);
  EXPECT_EQ(Dangolctl({"advocate", "pay", "card:4005", "--reason", "a fee", "--amount", "12"}).code,
            ExitCode::kUsage);
}

}  // namespace
}  // namespace dangol::cli
