// dangolctl member.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "app_fixture.h"

namespace dangol::cli {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Return;

TEST_F(AppTest, ListsMembersAndSaysWhenThereAreMore) {
  EXPECT_CALL(*server_, ListMembers(_)).WillRepeatedly([](const auto&) {
    v1::ListMembersResponse page;
    for (int i = 0; i < 3; ++i) {
      auto* member = page.add_members();
      member->set_member_id(absl::StrCat("01a2032d-60f6-7dbf-9e76-e2f088a189d", i));
      member->set_status(v1::MEMBER_STATUS_ACTIVE);
      *member->add_aliases() = MakeAlias("email", std::string(90, 'x'));
    }
    return page;
  });
  const Outcome two = Dangolctl({"member", "list", "--limit", "2"});
  EXPECT_THAT(two.out, HasSubstr("There are more"));
  EXPECT_THAT(two.out, testing::Not(HasSubstr("e2f088a189d2")));
  ExpectFits(two.out);
  const Outcome all = Dangolctl({"member", "list", "--limit", "0", "--output", "json"});
  EXPECT_EQ(Json::parse(all.out)["members"].size(), 3);
  EXPECT_EQ(Json::parse(all.out)["members"][2]["status"], "ACTIVE");
}

TEST_F(AppTest, ChangesTheStatusOfAMember) {
  v1::SuspendMemberRequest suspend;
  v1::SuspendMemberResponse suspended;
  suspended.mutable_member()->set_status(v1::MEMBER_STATUS_SUSPENDED);
  EXPECT_CALL(*server_, SuspendMember(_)).WillRepeatedly(Answer(suspend, suspended));
  const Outcome outcome = Dangolctl({"member", "suspend", "card:1", "--request-id", "s-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(suspend.request_id(), "s-1");
  EXPECT_EQ(suspend.member().alias().value(), "1");
  EXPECT_THAT(outcome.out, HasSubstr("SUSPENDED"));

  EXPECT_CALL(*server_, ReinstateMember(_)).WillOnce(Return(v1::ReinstateMemberResponse()));
  EXPECT_EQ(Dangolctl({"member", "reinstate", "card:1"}).code, ExitCode::kOk);
  EXPECT_CALL(*server_, CloseMember(_))
      .WillOnce(
          Return(MakeError(absl::StatusCode::kFailedPrecondition, "MEMBER_CLOSED", "closed")));
  EXPECT_EQ(Dangolctl({"member", "close", "card:1"}).code, ExitCode::kConflict);
}

TEST_F(AppTest, ErasesByIdOnly) {
  v1::EraseMemberRequest erase;
  v1::EraseMemberResponse erased;
  erased.mutable_member()->set_status(v1::MEMBER_STATUS_ERASED);
  EXPECT_CALL(*server_, EraseMember(_)).WillOnce(Answer(erase, erased));
  const Outcome outcome = Dangolctl({"member", "erase", "m-1", "--request-id", "x-1"});
  ASSERT_EQ(outcome.code, ExitCode::kOk) << outcome.error;
  EXPECT_EQ(erase.member_id(), "m-1");
  EXPECT_EQ(erase.request_id(), "x-1");
  EXPECT_THAT(outcome.out, HasSubstr("ERASED"));
}

TEST_F(AppTest, ListSaysIntoWhomSomebodyWasMerged) {
  v1::ListMembersResponse page;
  v1::Member& member = *page.add_members();
  member.set_member_id("merged");
  member.set_status(v1::MEMBER_STATUS_MERGED);
  member.set_merged_into_member_id("survivor");
  EXPECT_CALL(*server_, ListMembers(_)).WillOnce(Return(page));
  EXPECT_THAT(Dangolctl({"member", "list"}).out, HasSubstr("merged into survivor"));
}

TEST_F(AppTest, MergesMembersAndUndoesIt) {
  v1::MergeMembersResponse merged;
  merged.mutable_member()->set_member_id("survivor");
  merged.mutable_member()->add_aliases()->set_kind("card");
  merged.set_merged_member_id("merged");
  EXPECT_CALL(*server_, MergeMembers(_))
      .WillRepeatedly([&](const v1::MergeMembersRequest& request) {
        EXPECT_EQ(request.member().alias().value(), "4006");
        EXPECT_EQ(request.into().alias().value(), "4005");
        return merged;
      });
  const std::vector<std::string> merge = {"member", "merge", "card:4006", "--into", "card:4005"};
  const Outcome told = Dangolctl(merge);
  EXPECT_EQ(told.code, ExitCode::kOk) << told.error;
  EXPECT_THAT(told.out, HasSubstr("survivor"));
  EXPECT_THAT(told.out, HasSubstr("dangolctl member unmerge merged"));
  std::vector<std::string> json = merge;
  json.insert(json.end(), {"--output", "json"});
  EXPECT_EQ(Json::parse(Dangolctl(json).out)["merged_member_id"], "merged");
  EXPECT_EQ(Dangolctl({"member", "merge", "card:4006"}).code, ExitCode::kUsage);
  EXPECT_THAT(told.out, Not(HasSubstr("recorded before")));
  merged.set_replayed(true);
  EXPECT_THAT(Dangolctl(merge).out, HasSubstr("It was recorded before"));

  v1::UnmergeMemberResponse unmerged;
  unmerged.mutable_member()->set_member_id("merged");
  unmerged.set_survivor_member_id("survivor");
  EXPECT_CALL(*server_, UnmergeMember(_))
      .WillRepeatedly([&](const v1::UnmergeMemberRequest& request) {
        EXPECT_EQ(request.merged_member_id(), "merged");
        return unmerged;
      });
  EXPECT_THAT(Dangolctl({"member", "unmerge", "merged"}).out, HasSubstr("merged"));
  EXPECT_EQ(
      Json::parse(
          Dangolctl({"member", "unmerge", "merged", "--output", "json"}).out)["survivor_member_id"],
      "survivor");
}

TEST_F(AppTest, LetsMembersJoinAndLeaveAHousehold) {
  v1::JoinHouseholdResponse joined;
  joined.mutable_household()->set_member_id("head");
  joined.set_member_id("child");
  EXPECT_CALL(*server_, JoinHousehold(_))
      .WillRepeatedly([&](const v1::JoinHouseholdRequest& request) {
        EXPECT_EQ(request.member().alias().value(), "4007");
        EXPECT_EQ(request.household().alias().value(), "4005");
        return joined;
      });
  const Outcome told = Dangolctl({"member", "join", "card:4007", "--household", "card:4005"});
  EXPECT_EQ(told.code, ExitCode::kOk) << told.error;
  EXPECT_THAT(told.out, HasSubstr("head"));
  v1::LeaveHouseholdResponse left;
  left.mutable_member()->set_member_id("child");
  EXPECT_CALL(*server_, LeaveHousehold(_))
      .WillRepeatedly([&](const v1::LeaveHouseholdRequest& request) {
        EXPECT_EQ(request.member().alias().value(), "4007");
        return left;
      });
  EXPECT_THAT(Dangolctl({"member", "leave", "card:4007"}).out, HasSubstr("child"));
}

}  // namespace
}  // namespace dangol::cli
