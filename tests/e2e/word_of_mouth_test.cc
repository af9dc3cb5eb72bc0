// Advocates by word of mouth through the API: found, at risk, hostile; whom they brought is told;
// and everything that would pay them is refused.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"
#include "tests/e2e/events.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kProgram[] = R"(
rfm {}
activities { kind: "review" }
house_attribute: "house"
adjustment_reasons { code: "goodwill" max_points: 300 for_advocates: true }
adjustment_reasons { code: "campaign" max_points: 300 }
rewards { id: "mug" name: "A mug" wallet: "points" points: 0 gift { sku: "mug" } }
rewards { id: "card" name: "A card" wallet: "points" points: 0 for_advocates: true
          gift { sku: "card" } }
rewards { id: "tea" name: "Tea" wallet: "points" points: 10 gift { sku: "tea" } }
word_of_mouth {
  min_spent_minor: 1000
  activities { kind: "review" points: 1 }
  referral_points: 2
  candidate_points: 3
  active_points: 5
  department: "community"
}
care {
  categories { id: "delivery" department: "logistics" owner: "mina" }
  deadlines { severity: SEVERITY_LOW acknowledge_hours: 24 resolve_hours: 96 }
  deadlines { severity: SEVERITY_MEDIUM acknowledge_hours: 8 resolve_hours: 48 }
  deadlines { severity: SEVERITY_HIGH acknowledge_hours: 2 resolve_hours: 24 }
  goodwill { wallet: "points" reason: "goodwill" max_points: 300 }
  surveys { department: "care" }
}
)";

// Minji, 4005, writes reviews and has brought 4006, who brought 4007.
class WordOfMouthTest : public DangoldTest {
 protected:
  void SetUp() override { StartWith(""); }

  void StartWith(const std::string& more) {
    std::ofstream(File("program.txtpb")) << ProgramText("talk", 10) << kProgram << more;
    ASSERT_NO_FATAL_FAILURE(
        Start({"--program=" + File("program.txtpb"), "--test-clock=2026-03-02T10:00:00+00:00"}));
    minji_ = Enroll("4005").member_id();
    friend_ = Bring("4006", "4005");
    Bring("4007", "4006");
  }

  void GoTo(const std::string& moment) {
    v1::AdvanceClockRequest request;
    absl::Time to;
    std::string error;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", moment, &to, &error)) << error;
    *request.mutable_to() = ToTimestamp(to);
    const auto moved = MakeClient().AdvanceClock(request);
    ASSERT_TRUE(moved.ok()) << moved.status();
  }

  std::string Bring(const std::string& card, const std::string& by) {
    v1::EnrollMemberRequest enroll;
    enroll.set_request_id("enroll-" + card);
    *enroll.add_aliases() = Card(card).alias();
    *enroll.mutable_referred_by() = Card(by);
    return MakeClient().EnrollMember(enroll).value().member().member_id();
  }

  void Buy(const std::string& id, const std::string& card, int64_t pence) {
    v1::Purchase purchase = SmallPurchase(id, pence);
    *purchase.mutable_member() = Card(card);
    const auto bought = MakeClient().RecordPurchase(purchase);
    ASSERT_TRUE(bought.ok()) << bought.status();
  }

  void Review(const std::string& id) {
    v1::RecordActivityRequest request;
    request.mutable_activity()->set_activity_id(id);
    *request.mutable_activity()->mutable_member() = Card("4005");
    request.mutable_activity()->set_kind("review");
    const auto recorded = MakeClient().RecordActivity(request);
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }

  // Tomorrow she is an advocate.
  void BecomeActive() {
    Buy("p-1", "4005", 2'000);
    Buy("p-2", "4006", 500);
    Buy("p-3", "4007", 500);
    for (int i = 0; i < 3; ++i) Review(absl::StrCat("review-", i));
    GoTo("2026-03-03 10:00:00");
    ASSERT_EQ(Advocate("4005").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_ACTIVE);
  }

  void Complain(const std::string& id) {
    v1::FileComplaintRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_category("delivery");
    request.set_severity(v1::SEVERITY_HIGH);
    request.set_text("it was cold");
    const auto filed = MakeClient().FileComplaint(request);
    ASSERT_TRUE(filed.ok()) << filed.status();
  }

  v1::Advocate Advocate(const std::string& card) {
    v1::GetAdvocateRequest request;
    *request.mutable_member() = Card(card);
    return MakeClient().GetAdvocate(request).value().advocate();
  }

  // "hostile advocate of 4005", by when it is due.
  std::vector<std::string> Queue(v1::WorkKind kind = v1::WORK_KIND_UNSPECIFIED) {
    v1::ListWorkItemsRequest request;
    request.set_kind(kind);
    std::vector<std::string> items;
    for (const auto& item : MakeClient().ListWorkItems(request)) {
      EXPECT_EQ(item->member_id(), minji_);
      items.push_back(v1::WorkKind_Name(item->kind()).substr(10));
    }
    return items;
  }

  // What was told of alerts, those of one event by name.
  std::vector<std::string> AlertEvents() {
    std::vector<std::string> told;
    for (const v1::Event& event : ReadAll(MakeClient(), UntilNow()).events) {
      std::vector<std::string> changes;
      for (const v1::WorkChange& work : event.work()) {
        if (work.kind() == v1::WORK_KIND_COMPLAINT) continue;
        changes.push_back(absl::StrCat(v1::EventKind_Name(event.kind()).substr(11), ": ",
                                       v1::WorkKind_Name(work.kind()).substr(10),
                                       work.open() ? "" : " over"));
      }
      std::sort(changes.begin(), changes.end());
      told.insert(told.end(), changes.begin(), changes.end());
    }
    return told;
  }

  std::string Adjust(const std::string& reason) {
    v1::AdjustPointsRequest request;
    request.set_request_id(absl::StrCat("adjust-", ++count_));
    *request.mutable_member() = Card("4005");
    request.set_wallet("points");
    request.set_points(10);
    request.set_reason(reason);
    return ErrorReason(MakeClient().AdjustPoints(request).status());
  }

  std::string Take(const std::string& reward) {
    v1::IssueCouponRequest request;
    request.set_request_id(absl::StrCat("coupon-", ++count_));
    *request.mutable_member() = Card("4005");
    request.set_reward_id(reward);
    return ErrorReason(MakeClient().IssueCoupon(request).status());
  }

  std::string Transfer(const std::string& from) {
    v1::TransferPointsRequest request;
    request.set_request_id(absl::StrCat("transfer-", ++count_));
    *request.mutable_member() = Card(from);
    *request.mutable_to() = Card("4005");
    request.set_wallet("points");
    request.set_points(5);
    return ErrorReason(MakeClient().TransferPoints(request).status());
  }

  std::string Ctl(std::vector<std::string> words) {
    words.insert(words.begin(), {testing::ProgramPath("dangolctl"), "--server=" + address()});
    const Ended ended = RunToEnd(words, File("output"));
    EXPECT_EQ(ended.code, 0) << ended.output;
    return ended.output;
  }

  std::string minji_;
  std::string friend_;
  std::string survivor_;
  int count_ = 0;
};

TEST_F(WordOfMouthTest, AHostileAdvocateAndWhomTheyBroughtAreTold) {
  BecomeActive();
  // Three reviews and one whom she brought herself; what 4007 adds is told once a day.
  EXPECT_EQ(Advocate("4005").influence_thousandths(), 5'000 + 1'000);
  Complain("c-1");
  EXPECT_EQ(Advocate("4005").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_AT_RISK);
  EXPECT_THAT(Queue(), UnorderedElementsAre("COMPLAINT", "UNANSWERED_COMPLAINT"));
  GoTo("2026-03-04 09:59:59");
  EXPECT_EQ(Advocate("4005").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_AT_RISK);
  GoTo("2026-03-04 10:00:00");
  const v1::Advocate hostile = Advocate("4005");
  EXPECT_EQ(hostile.word_of_mouth(), v1::WORD_OF_MOUTH_STATE_HOSTILE);
  ASSERT_THAT(hostile.word_of_mouth_history(), SizeIs(3));
  EXPECT_EQ(hostile.word_of_mouth_history(2).reason(), v1::WORD_OF_MOUTH_REASON_UNRESOLVED);
  EXPECT_EQ(hostile.word_of_mouth_history(2).about(), "c-1");
  EXPECT_THAT(Queue(v1::WORK_KIND_HOSTILE_ADVOCATE), ElementsAre("HOSTILE_ADVOCATE"));

  // Whom she brought, and to themselves who brought them.
  v1::ListReferredMembersRequest list;
  *list.mutable_member() = Card("4005");
  std::vector<std::string> brought;
  for (const auto& member : MakeClient().ListReferredMembers(list)) {
    EXPECT_TRUE(member->has_bought());
    EXPECT_EQ(member->referred(), 1);
    brought.push_back(member->member_id());
  }
  EXPECT_THAT(brought, ElementsAre(friend_));
  EXPECT_EQ(Advocate("4006").referrer().member_id(), minji_);
  EXPECT_EQ(Advocate("4006").referrer().word_of_mouth(), v1::WORD_OF_MOUTH_STATE_HOSTILE);
  EXPECT_THAT(Ctl({"advocate", "show", "card:4006"}), HasSubstr("hostile"));
  EXPECT_THAT(Ctl({"work", "next", "--kind", "hostile-advocate"}),
              HasSubstr("dangolctl advocate referred " + minji_));
  EXPECT_THAT(Ctl({"work", "watch", "--times", "1"}), HasSubstr("hostile advocate"));

  const auto report = MakeClient().GetAdvocateReport(v1::GetAdvocateReportRequest());
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_THAT(report->states(), SizeIs(1));
  EXPECT_EQ(report->states(0).state(), v1::WORD_OF_MOUTH_STATE_HOSTILE);
  EXPECT_EQ(report->states(0).referred(), 1);
  EXPECT_EQ(report->states(0).referred_spent_minor(), 500);
  EXPECT_EQ(report->states(0).spent_minor(), 2'000);

  v1::ResolveComplaintRequest resolve;
  resolve.set_request_id("resolve");
  resolve.set_complaint_id("c-1");
  resolve.set_outcome("sent anew");
  ASSERT_TRUE(MakeClient().ResolveComplaint(resolve).ok());
  EXPECT_EQ(Advocate("4005").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_RECOVERED);
  EXPECT_THAT(Queue(), IsEmpty());
  // Whoever follows events was told, though only time had passed, and is told that it is over.
  EXPECT_THAT(AlertEvents(), ElementsAre("FILE_COMPLAINT: UNANSWERED_COMPLAINT",
                                         "ADVANCE_MEMBER: HOSTILE_ADVOCATE",
                                         "CHANGE_COMPLAINT: HOSTILE_ADVOCATE over",
                                         "CHANGE_COMPLAINT: UNANSWERED_COMPLAINT over"));
  ExpectSoundBooks(MakeClient());
}

TEST_F(WordOfMouthTest, NothingThatWouldPayThemIsTaken) {
  EXPECT_EQ(Adjust("campaign"), "");
  EXPECT_EQ(Take("mug"), "");
  BecomeActive();
  EXPECT_EQ(Adjust("campaign"), "ADVOCATE_NOT_REWARDED");
  EXPECT_EQ(Adjust("goodwill"), "");
  EXPECT_EQ(Take("mug"), "ADVOCATE_NOT_REWARDED");
  EXPECT_EQ(Take("card"), "");
  EXPECT_EQ(Take("tea"), "");  // They pay for it.
  v1::EnrollMemberRequest house;
  house.set_request_id("enroll-house");
  *house.add_aliases() = Card("0").alias();
  (*house.mutable_attributes())["house"] = "marketing";
  ASSERT_TRUE(MakeClient().EnrollMember(house).ok());
  Buy("p-9", "0", 10'000);
  EXPECT_EQ(Transfer("0"), "ADVOCATE_NOT_REWARDED");
  EXPECT_EQ(Transfer("4006"), "");
  Complain("c-1");
  v1::GrantGoodwillRequest goodwill;
  goodwill.set_request_id("g-1");
  goodwill.set_complaint_id("c-1");
  goodwill.set_points(301);
  EXPECT_EQ(ErrorReason(MakeClient().GrantGoodwill(goodwill).status()), "GOODWILL_TOO_LARGE");
  ExpectSoundBooks(MakeClient());
}

class PaidReferralsTest : public WordOfMouthTest {
 protected:
  void SetUp() override {
    StartWith(R"(incentives { id: "friends" name: "Friends" referrer {}
                              reward { wallet: "points" points: 100 } })");
  }

  int64_t PointsOf(const std::string& card) {
    v1::GetBalanceRequest request;
    *request.mutable_member() = Card(card);
    const auto balance = MakeClient().GetBalance(request);
    return balance.ok() && balance->wallets_size() > 0 ? balance->wallets(0).available() : 0;
  }
};

// Others have a hundred points for each friend; who speaks for the shop has none, and those who
// were paid for are no influence.
TEST_F(PaidReferralsTest, AnAdvocateIsNotPaidForFriends) {
  Buy("p-1", "4005", 2'000);
  Buy("p-2", "4006", 500);
  EXPECT_EQ(PointsOf("4005"), 200 + 100);
  for (int i = 0; i < 5; ++i) Review(absl::StrCat("review-", i));
  GoTo("2026-03-03 10:00:00");
  EXPECT_EQ(Advocate("4005").influence_thousandths(), 5'000);
  ASSERT_EQ(Advocate("4005").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_ACTIVE);
  Bring("4008", "4005");
  Buy("p-3", "4008", 500);
  EXPECT_EQ(PointsOf("4005"), 200 + 100);
  Buy("p-4", "4007", 500);
  EXPECT_EQ(PointsOf("4006"), 50 + 100);
  // What they were given before is theirs, and falls with what it was for.
  v1::RecordReturnRequest bring_back;
  bring_back.mutable_return_()->set_return_id("r-1");
  bring_back.mutable_return_()->set_purchase_id("p-2");
  bring_back.mutable_return_()->set_everything_left(true);
  const auto returned = MakeClient().RecordReturn(bring_back);
  ASSERT_TRUE(returned.ok()) << returned.status();
  EXPECT_EQ(PointsOf("4005"), 200);
  ExpectSoundBooks(MakeClient());
}

TEST_F(WordOfMouthTest, SurveysAreAnsweredAndAddedUp) {
  const auto answer = [&](const std::string& id, int recommendation) {
    v1::RecordSurveyRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    request.set_expectation(5);
    request.set_perception(3);
    request.set_recommendation(recommendation);
    return MakeClient().RecordSurvey(request);
  };
  const auto bad = answer("s-1", 4);
  ASSERT_TRUE(bad.ok()) << bad.status();
  EXPECT_TRUE(bad->survey().open());
  EXPECT_EQ(bad->survey().satisfaction(), -2);
  EXPECT_TRUE(answer("s-1", 4)->replayed());
  EXPECT_EQ(ErrorReason(answer("s-1", 5).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(ErrorReason(answer("s-2", 11).status()), "INVALID_FIELDS");
  EXPECT_THAT(Queue(), ElementsAre("BAD_SURVEY"));
  v1::CompleteWorkItemRequest done;
  done.set_request_id("d-1");
  *done.mutable_member() = Card("4005");
  done.set_kind(v1::WORK_KIND_BAD_SURVEY);
  done.set_item_id("s-1");
  done.set_text("called her");
  EXPECT_EQ(MakeClient().CompleteWorkItem(done).value().item().member_id(), minji_);
  EXPECT_TRUE(MakeClient().CompleteWorkItem(done).value().replayed());
  EXPECT_THAT(Queue(), IsEmpty());
  ASSERT_TRUE(answer("s-3", 9).ok());
  v1::ListSurveysRequest list;
  *list.mutable_member() = Card("4005");
  list.set_page_size(1);
  std::vector<std::string> ids;
  for (const auto& survey : MakeClient().ListSurveys(list)) {
    EXPECT_FALSE(survey->open());
    ids.push_back(survey->survey_id());
  }
  EXPECT_THAT(ids, UnorderedElementsAre("s-1", "s-3"));
  GoTo("2026-03-02 10:00:01");
  const auto report = MakeClient().GetCareReport(v1::GetCareReportRequest());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->surveys().surveys(), 2);
  EXPECT_EQ(report->surveys().nps(), 0);
  EXPECT_THAT(Ctl({"survey", "report"}), HasSubstr("NPS"));
  EXPECT_THAT(Ctl({"complaint", "report"}), HasSubstr("never complained"));
  ExpectSoundBooks(MakeClient());
}

// An advocate is brought together with another member, and parted again: with what each did.
TEST_F(WordOfMouthTest, TheyStayThemselvesThroughAMerge) {
  BecomeActive();
  Complain("c-1");
  const std::string at_risk = absl::StrJoin(Queue(), " ");
  survivor_ = Enroll("5001").member_id();
  v1::MergeMembersRequest merge;
  merge.set_request_id("merge");
  *merge.mutable_member() = Card("4005");
  *merge.mutable_into() = Card("5001");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  EXPECT_EQ(Advocate("5001").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_AT_RISK);
  minji_.swap(survivor_);
  EXPECT_EQ(absl::StrJoin(Queue(), " "), at_risk);
  minji_.swap(survivor_);
  v1::ListReferredMembersRequest list;
  *list.mutable_member() = Card("5001");
  EXPECT_EQ(MakeClient().ListReferredMembers(list).begin()->value().member_id(), friend_);
  EXPECT_EQ(Advocate("4006").referrer().member_id(), Advocate("5001").member_id());
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_request_id("unmerge");
  unmerge.set_merged_member_id(minji_);
  const auto parted = MakeClient().UnmergeMember(unmerge);
  ASSERT_TRUE(parted.ok()) << parted.status();
  EXPECT_EQ(Advocate("5001").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_UNSPECIFIED);
  EXPECT_EQ(Advocate("4005").word_of_mouth(), v1::WORD_OF_MOUTH_STATE_AT_RISK);
  EXPECT_EQ(absl::StrJoin(Queue(), " "), at_risk);
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
