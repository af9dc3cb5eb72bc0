// Testifiers through the API: whose name may be used, and that nobody is paid for it.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class TestimonyTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << ProgramText("testimony", 10)
        << "testimony_scopes: \"web\" testimony_scopes: \"print\"\n"
           "adjustment_reasons { code: \"goodwill\" max_points: 500 for_advocates: true }\n"
           "adjustment_reasons { code: \"campaign\" max_points: 500 }\n";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    chef_ = Enroll("4005").member_id();
  }

  template <typename Request>
  static Request For(const std::string& id, const std::string& card = "4005") {
    Request request;
    request.set_request_id(id);
    *request.mutable_member() = Card(card);
    return request;
  }

  absl::StatusOr<v1::NominateTestifierResponse> Nominate(const std::string& id,
                                                         const std::string& card = "4005") {
    auto request = For<v1::NominateTestifierRequest>(id, card);
    request.set_reason("a chef whom everybody knows");
    return MakeClient().NominateTestifier(request);
  }

  absl::StatusOr<v1::RecordConsentResponse> Consent(const std::string& id, const std::string& scope,
                                                    const std::string& card = "4005") {
    auto request = For<v1::RecordConsentRequest>(id, card);
    request.add_scopes(scope);
    request.set_evidence("form 17");
    return MakeClient().RecordConsent(request);
  }

  absl::Status Withdraw(const std::string& id, const std::string& card = "4005") {
    return MakeClient().WithdrawConsent(For<v1::WithdrawConsentRequest>(id, card)).status();
  }

  absl::Status Use(const std::string& id, const std::string& scope,
                   const std::string& card = "4005") {
    auto request = For<v1::RecordTestimonyUseRequest>(id, card);
    request.set_scope(scope);
    request.set_used_in("spring catalogue");
    return MakeClient().RecordTestimonyUse(request).status();
  }

  absl::Status Pay(const std::string& id) {
    auto request = For<v1::RecordCompensationRequest>(id);
    request.set_reason("a fee");
    request.set_amount_minor(10'000);
    request.set_currency("GBP");
    return MakeClient().RecordCompensation(request).status();
  }

  v1::Advocate Advocate(const std::string& card = "4005") {
    v1::GetAdvocateRequest request;
    *request.mutable_member() = Card(card);
    return MakeClient().GetAdvocate(request).value().advocate();
  }

  std::vector<std::string> List(v1::TestifierState state, int page_size = 1) {
    v1::ListAdvocatesRequest request;
    request.set_testifier(state);
    request.set_page_size(page_size);
    std::vector<std::string> members;
    for (const auto& advocate : MakeClient().ListAdvocates(request)) {
      members.push_back(advocate->member_id());
    }
    return members;
  }

  std::string chef_;
};

