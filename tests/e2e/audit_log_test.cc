// Who did what with special rights: what the audit log says of it, and that nobody changes it
// without being noticed.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class AuditLogTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb"))
        << ProgramText("points", 10)
        << "adjustment_reasons { code: \"goodwill\" max_points: 1000 }\n";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    member_id_ = Enroll("4005").member_id();
  }

  // A client whose calls say why.
  Client Because(const std::string& reason) const {
    Options options = PatientOptions(address());
    options.reason = reason;
    return Client(MakeConnection(options));
  }

  void Adjust(const std::string& id, int64_t points, const std::string& card = "4005") {
    v1::AdjustPointsRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card(card);
    request.set_points(points);
    request.set_reason("goodwill");
    const auto adjusted = MakeClient().AdjustPoints(request);
    ASSERT_TRUE(adjusted.ok()) << adjusted.status();
  }

  absl::Status Suspend(Client client, const std::string& id) {
    v1::SuspendMemberRequest request;
    request.set_request_id(id);
    *request.mutable_member() = Card("4005");
    return client.SuspendMember(request).status();
  }

  std::vector<v1::AuditEntry> List(const v1::ListAuditLogRequest& request = {}) {
    std::vector<v1::AuditEntry> entries;
    for (const auto& entry : MakeClient().ListAuditLog(request)) {
      EXPECT_TRUE(entry.ok()) << entry.status();
      if (!entry.ok()) break;
      entries.push_back(*entry);
    }
    return entries;
  }

  // "SUSPEND r-1: status ACTIVE>SUSPENDED (why)", the latest first.
  std::vector<std::string> Told(const v1::ListAuditLogRequest& request = {}) {
    std::vector<std::string> told;
    for (const v1::AuditEntry& entry : List(request)) {
      std::vector<std::string> changes;
      for (const v1::AuditChange& change : entry.changes()) {
        changes.push_back(absl::StrCat(change.what(), " ", change.before(), ">", change.after()));
      }
      std::string kind = v1::EventKind_Name(entry.kind()).substr(std::string("EVENT_KIND_").size());
      told.push_back(absl::StrCat(kind, " ", entry.request_id(), ": ", absl::StrJoin(changes, ", "),
                                  " (", entry.reason(), ")"));
    }
    return told;
  }

  std::vector<std::string> Findings(const v1::VerifyAuditLogRequest& request = {}) {
    std::vector<std::string> findings;
    const v1::VerifyAuditLogResponse verified = VerifyAuditLogOf(MakeClient(), request);
    for (const v1::AuditLogFinding& found : verified.findings()) {
      findings.push_back(absl::StrCat(found.number(), " ", found.message()));
    }
    return findings;
  }

  v1::VerifyAuditLogRequest Heads() {
    v1::VerifyAuditLogRequest request;
    *request.mutable_known_heads() = VerifyAuditLogOf(MakeClient(), {}).heads();
    return request;
  }

  std::string member_id_;
};

