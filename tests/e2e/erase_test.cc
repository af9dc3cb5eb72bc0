// Somebody is forgotten: nothing in the store names or describes them any more.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"
#include "tests/support/stored_bytes.h"

namespace dangol::e2e {
namespace {

using ::testing::HasSubstr;

// What could tell who Minji was.
const std::vector<std::string> kWords = {"4005-0001", "4006-0001",      "+82105550199", "hongdae",
                                         "Mapo-gu",   "cold and salty", "minji@shop.kr"};

void ExpectNoneOf(const std::vector<std::string>& words, const std::string& bytes) {
  for (const std::string& word : words) {
    EXPECT_FALSE(absl::StrContains(bytes, word)) << word << " is still there";
  }
}

class EraseTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramText("care", 10) << R"(
care {
  categories { id: "taste" department: "kitchen" }
  deadlines { severity: SEVERITY_LOW acknowledge_hours: 24 resolve_hours: 96 }
  deadlines { severity: SEVERITY_MEDIUM acknowledge_hours: 8 resolve_hours: 48 }
  deadlines { severity: SEVERITY_HIGH acknowledge_hours: 2 resolve_hours: 24 }
}
)";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
    LiveALife();
  }

  std::string Enroll(const std::string& request_id, const std::string& card,
                     const std::string& district = "") {
    v1::EnrollMemberRequest request;
    request.set_request_id(request_id);
    *request.add_aliases() = MakeAlias("card", card);
    if (!district.empty()) (*request.mutable_attributes())["district"] = district;
    const auto enrolled = MakeClient().EnrollMember(request);
    EXPECT_TRUE(enrolled.ok()) << enrolled.status();
    return enrolled->member().member_id();
  }

  void Buy(const std::string& id, const std::string& card) {
    const auto recorded = MakeClient().RecordPurchase(
        PurchaseBuilder(id, Card(card)).Currency("GBP").Goods("tea", 1, 5'000).Build());
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }

  // Two cards of one person, a friend whom she brought and gave points to, a complaint, a phone
  // that she gave up, an address that she changed.
  void LiveALife() {
    minji_ = Enroll("e-1", "4005-0001", "hongdae");
    Enroll("e-2", "4006-0001", "Mapo-gu");
    Buy("p-1", "4005-0001");
    Buy("p-2", "4006-0001");
    v1::EnrollMemberRequest friends;
    friends.set_request_id("e-3");
    *friends.add_aliases() = MakeAlias("card", "7777");
    *friends.mutable_referred_by() = Card("4005-0001");
    friend_ = MakeClient().EnrollMember(friends).value().member().member_id();
    v1::TransferPointsRequest gift;
    gift.set_request_id("t-1");
    *gift.mutable_member() = Card("7777");
    *gift.mutable_to() = Card("4005-0001");
    gift.set_points(1);
    Buy("p-3", "7777");
    ASSERT_TRUE(MakeClient().TransferPoints(gift).ok());
    v1::FileComplaintRequest complain;
    complain.set_request_id("c-1");
    *complain.mutable_member() = Card("4005-0001");
    complain.set_category("taste");
    complain.set_severity(v1::SEVERITY_LOW);
    complain.set_text("cold and salty");
    const auto filed = MakeClient().FileComplaint(complain);
    ASSERT_TRUE(filed.ok()) << filed.status();
    v1::AddAliasRequest add;
    add.set_request_id("a-1");
    *add.mutable_member() = Card("4005-0001");
    *add.mutable_alias() = MakeAlias("phone", "+82105550199");
    ASSERT_TRUE(MakeClient().AddAlias(add).ok());
    v1::RemoveAliasRequest remove;
    remove.set_request_id("a-2");
    *remove.mutable_member() = MemberByAlias("phone", "+82105550199");
    *remove.mutable_alias() = MakeAlias("phone", "+82105550199");
    ASSERT_TRUE(MakeClient().RemoveAlias(remove).ok());
    v1::UpdateMemberRequest update;
    update.set_request_id("u-1");
    *update.mutable_member() = Card("4005-0001");
    (*update.mutable_attributes())["email"] = "minji@shop.kr";
    update.mutable_update_mask()->add_paths("attributes");
    ASSERT_TRUE(MakeClient().UpdateMember(update).ok());
    v1::MergeMembersRequest merge;
    merge.set_request_id("m-1");
    *merge.mutable_member() = Card("4006-0001");
    *merge.mutable_into() = Card("4005-0001");
    const auto merged = MakeClient().MergeMembers(merge);
    ASSERT_TRUE(merged.ok()) << merged.status();
    merged_ = merged->merged_member_id();
  }

  void HostAGuest(const std::string& id) {
    Client client = MakeClient();
    const std::string first = Enroll("one/" + id, "guest-" + id, "lives in " + id);
    Enroll("two/" + id, "guest-two-" + id, "lives in two " + id);
    Buy("buy/" + id, "guest-" + id);
    Buy("buy-two/" + id, "guest-two-" + id);
    v1::TransferPointsRequest gift;
    gift.set_request_id("give/" + id);
    *gift.mutable_member() = Card("guest-" + id);
    *gift.mutable_to() = Card("7777");
    gift.set_points(7);
    EXPECT_TRUE(client.TransferPoints(gift).ok());
    v1::MergeMembersRequest merge;
    merge.set_request_id("merge/" + id);
    *merge.mutable_member() = Card("guest-two-" + id);
    *merge.mutable_into() = Card("guest-" + id);
    EXPECT_TRUE(client.MergeMembers(merge).ok());
    // A third card of the same person, with a phone that was a mistake of somebody else's.
    const std::string third = Enroll("three/" + id, "guest-three-" + id);
    v1::AddAliasRequest add;
    add.set_request_id("add/" + id);
    *add.mutable_member() = MemberById(third);
    *add.mutable_alias() = MakeAlias("phone", "guest-phone-" + id);
    EXPECT_TRUE(client.AddAlias(add).ok());
    v1::RemoveAliasRequest remove;
    remove.set_request_id("remove/" + id);
    *remove.mutable_member() = MemberById(third);
    *remove.mutable_alias() = add.alias();
    EXPECT_TRUE(client.RemoveAlias(remove).ok());
    add.set_request_id("add-again/" + id);
    *add.mutable_member() = MemberById(first);
    EXPECT_TRUE(client.AddAlias(add).ok());
    merge.set_request_id("merge-three/" + id);
    *merge.mutable_member() = MemberById(third);
    EXPECT_TRUE(client.MergeMembers(merge).ok());
    // Somebody calls them all the while: it is done, or they are gone.
    std::thread caller([&] {
      Client till = MakeImpatientClient();
      for (int i = 0; i < 20; ++i) {
        const auto sold = till.RecordPurchase(
            PurchaseBuilder(absl::StrCat("late/", id, "/", i), Card("guest-" + id))
                .Currency("GBP")
                .Goods("tea", 1, 100)
                .Build());
        const std::string reason = ErrorReason(sold.status());
        EXPECT_TRUE(sold.ok() || reason == "MEMBER_NOT_FOUND" || reason == "MEMBER_CLOSED")
            << sold.status();
      }
    });
    const auto erased = Erase("erase/" + id, first);
    EXPECT_TRUE(erased.ok()) << erased.status();
    caller.join();
  }

  absl::StatusOr<v1::EraseMemberResponse> Erase(const std::string& request_id,
                                                const std::string& member_id) {
    v1::EraseMemberRequest request;
    request.set_request_id(request_id);
    request.set_member_id(member_id);
    return MakeClient().EraseMember(request);
  }

  std::string minji_;
  std::string merged_;
  std::string friend_;
};

TEST_F(EraseTest, NothingInTheStoreNamesThemAndTheBooksAddUp) {
  const int64_t gross = GrossMinor(TotalsOf(MakeClient()), "GBP");
  const auto erased = Erase("x-1", minji_);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(erased->member().status(), v1::MEMBER_STATUS_ERASED);
  EXPECT_EQ(erased->member().aliases_size() + erased->member().attributes_size(), 0);
  EXPECT_EQ(erased->member().purchase_count(), 2) << "those of both cards";
  ExpectSoundBooks(MakeClient());
  EXPECT_EQ(GrossMinor(TotalsOf(MakeClient()), "GBP"), gross);
  EXPECT_EQ(MakeClient().GetMember(MemberById(merged_)).value().status(), v1::MEMBER_STATUS_ERASED);
  EXPECT_EQ(MakeClient().LookupMember(MakeAlias("card", "4006-0001")).status().code(),
            absl::StatusCode::kNotFound);
  // As who takes the disk away would find it.
  Kill();
  const std::string bytes = testing::StoredBytes(store_url());
  EXPECT_THAT(bytes, HasSubstr("7777")) << "it does look where names are";
  ExpectNoneOf(kWords, bytes);
}

// A merge, what undoes it, and who joins or leaves a household tell of both.
TEST_F(EraseTest, NothingIsLeftWithWhomTheyWereOneOrSharedWith) {
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_request_id("m-2");
  unmerge.set_merged_member_id(merged_);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  v1::JoinHouseholdRequest join;
  join.set_request_id("j-1");
  *join.mutable_member() = Card("4005-0001");
  *join.mutable_household() = Card("7777");
  ASSERT_TRUE(MakeClient().JoinHousehold(join).ok());
  v1::UpdateMemberRequest update;
  update.set_request_id("u-2");
  *update.mutable_member() = Card("4005-0001");
  (*update.mutable_attributes())["district"] = "Yeonnam";
  update.mutable_update_mask()->add_paths("attributes.district");
  ASSERT_TRUE(MakeClient().UpdateMember(update).ok());
  EXPECT_EQ(ErrorReason(Erase("x-0", minji_).status()), "MEMBER_IN_HOUSEHOLD");
  EXPECT_EQ(ErrorReason(Erase("x-0", friend_).status()), "HOUSEHOLD_NOT_EMPTY");
  v1::LeaveHouseholdRequest leave;
  leave.set_request_id("j-2");
  *leave.mutable_member() = Card("4005-0001");
  ASSERT_TRUE(MakeClient().LeaveHousehold(leave).ok());
  ASSERT_TRUE(Erase("x-1", minji_).ok());
  ExpectSoundBooks(MakeClient());
  Kill();
  const std::string bytes = testing::StoredBytes(store_url());
  ExpectNoneOf({"4005-0001", "hongdae", "Yeonnam", "minji@shop.kr", "cold and salty"}, bytes);
  EXPECT_THAT(bytes, HasSubstr("4006-0001")) << "who has parted is somebody else";
  EXPECT_THAT(bytes, HasSubstr("Mapo-gu"));
}

TEST_F(EraseTest, TheErasureIsAnsweredAgainAndNothingElseIs) {
  const auto first = Erase("x-1", minji_);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = Erase("x-1", minji_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(BytesOf(again->member()), BytesOf(first->member()));
  EXPECT_EQ(ErrorReason(Erase("x-2", minji_).status()), "MEMBER_ERASED");
  EXPECT_EQ(ErrorReason(Erase("x-3", merged_).status()), "MEMBER_ERASED");
  const auto purchase = MakeImpatientClient().RecordPurchase(
      PurchaseBuilder("p-1", Card("4005-0001")).Currency("GBP").Goods("tea", 1, 5'000).Build());
  EXPECT_EQ(ErrorReason(purchase.status()), "REQUEST_ID_REUSED");
  EXPECT_THAT(std::string(purchase.status().message()), HasSubstr("has been erased since"));
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_request_id("m-2");
  unmerge.set_merged_member_id(merged_);
  EXPECT_EQ(ErrorReason(MakeClient().UnmergeMember(unmerge).status()), "MEMBER_ERASED");
  ExpectSoundBooks(MakeClient());
}

TEST_F(EraseTest, WhoEnrolsWithTheAliasLaterIsSomebodyNew) {
  ASSERT_TRUE(Erase("x-1", minji_).ok());
  const std::string anew = Enroll("e-9", "4005-0001");
  EXPECT_NE(anew, minji_);
  Buy("p-9", "4005-0001");
  EXPECT_EQ(MakeClient().GetMember(Card("4005-0001")).value().purchase_count(), 1);
  EXPECT_EQ(MakeClient().GetMember(MemberById(friend_)).value().referrer_id(), minji_)
      << "an id, which means nobody";
  ExpectSoundBooks(MakeClient());
}

// What is exported is what there is to be forgotten.
TEST_F(EraseTest, AnExportHasAllOfItBefore) {
  const Ended ended = RunToEnd({testing::ProgramPath("dangolctl"), "--server=" + address(),
                                "member", "export", "card:4006-0001"},
                               File("export.jsonl"));
  ASSERT_EQ(ended.code, 0) << ended.output;
  for (const char* const word :
       {"4005-0001", "4006-0001", "minji@shop.kr", "cold and salty", "\"purchase\":", "p-1", "p-2",
        "\"ledger_entry\":", "t-1", "\"referred_member\":", "\"complaint\":", "\"balance\":"}) {
    EXPECT_THAT(ended.output, HasSubstr(word));
  }
}

TEST_F(EraseTest, BadRequestsNameTheField) {
  EXPECT_THAT(std::string(Erase("x-1", "card:4005-0001").status().message()),
              HasSubstr("member_id"));
  EXPECT_EQ(ErrorReason(Erase("x-1", "01935d2e-8c00-7000-8000-000000000001").status()),
            "MEMBER_NOT_FOUND");
}

// Guests come, buy, give points, turn out to be one person with three cards, and are forgotten,
// while somebody calls them by their cards.
TEST_F(EraseTest, GuestsAreForgottenUnderLoad) {
  constexpr int kThreads = 4;
  constexpr int kGuests = 10;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kGuests; ++i) HostAGuest(absl::StrCat(thread, "-", i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  ExpectSoundBooks(MakeClient());
  Kill();
  ExpectNoneOf({"guest-", "lives in"}, testing::StoredBytes(store_url()));
}

TEST_F(EraseTest, WhatWasAcknowledgedOutlivesAKill) {
  ASSERT_TRUE(Erase("x-1", minji_).ok());
  Kill();
  ASSERT_NO_FATAL_FAILURE(Start());
  EXPECT_TRUE(Erase("x-1", minji_)->replayed());
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