TEST_F(TestimonyTest, FromNominationToWithdrawal) {
  EXPECT_EQ(Advocate().testifier(), v1::TESTIFIER_STATE_UNSPECIFIED);
  EXPECT_EQ(ErrorReason(Use("u-0", "web")), "TESTIFIER_NOT_NOMINATED");
  EXPECT_EQ(Nominate("n-1")->advocate().testifier(), v1::TESTIFIER_STATE_NOMINATED);
  EXPECT_EQ(ErrorReason(Use("u-1", "web")), "CONSENT_MISSING");
  const auto consented = Consent("c-1", "web");
  ASSERT_TRUE(consented.ok()) << consented.status();
  EXPECT_EQ(consented->advocate().testifier(), v1::TESTIFIER_STATE_ACTIVE);
  EXPECT_TRUE(Use("u-2", "web").ok());
  EXPECT_EQ(ErrorReason(Use("u-3", "print")), "SCOPE_WITHOUT_CONSENT");
  EXPECT_TRUE(Withdraw("w-1").ok());
  EXPECT_EQ(ErrorReason(Use("u-4", "web")), "CONSENT_WITHDRAWN");

  // The same again is the same; it is not asked anew.
  EXPECT_TRUE(Use("u-2", "web").ok());
  EXPECT_TRUE(Consent("c-1", "web")->replayed());
  EXPECT_EQ(ErrorReason(Consent("c-1", "print").status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(ErrorReason(Withdraw("u-2")), "REQUEST_ID_REUSED");

  const v1::Advocate advocate = Advocate();
  ASSERT_THAT(advocate.testifier_history(), SizeIs(3));
  EXPECT_EQ(advocate.testifier_history(2).reason(), v1::TESTIFIER_REASON_WITHDRAWN);
  EXPECT_EQ(advocate.testifier_history(2).record_id(), "w-1");
  ASSERT_THAT(advocate.records(), SizeIs(4));
  EXPECT_EQ(advocate.records(2).kind(), v1::ADVOCATE_RECORD_KIND_USE);
  EXPECT_TRUE(advocate.records(2).holds()) << "it was agreed to then";
  EXPECT_EQ(advocate.records(2).text(), "spring catalogue");
  ExpectSoundBooks(MakeClient());
}

TEST_F(TestimonyTest, WhoIsPaidIsNoneAndNobodyIsPaidInPoints) {
  const auto adjust = [&](const std::string& id, const std::string& reason) {
    auto request = For<v1::AdjustPointsRequest>(id);
    request.set_points(100);
    request.set_reason(reason);
    return MakeClient().AdjustPoints(request).status();
  };
  ASSERT_TRUE(Nominate("n-1").ok());
  ASSERT_TRUE(Consent("c-1", "web").ok());
  ExpectRefused(adjust("a-1", "campaign"), absl::StatusCode::kFailedPrecondition, {"reason"},
                "ADVOCATE_NOT_REWARDED");
  EXPECT_TRUE(adjust("a-2", "goodwill").ok());
  auto sponsor = For<v1::RecordSponsorshipRequest>("s-1");
  sponsor.set_campaign("a charity run");
  EXPECT_EQ(MakeClient().RecordSponsorship(sponsor)->advocate().testifier(),
            v1::TESTIFIER_STATE_ACTIVE);
  ASSERT_TRUE(Pay("fee").ok());
  EXPECT_EQ(Advocate().testifier(), v1::TESTIFIER_STATE_ENDED);
  EXPECT_EQ(Advocate().testifier_history(2).record_id(), "fee");
  EXPECT_EQ(ErrorReason(Use("u-1", "web")), "TESTIFIER_WAS_PAID");
  EXPECT_EQ(ErrorReason(Nominate("n-2").status()), "TESTIFIER_WAS_PAID");

  auto undo = For<v1::UndoAdvocateRecordRequest>("undo-1");
  undo.set_record_id("fee");
  undo.set_reason("another member's");
  const auto undone = MakeClient().UndoAdvocateRecord(undo);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->advocate().testifier(), v1::TESTIFIER_STATE_ACTIVE);
  EXPECT_EQ(undone->advocate().records(3).undone_because(), "another member's");
  EXPECT_TRUE(Use("u-2", "web").ok());
  ExpectSoundBooks(MakeClient());
}

TEST_F(TestimonyTest, BadInputIsNamed) {
  v1::RecordConsentRequest consent;
  ExpectRefused(MakeClient().RecordConsent(consent).status(), absl::StatusCode::kInvalidArgument,
                {"member", "evidence", "scopes"}, "INVALID_FIELDS");
  consent = For<v1::RecordConsentRequest>("c-1");
  consent.add_scopes("web");
  consent.add_scopes("tv");
  consent.set_evidence("form 17");
  ExpectRefused(MakeClient().RecordConsent(consent).status(), absl::StatusCode::kInvalidArgument,
                {"scopes[1]"}, "SCOPE_NOT_DECLARED");
  consent.mutable_scopes()->RemoveLast();
  consent.set_from("2026-02-30");
  ExpectRefused(MakeClient().RecordConsent(consent).status(), absl::StatusCode::kInvalidArgument,
                {"from"}, "INVALID_FIELDS");
  consent.set_from("2026-03-01");
  consent.set_until("2026-02-28");
  ExpectRefused(MakeClient().RecordConsent(consent).status(), absl::StatusCode::kInvalidArgument,
                {"until"}, "CONSENT_IS_OVER");
  auto pay = For<v1::RecordCompensationRequest>("p-1");
  pay.set_reason("a fee");
  pay.set_amount_minor(5);
  ExpectRefused(MakeClient().RecordCompensation(pay).status(), absl::StatusCode::kInvalidArgument,
                {"currency"}, "INVALID_FIELDS");
  auto unknown = For<v1::NominateTestifierRequest>("n-1", "9999");
  unknown.set_reason("who?");
  EXPECT_EQ(ErrorReason(MakeClient().NominateTestifier(unknown).status()), "MEMBER_NOT_FOUND");
  EXPECT_THAT(List(v1::TESTIFIER_STATE_UNSPECIFIED), SizeIs(0));
}

TEST_F(TestimonyTest, WhatIsOnRecordGoesWithItsPerson) {
  const std::string twin = Enroll("4006").member_id();
  Enroll("4007");
  ASSERT_TRUE(Nominate("n-1", "4006").ok());
  ASSERT_TRUE(Consent("c-1", "web", "4006").ok());
  EXPECT_THAT(List(v1::TESTIFIER_STATE_ACTIVE), ElementsAre(twin));
  v1::MergeMembersRequest merge;
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  EXPECT_THAT(List(v1::TESTIFIER_STATE_ACTIVE), ElementsAre(chef_));
  EXPECT_TRUE(Use("u-1", "web").ok());
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_merged_member_id(twin);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  EXPECT_THAT(List(v1::TESTIFIER_STATE_ACTIVE), ElementsAre(twin));
  EXPECT_EQ(ErrorReason(Use("u-2", "web")), "TESTIFIER_NOT_NOMINATED");
  ASSERT_THAT(Advocate("4006").records(), SizeIs(2));
  ASSERT_THAT(Advocate("4005").records(), SizeIs(1));
  EXPECT_FALSE(Advocate("4005").records(0).holds());
  ExpectSoundBooks(MakeClient());
}

// Whoever withdraws while their name is being used is obeyed: every use is either before the
// withdrawal, or refused.
TEST_F(TestimonyTest, NoUseIsRecordedAfterAWithdrawal) {
  ASSERT_TRUE(Nominate("n-1").ok());
  ASSERT_TRUE(Consent("c-1", "web").ok());
  std::vector<std::thread> users;
  for (int user = 0; user < 3; ++user) {
    users.emplace_back([&, user] {
      for (int i = 0;; ++i) {
        const absl::Status used = Use(absl::StrCat("u-", user, "-", i), "web");
        if (used.ok()) continue;
        EXPECT_EQ(ErrorReason(used), "CONSENT_WITHDRAWN");
        return;
      }
    });
  }
  EXPECT_TRUE(Withdraw("w-1").ok());
  for (std::thread& user : users) user.join();
  const v1::Advocate advocate = Advocate();
  for (const v1::AdvocateRecord& record : advocate.records()) {
    const bool is_use = record.kind() == v1::ADVOCATE_RECORD_KIND_USE;
    EXPECT_EQ(record.holds(), is_use) << record.record_id();
  }
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
