// Complaints through the API, from what the member says to what they make of the outcome.

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
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCare[] = R"(
adjustment_reasons { code: "goodwill" max_points: 300 for_advocates: true }
testimony_scopes: "web"
care {
  categories { id: "delivery" department: "logistics" owner: "mina" }
  categories { id: "taste" department: "kitchen" }
  deadlines { severity: SEVERITY_LOW acknowledge_hours: 24 resolve_hours: 96 }
  deadlines { severity: SEVERITY_MEDIUM acknowledge_hours: 8 resolve_hours: 48 }
  deadlines { severity: SEVERITY_HIGH acknowledge_hours: 2 resolve_hours: 24 }
  escalate_to: "head"
  escalate_to: "owner"
  goodwill { wallet: "points" reason: "goodwill" max_points: 500 }
}
)";

class ComplaintsTest : public DangoldTest {
 protected:
  void SetUp() override { StartWith(kCare); }

  void StartWith(const std::string& care) {
    std::ofstream(File("program.txtpb")) << ProgramText("care", 10) << care;
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    Enroll("4005");
  }

  // Filed so many hours ago.
  absl::StatusOr<v1::FileComplaintResponse> Complain(const std::string& id, int hours_ago = 0,
                                                     v1::Severity severity = v1::SEVERITY_MEDIUM,
                                                     const std::string& card = "4005") {
    v1::FileComplaintRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card(card);
    request.set_category("delivery");
    request.set_severity(severity);
    request.set_channel("phone");
    request.set_purchase_id("p-1");
    request.set_text("it was cold");
    *request.mutable_occurred_at() = ToTimestamp(now_ - absl::Hours(hours_ago));
    return MakeClient().FileComplaint(request);
  }

  template <typename Request>
  Request Of(const std::string& complaint) {
    Request request;
    request.set_request_id(absl::StrCat("change-", ++changes_));
    request.set_complaint_id(complaint);
    return request;
  }

  absl::Status Acknowledge(const std::string& id) {
    return MakeClient().AcknowledgeComplaint(Of<v1::AcknowledgeComplaintRequest>(id)).status();
  }

  absl::Status Resolve(const std::string& id) {
    auto request = Of<v1::ResolveComplaintRequest>(id);
    request.set_outcome("sent anew");
    return MakeClient().ResolveComplaint(request).status();
  }

  absl::Status Verdict(const std::string& id, bool satisfied) {
    auto request = Of<v1::RecordVerdictRequest>(id);
    request.set_satisfied(satisfied);
    return MakeClient().RecordVerdict(request).status();
  }

  absl::StatusOr<v1::GrantGoodwillResponse> Goodwill(const std::string& id, int64_t points) {
    auto request = Of<v1::GrantGoodwillRequest>(id);
    request.set_points(points);
    return MakeClient().GrantGoodwill(request);
  }