TEST_F(AuditLogTest, SaysWhoChangedWhatFromWhatToWhatAndWhy) {
  Adjust("a-1", 300);
  Adjust("a-2", -100);
  ASSERT_TRUE(Suspend(Because("민지의 카드를 주웠다고 합니다"), "s-1").ok());
  v1::ListAuditLogRequest ours;
  *ours.mutable_member() = Card("4005");
  EXPECT_THAT(
      Told(ours),
      ElementsAre("CHANGE_STATUS s-1: status ACTIVE>SUSPENDED (민지의 카드를 주웠다고 합니다)",
                  "ADJUST_POINTS a-2: points.points 300>200 (goodwill)",
                  "ADJUST_POINTS a-1: points.points 0>300 (goodwill)"));
  const v1::AuditEntry entry = List(ours).front();
  EXPECT_EQ(entry.member_id(), member_id_);
  EXPECT_THAT(entry.principal(), Not(IsEmpty()));
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(AuditLogTest, WhatATillDoesIsNoAct) {
  ASSERT_TRUE(MakeClient().RecordPurchase(SmallPurchase("p-1", 1'000)).ok());
  Adjust("a-1", 1);
  v1::ListAuditLogRequest ours;
  *ours.mutable_member() = Card("4005");
  EXPECT_THAT(Told(ours), ElementsAre(HasSubstr("ADJUST_POINTS a-1")));
}

TEST_F(AuditLogTest, ARepeatedOrRefusedRequestIsNoSecondAct) {
  Adjust("a-1", 300);
  Adjust("a-1", 300);
  v1::AdjustPointsRequest unknown;
  unknown.set_request_id("a-2");
  *unknown.mutable_member() = Card("4005");
  unknown.set_points(5);
  unknown.set_reason("no such reason");
  EXPECT_FALSE(MakeClient().AdjustPoints(unknown).ok());
  v1::ListAuditLogRequest adjustments;
  adjustments.set_kind(v1::EVENT_KIND_ADJUST_POINTS);
  EXPECT_EQ(List(adjustments).size(), 1U);
}

TEST_F(AuditLogTest, ProgramsAndMergesAreActs) {
  v1::ActivateProgramRequest activate;
  activate.set_program_text(ProgramText("second", 20));
  const auto activated = Because("spring prices").ActivateProgram(activate);
  ASSERT_TRUE(activated.ok()) << activated.status();
  const std::string other = Enroll("4006").member_id();
  v1::MergeMembersRequest merge;
  merge.set_request_id("m-1");
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(Because("one person, two cards").MergeMembers(merge).ok());
  const std::vector<std::string> told = Told();
  EXPECT_THAT(told, ::testing::Contains(AllOf(HasSubstr("ACTIVATE_PROGRAM"),
                                              HasSubstr("program 1>2 (spring prices)"))));
  EXPECT_THAT(told.front(), AllOf(HasSubstr("MERGE_MEMBERS m-1: "),
                                  HasSubstr(absl::StrCat("merged_into >", member_id_)),
                                  HasSubstr("(one person, two cards)")));
}

// Of attributes and aliases it says which they are, and nothing of what is in them.
TEST_F(AuditLogTest, NamesNobody) {
  v1::UpdateMemberRequest update;
  update.set_request_id("u-1");
  *update.mutable_member() = Card("4005");
  (*update.mutable_attributes())["nickname"] = "minji-of-hongdae";
  update.mutable_update_mask()->add_paths("attributes");
  const auto updated = MakeClient().UpdateMember(update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  v1::AddAliasRequest add;
  add.set_request_id("u-2");
  *add.mutable_member() = Card("4005");
  *add.mutable_alias() = MakeAlias("phone", "+821012345678");
  ASSERT_TRUE(MakeClient().AddAlias(add).ok());
  v1::ListAuditLogRequest ours;
  *ours.mutable_member() = Card("4005");
  EXPECT_THAT(Told(ours), ElementsAre("ADD_ALIAS u-2: alias.phone >set ()",
                                      "UPDATE_MEMBER u-1: attribute.nickname >set ()"));
  for (const v1::AuditEntry& entry : List(ours)) {
    EXPECT_THAT(entry.DebugString(), AllOf(Not(HasSubstr("hongdae")), Not(HasSubstr("8210"))));
  }
}

TEST_F(AuditLogTest, ListsByPrincipalTimeAndPage) {
  for (int i = 1; i <= 5; ++i) Adjust(absl::StrCat("a-", i), i);
  v1::ListAuditLogRequest request;
  *request.mutable_member() = Card("4005");
  const std::vector<std::string> all = Told(request);
  ASSERT_EQ(all.size(), 5U);
  request.set_page_size(2);
  EXPECT_EQ(Told(request), all);
  request.set_principal(List(request).front().principal());
  EXPECT_EQ(Told(request), all);
  request.set_principal("nobody");
  EXPECT_THAT(Told(request), IsEmpty());
  v1::ListAuditLogRequest past;
  past.mutable_recorded_until()->set_seconds(1'000'000'000);
  EXPECT_THAT(Told(past), IsEmpty());
}

TEST_F(AuditLogTest, BadRequestsNameTheField) {
  v1::ListAuditLogRequest list;
  list.set_page_token("x");
  EXPECT_EQ(ErrorReason(MakeClient().ListAuditLog(list).begin()->status()), "INVALID_FIELDS");
  v1::VerifyAuditLogRequest verify;
  v1::AuditHead& head = *verify.add_known_heads();
  head.set_partition(64);
  head.set_chain("short");
  const absl::Status refused = MakeClient().VerifyAuditLog(verify).status();
  std::vector<std::string> fields;
  for (const auto& violation : FieldViolations(refused)) fields.push_back(violation.field());
  EXPECT_THAT(fields, ElementsAre("known_heads[0].partition", "known_heads[0].number",
                                  "known_heads[0].chain"));
  EXPECT_EQ(ErrorReason(Suspend(Because(std::string(513, 'x')), "s-1")), "INVALID_FIELDS");
  EXPECT_EQ(ErrorReason(Suspend(Because("\xFF"), "s-1")), "INVALID_FIELDS");
}

// Somebody who may write to the database.
class TamperedAuditLogTest : public AuditLogTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(AuditLogTest::SetUp());
    for (int i = 1; i <= 5; ++i) Adjust(absl::StrCat("a-", i), i);
    ASSERT_THAT(Findings(), IsEmpty());
    // One member's acts lie in one partition; what was there before is the program's.
    first_ = List(OfMember()).back().number();
  }

  v1::ListAuditLogRequest OfMember() {
    v1::ListAuditLogRequest request;
    *request.mutable_member() = Card("4005");
    return request;
  }

  // "UPDATE ... WHERE number = that of the act" for the nth adjustment.
  std::string Where(int n) { return absl::StrCat(" WHERE request_id = 'a-", n, "'"); }

  // What is found, as "3 ..." of the adjustments' own numbers.
  std::vector<int64_t> Found() {
    std::vector<int64_t> numbers;
    const v1::VerifyAuditLogResponse verified = VerifyAuditLogOf(MakeClient(), {});
    for (const v1::AuditLogFinding& found : verified.findings()) {
      numbers.push_back(found.number() - first_ + 1);
    }
    return numbers;
  }

  int64_t first_ = 0;
};

TEST_F(TamperedAuditLogTest, AnAlteredActIsNamed) {
  ChangeByHand("UPDATE TABLE audit_log SET principal = 'somebody else'" + Where(3));
  EXPECT_THAT(Found(), ElementsAre(3));
}

TEST_F(TamperedAuditLogTest, AnActAboutAnotherMemberIsNamed) {
  ChangeByHand("UPDATE TABLE audit_log SET member_id = NULL" + Where(2));
  EXPECT_THAT(Found(), ElementsAre(2));
}

TEST_F(TamperedAuditLogTest, ARemovedActIsNamed) {
  ChangeByHand("DELETE FROM TABLE audit_log" + Where(3));
  EXPECT_THAT(Found(), ElementsAre(3));
}

TEST_F(TamperedAuditLogTest, TheLastActCannotVanishEither) {
  ChangeByHand("DELETE FROM TABLE audit_log" + Where(5));
  EXPECT_THAT(Found(), ElementsAre(5));
  Adjust("a-6", 6);
  EXPECT_THAT(Found(), ElementsAre(5)) << "and it stays missing";
}

TEST_F(TamperedAuditLogTest, SwappedActsAreNamed) {
  ChangeByHand("UPDATE TABLE audit_log SET request_id = 'x'" + Where(2));
  ChangeByHand("UPDATE TABLE audit_log SET request_id = 'a-2'" + Where(4));
  ChangeByHand("UPDATE TABLE audit_log SET request_id = 'a-4' WHERE request_id = 'x'");
  EXPECT_THAT(Found(), ElementsAre(2, 4));
}

TEST_F(TamperedAuditLogTest, AFormerHeadTellsOfAChainThatWasComputedAnew) {
  const v1::VerifyAuditLogRequest heads = Heads();
  EXPECT_THAT(Findings(heads), IsEmpty());
  Adjust("a-6", 6);
  EXPECT_THAT(Findings(heads), IsEmpty()) << "it has only grown";
  // As if nothing had ever been done to this member.
  ChangeByHand("DELETE FROM TABLE audit_log");
  ChangeByHand("DELETE FROM TABLE audit_end");
  EXPECT_THAT(Findings(), IsEmpty());
  EXPECT_THAT(Findings(heads), Not(IsEmpty()));
}

TEST_F(AuditLogTest, ActsOutliveTheServer) {
  Adjust("a-1", 300);
  const v1::VerifyAuditLogRequest heads = Heads();
  ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  Adjust("a-2", 1);
  EXPECT_THAT(Findings(heads), IsEmpty());
  v1::VerifyAuditLogRequest one_by_one;
  one_by_one.set_page_size(1);
  EXPECT_THAT(Findings(one_by_one), IsEmpty());
  EXPECT_EQ(VerifyAuditLogOf(MakeClient(), one_by_one).acts(),
            VerifyAuditLogOf(MakeClient(), {}).acts());
}

}  // namespace
}  // namespace dangol::e2e