  v1::Complaint Get(const std::string& id) {
    v1::GetComplaintRequest request;
    request.set_complaint_id(id);
    const auto response = MakeClient().GetComplaint(request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->complaint() : v1::Complaint();
  }

  // The ids of the queue, page by page.
  std::vector<std::string> Queue(const std::string& owner = "", bool overdue_only = false) {
    v1::ListWorkItemsRequest request;
    request.set_page_size(1);
    request.set_owner(owner);
    request.set_overdue_only(overdue_only);
    std::vector<std::string> ids;
    for (const auto& item : MakeClient().ListWorkItems(request)) ids.push_back(item->item_id());
    return ids;
  }

  const absl::Time now_ = absl::Now();
  int changes_ = 0;
};

TEST_F(ComplaintsTest, FromTheComplaintToTheVerdict) {
  const auto filed = Complain("c-1", 3);
  ASSERT_TRUE(filed.ok()) << filed.status();
  EXPECT_EQ(filed->complaint().state(), v1::COMPLAINT_STATE_OPEN);
  EXPECT_EQ(filed->complaint().department(), "logistics");
  EXPECT_EQ(filed->complaint().owner(), "mina");
  EXPECT_EQ(filed->complaint().missed_deadlines(), 0);
  EXPECT_THAT(Queue(), ElementsAre("c-1"));
  EXPECT_EQ(ErrorReason(Verdict("c-1", true)), "COMPLAINT_NOT_READY");
  ASSERT_TRUE(Acknowledge("c-1").ok());
  EXPECT_EQ(Get("c-1").time_open().seconds() / 3600, 3);
  ASSERT_TRUE(Resolve("c-1").ok());
  EXPECT_THAT(Queue(), IsEmpty());
  ASSERT_TRUE(Verdict("c-1", false).ok());
  EXPECT_THAT(Queue(), ElementsAre("c-1"));
  ASSERT_TRUE(Resolve("c-1").ok());
  ASSERT_TRUE(Verdict("c-1", true).ok());
  const v1::Complaint closed = Get("c-1");
  EXPECT_EQ(closed.state(), v1::COMPLAINT_STATE_CLOSED);
  EXPECT_EQ(closed.reopened(), 1);
  ASSERT_THAT(closed.events(), SizeIs(6));
  EXPECT_EQ(closed.events(0).text(), "it was cold");
  EXPECT_EQ(closed.events(2).text(), "sent anew");
  EXPECT_TRUE(Complain("c-1", 3)->replayed());
  EXPECT_EQ(ErrorReason(Complain("c-1", 4).status()), "REQUEST_ID_REUSED");
  ExpectSoundBooks(MakeClient());
}

TEST_F(ComplaintsTest, TheQueueIsByWhenItIsDue) {
  ASSERT_TRUE(Complain("low", 1, v1::SEVERITY_LOW).ok());
  ASSERT_TRUE(Complain("high", 1, v1::SEVERITY_HIGH).ok());
  ASSERT_TRUE(Complain("late", 9).ok());
  ASSERT_TRUE(Complain("too-late", 50).ok());
  EXPECT_THAT(Queue(), ElementsAre("too-late", "late", "high", "low"));
  EXPECT_THAT(Queue("", true), ElementsAre("too-late", "late"));
  EXPECT_THAT(Queue("head"), ElementsAre("late"));
  EXPECT_THAT(Queue("owner"), ElementsAre("too-late"));
  EXPECT_THAT(Queue("mina"), SizeIs(4));
  auto assign = Of<v1::AssignComplaintRequest>("low");
  assign.set_department("kitchen");
  assign.set_owner("jisu");
  ASSERT_TRUE(MakeClient().AssignComplaint(assign).ok());
  EXPECT_THAT(Queue("jisu"), ElementsAre("low"));
  v1::ListComplaintsRequest list;
  *list.mutable_member() = Card("4005");
  list.set_page_size(3);
  std::vector<std::string> ids;
  for (const auto& complaint : MakeClient().ListComplaints(list)) {
    ids.push_back(complaint->complaint_id());
  }
  EXPECT_THAT(ids, ElementsAre("high", "late", "low", "too-late"));
}

TEST_F(ComplaintsTest, GoodwillIsInTheLedgerAndCappedHoweverManyGiveIt) {
  ASSERT_TRUE(Complain("c-1").ok());
  std::vector<std::thread> clerks;
  for (int clerk = 0; clerk < 4; ++clerk) {
    clerks.emplace_back([&, clerk] {
      v1::GrantGoodwillRequest request;
      request.set_complaint_id("c-1");
      request.set_points(200);
      request.set_request_id(absl::StrCat("clerk-", clerk));
      const auto given = MakeClient().GrantGoodwill(request);
      EXPECT_TRUE(given.ok() || ErrorReason(given.status()) == "GOODWILL_TOO_LARGE")
          << given.status();
    });
  }
  for (std::thread& clerk : clerks) clerk.join();
  EXPECT_EQ(Get("c-1").goodwill_points(), 400);
  EXPECT_EQ(ErrorReason(Goodwill("c-1", 301).status()), "GOODWILL_TOO_LARGE");
  const auto rest = Goodwill("c-1", 100);
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->balances(0).available(), 500);
  v1::ListLedgerEntriesRequest entries;
  *entries.mutable_member() = Card("4005");
  for (const auto& entry : MakeClient().ListLedgerEntries(entries)) {
    EXPECT_EQ(entry->reason(), "goodwill");
  }
  v1::AdjustPointsRequest undo;
  undo.set_request_id("undo");
  *undo.mutable_member() = Card("4005");
  undo.set_reason("goodwill");
  undo.set_undoes(absl::StrCat("change-", changes_));
  const auto undone = MakeClient().AdjustPoints(undo);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->balances(0).available(), 400);
  EXPECT_EQ(ErrorReason(Goodwill("c-1", 1).status()), "GOODWILL_TOO_LARGE");
  ExpectSoundBooks(MakeClient());
}

TEST_F(ComplaintsTest, ComplaintsGoWithTheirPerson) {
  const std::string twin = Enroll("4006").member_id();
  ASSERT_TRUE(Complain("c-1", 0, v1::SEVERITY_LOW, "4006").ok());
  v1::MergeMembersRequest merge;
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  EXPECT_NE(Get("c-1").member_id(), twin);
  ASSERT_TRUE(Acknowledge("c-1").ok());
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_merged_member_id(twin);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  EXPECT_EQ(Get("c-1").member_id(), twin);
  EXPECT_EQ(Get("c-1").state(), v1::COMPLAINT_STATE_ACKNOWLEDGED);
  ASSERT_TRUE(Resolve("c-1").ok());
  ExpectSoundBooks(MakeClient());
}

// In a household everybody complains for themselves; points go into the purse that they share.
TEST_F(ComplaintsTest, InAHouseholdEverybodyComplainsForThemselves) {
  const std::string child = Enroll("4006").member_id();
  v1::JoinHouseholdRequest join;
  *join.mutable_member() = Card("4006");
  *join.mutable_household() = Card("4005");
  ASSERT_TRUE(MakeClient().JoinHousehold(join).ok());
  ASSERT_TRUE(Complain("c-1", 0, v1::SEVERITY_LOW, "4006").ok());
  EXPECT_EQ(Get("c-1").member_id(), child);
  ASSERT_TRUE(Acknowledge("c-1").ok());
  const auto given = Goodwill("c-1", 100);
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_EQ(given->complaint().member_id(), child);
  EXPECT_EQ(MakeClient().GetBalance(Card("4005")).value().wallets(0).available(), 100);
  v1::LeaveHouseholdRequest leave;
  *leave.mutable_member() = Card("4006");
  ASSERT_TRUE(MakeClient().LeaveHousehold(leave).ok());
  EXPECT_EQ(MakeClient().GetBalance(Card("4006")).value().wallets(0).available(), 100);
  ASSERT_TRUE(Resolve("c-1").ok());
  ExpectSoundBooks(MakeClient());
}

TEST_F(ComplaintsTest, BadInputIsNamed) {
  ExpectRefused(MakeClient().FileComplaint(v1::FileComplaintRequest()).status(),
                absl::StatusCode::kInvalidArgument, {"member", "category", "severity", "text"},
                "INVALID_FIELDS");
  EXPECT_EQ(ErrorReason(Acknowledge("none")), "COMPLAINT_NOT_FOUND");
  ASSERT_TRUE(Complain("c-1").ok());
  auto verdict = Of<v1::RecordVerdictRequest>("c-1");
  ExpectRefused(MakeClient().RecordVerdict(verdict).status(), absl::StatusCode::kInvalidArgument,
                {"satisfied"}, "INVALID_FIELDS");
  auto resolve = Of<v1::ResolveComplaintRequest>("c-1");
  ExpectRefused(MakeClient().ResolveComplaint(resolve).status(), absl::StatusCode::kInvalidArgument,
                {"outcome"}, "INVALID_FIELDS");
  v1::GetComplaintRequest get;
  get.set_complaint_id("none");
  EXPECT_EQ(ErrorReason(MakeClient().GetComplaint(get).status()), "COMPLAINT_NOT_FOUND");
}

class WithoutCareTest : public ComplaintsTest {
 protected:
  void SetUp() override { StartWith(""); }
};

TEST_F(WithoutCareTest, NobodyCanComplainWhereNobodyWouldListen) {
  EXPECT_EQ(ErrorReason(Complain("c-1").status()), "CARE_NOT_DECLARED");
}

}  // namespace
}  // namespace dangol::e2e
