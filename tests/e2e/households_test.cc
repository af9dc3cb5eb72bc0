// Members who share their points, through the API.

#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "dangol/error.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

v1::JoinHouseholdRequest JoinOf(const std::string& id, const v1::MemberRef& member,
                                const v1::MemberRef& household) {
  v1::JoinHouseholdRequest request;
  request.set_request_id(id);
  *request.mutable_member() = member;
  *request.mutable_household() = household;
  return request;
}

v1::LeaveHouseholdRequest LeaveOf(const std::string& id, const v1::MemberRef& member) {
  v1::LeaveHouseholdRequest request;
  request.set_request_id(id);
  *request.mutable_member() = member;
  return request;
}

// A point for 10 pence.
class HouseholdsTest : public DangoldTest {
 protected:
  void SetUp() override {
    std::ofstream(File("program.txtpb")) << ProgramText("households", 10);
    ASSERT_NO_FATAL_FAILURE(Start(flags_));
  }

  absl::Status Buy(const std::string& id, const v1::MemberRef& member, int64_t points) {
    v1::Purchase purchase = SmallPurchase(id, points * 10);
    *purchase.mutable_member() = member;
    return MakeClient().RecordPurchase(purchase).status();
  }

  absl::Status Return(const std::string& purchase, int64_t points) {
    v1::Return goods;
    goods.set_purchase_id(purchase);
    goods.set_amount_minor(points * 10);
    return MakeClient().RecordReturn(goods).status();
  }

  absl::Status Redeem(const v1::MemberRef& member, int64_t points) {
    v1::RedeemPointsRequest request;
    *request.mutable_member() = member;
    request.set_points(points);
    return MakeClient().RedeemPoints(request).status();
  }

  absl::Status Join(const v1::MemberRef& member, const v1::MemberRef& household) {
    return MakeClient().JoinHousehold(JoinOf("", member, household)).status();
  }

  absl::Status Leave(const v1::MemberRef& member) {
    return MakeClient().LeaveHousehold(LeaveOf("", member)).status();
  }

  int64_t Available(const v1::MemberRef& member) {
    const v1::GetBalanceResponse balance = MakeClient().GetBalance(member).value();
    return balance.wallets_size() == 0 ? 0 : balance.wallets(0).available();
  }

  const std::vector<std::string> flags_ = {"--program=" + File("program.txtpb")};
};

TEST_F(HouseholdsTest, EverybodyEarnsForAllAndSpendsOfAll) {
  const std::string head = Enroll("head").member_id();
  const std::string child = Enroll("child").member_id();
  Enroll("aunt");
  ASSERT_TRUE(Buy("p-1", Card("child"), 100).ok());
  const v1::JoinHouseholdResponse joined =
      MakeClient().JoinHousehold(JoinOf("join", Card("child"), Card("head"))).value();
  EXPECT_EQ(joined.household().member_id(), head);
  EXPECT_EQ(joined.member_id(), child);
  EXPECT_EQ(joined.balances(0).available(), 100);
  // Whoever is in it stands for it.
  ASSERT_TRUE(Join(Card("aunt"), Card("child")).ok());

  ASSERT_TRUE(Buy("p-2", Card("aunt"), 20).ok());
  ASSERT_TRUE(Redeem(Card("child"), 110).ok());
  for (const v1::MemberRef& anybody :
       {Card("head"), Card("child"), Card("aunt"), MemberById(child)}) {
    EXPECT_EQ(Available(anybody), 10);
  }
  ExpectRefused(Redeem(Card("head"), 11), kPrecondition, {}, "INSUFFICIENT_POINTS");

  // They stay members of their own.
  const v1::Member member = MakeClient().GetMember(Card("child")).value();
  EXPECT_EQ(member.member_id(), child);
  EXPECT_EQ(member.household_member_id(), head);
  EXPECT_EQ(member.status(), v1::MEMBER_STATUS_ACTIVE);
  v1::AddAliasRequest add;
  *add.mutable_member() = Card("child");
  *add.mutable_alias() = Card("child-2").alias();
  EXPECT_EQ(MakeClient().AddAlias(add).value().member().member_id(), child);
  EXPECT_EQ(Available(Card("child-2")), 10);
  ExpectSoundBooks(MakeClient());
}

TEST_F(HouseholdsTest, WhoLeavesTakesAlongWhatIsLeftOfTheirs) {
  Enroll("head");
  const std::string child = Enroll("child").member_id();
  ASSERT_TRUE(Join(Card("child"), Card("head")).ok());
  ASSERT_TRUE(Buy("p-head", Card("head"), 50).ok());
  ASSERT_TRUE(Buy("p-child", Card("child"), 30).ok());
  Kill();
  ASSERT_NO_FATAL_FAILURE(Start(flags_));
  ASSERT_TRUE(Redeem(Card("child"), 60).ok());
  const v1::LeaveHouseholdResponse left =
      MakeClient().LeaveHousehold(LeaveOf("leave", Card("child"))).value();
  EXPECT_EQ(left.member().member_id(), child);
  EXPECT_EQ(left.member().purchase_count(), 1);
  EXPECT_EQ(left.member().household_member_id(), "");
  EXPECT_EQ(left.balances(0).available(), 20) << "the oldest points were spent first";
  EXPECT_EQ(Available(Card("head")), 0);
  EXPECT_EQ(MakeClient().GetPurchase("p-child").value().member_id(), child);
  // The receipt is theirs now.
  ASSERT_TRUE(Return("p-child", 30).ok());
  EXPECT_EQ(Available(Card("child")), -10);
  EXPECT_EQ(Available(Card("head")), 0);
  ASSERT_TRUE(Buy("p-3", Card("child"), 15).ok());
  EXPECT_EQ(Available(Card("child")), 5);
  ExpectSoundBooks(MakeClient());
}

TEST_F(HouseholdsTest, WhoseHeadWasMergedMayStillLeave) {
  const std::string head = Enroll("head").member_id();
  const std::string child = Enroll("child").member_id();
  Enroll("other");
  ASSERT_TRUE(Buy("p-head", Card("head"), 20).ok());
  ASSERT_TRUE(Buy("p-other", Card("other"), 40).ok());
  ASSERT_TRUE(Join(Card("child"), Card("head")).ok());
  v1::MergeMembersRequest merge;
  *merge.mutable_member() = Card("head");
  *merge.mutable_into() = Card("other");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  ASSERT_TRUE(Buy("p-child", Card("child"), 7).ok());
  EXPECT_EQ(Available(Card("other")), 67);
  ASSERT_TRUE(Leave(Card("child")).ok());
  EXPECT_EQ(Available(Card("child")), 7);
  EXPECT_EQ(Available(Card("other")), 60);
  EXPECT_EQ(MakeClient().GetPurchase("p-child").value().member_id(), child);
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_merged_member_id(head);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  EXPECT_EQ(Available(Card("head")), 20);
  EXPECT_EQ(Available(Card("other")), 40);
  ExpectSoundBooks(MakeClient());
}

// A household shares points and nothing else.
TEST_F(HouseholdsTest, PurchasesCountsAndCapsStayWithThePerson) {
  std::string program = ProgramText("capped", 10);
  absl::StrReplaceAll(
      {{"id: \"base\"", "id: \"base\" qualifying: true caps { per: CAP_PERIOD_EVER points: 100 }"}},
      &program);
  v1::ActivateProgramRequest activate;
  activate.set_program_text(program);
  ASSERT_TRUE(MakeClient().ActivateProgram(activate).ok());
  Enroll("head");
  Enroll("child");
  ASSERT_TRUE(Join(Card("child"), Card("head")).ok());
  ASSERT_TRUE(Buy("p-1", Card("head"), 50).ok());
  ASSERT_TRUE(Buy("p-2", Card("child"), 30).ok());
  ASSERT_TRUE(Buy("p-3", Card("child"), 50).ok());
  EXPECT_EQ(Available(Card("head")), 130);
  EXPECT_EQ(MakeClient().GetMember(Card("child")).value().purchase_count(), 2);
  EXPECT_EQ(MakeClient().GetMember(Card("head")).value().purchase_count(), 1);
  v1::ListPurchasesRequest of_child;
  *of_child.mutable_member() = Card("child");
  std::vector<std::string> bought;
  for (const auto& purchase : MakeClient().ListPurchases(of_child)) {
    bought.push_back(purchase.value().purchase_id());
  }
  EXPECT_THAT(bought, ::testing::UnorderedElementsAre("p-2", "p-3"));
  EXPECT_EQ(MakeClient().GetBalance(Card("child")).value().wallets(0).qualifying_points(), 80);
  EXPECT_EQ(MakeClient().GetBalance(Card("head")).value().wallets(0).qualifying_points(), 50);
  ASSERT_TRUE(Leave(Card("child")).ok());
  ASSERT_TRUE(Buy("p-4", Card("head"), 90).ok());
  EXPECT_EQ(Available(Card("head")), 100) << "50 were left for the head";
  ASSERT_TRUE(Buy("p-5", Card("child"), 90).ok());
  EXPECT_EQ(Available(Card("child")), 100) << "and 20 for the child";
  ExpectSoundBooks(MakeClient());
}

TEST_F(HouseholdsTest, WhatIsRefusedSaysWhy) {
  Enroll("head");
  const std::string child = Enroll("child").member_id();
  Enroll("other");
  ExpectRefused(MakeClient().JoinHousehold({}).status(), absl::StatusCode::kInvalidArgument,
                {"household", "member"}, "INVALID_FIELDS");
  ExpectRefused(MakeClient().LeaveHousehold({}).status(), absl::StatusCode::kInvalidArgument,
                {"member"}, "INVALID_FIELDS");
  ExpectRefused(Join(Card("child"), Card("nobody")), absl::StatusCode::kNotFound, {"household"},
                "HOUSEHOLD_NOT_FOUND");
  ExpectRefused(Join(Card("nobody"), Card("child")), absl::StatusCode::kNotFound, {},
                "MEMBER_NOT_FOUND");
  ExpectRefused(Leave(Card("child")), kPrecondition, {}, "MEMBER_NOT_IN_HOUSEHOLD");
  ASSERT_TRUE(Join(Card("child"), Card("head")).ok());
  ExpectRefused(Join(Card("child"), Card("other")), kPrecondition, {"member"},
                "MEMBER_IN_HOUSEHOLD");
  ExpectRefused(Join(Card("head"), Card("child")), absl::StatusCode::kInvalidArgument,
                {"household"}, "HOUSEHOLD_OF_THEMSELVES");
  v1::MergeMembersRequest merge;
  *merge.mutable_member() = Card("other");
  *merge.mutable_into() = Card("child");
  ExpectRefused(MakeClient().MergeMembers(merge).status(), kPrecondition, {"into"},
                "MEMBER_IN_HOUSEHOLD");
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_merged_member_id(child);
  ExpectRefused(MakeClient().UnmergeMember(unmerge).status(), kPrecondition, {},
                "MEMBER_NOT_MERGED");
  v1::SuspendMemberRequest suspend;
  *suspend.mutable_member() = Card("child");
  ExpectRefused(MakeClient().SuspendMember(suspend).status(), kPrecondition, {},
                "MEMBER_IN_HOUSEHOLD");
  ExpectSoundBooks(MakeClient());
}

// Everybody buys and spends by their own card at once, while some of them leave and come
// back: no point is lost or spent twice.
TEST_F(HouseholdsTest, AFamilyOfEightAtOnce) {
  constexpr int kPeople = 8;
  Enroll("0");
  for (int i = 1; i < kPeople; ++i) {
    Enroll(absl::StrCat(i));
    ASSERT_TRUE(Join(Card(absl::StrCat(i)), Card("0")).ok());
  }
  std::atomic<int64_t> points = 0;
  std::barrier together(kPeople);
  std::vector<std::thread> people;
  for (int number = 0; number < kPeople; ++number) {
    people.emplace_back([&, number] {
      std::mt19937 random(20'261'126u + static_cast<unsigned>(number));
      Client client = MakeClient();
      const v1::MemberRef self = Card(absl::StrCat(number));
      together.arrive_and_wait();
      for (int call = 0; call < 30; ++call) {
        const std::string id = absl::StrCat(number, "-", call);
        const auto kind = random() % 8;
        absl::Status status;
        if (kind == 0 && number % 2 == 1) {
          status = client.LeaveHousehold(LeaveOf(id, self)).status();
        } else if (kind == 1 && number % 2 == 1) {
          status = client.JoinHousehold(JoinOf(id, self, Card("0"))).status();
        } else if (kind < 4) {
          v1::RedeemPointsRequest redeem;
          *redeem.mutable_member() = self;
          redeem.set_request_id(id);
          redeem.set_points(7);
          status = client.RedeemPoints(redeem).status();
          if (status.ok()) points -= 7;
        } else {
          v1::Purchase purchase = SmallPurchase(id, 100);
          *purchase.mutable_member() = self;
          status = client.RecordPurchase(purchase).status();
          EXPECT_TRUE(status.ok()) << status;
          points += 10;
        }
        EXPECT_TRUE(status.ok() || absl::IsFailedPrecondition(status)) << status;
      }
    });
  }
  for (std::thread& person : people) person.join();
  const v1::GetTotalsResponse totals = TotalsOf(MakeClient());
  EXPECT_EQ(Points(totals).available(), points);
  ExpectSoundBooks(MakeClient());
}

// What is said of a person stands in the log of the purse that they use, in its place among what
// they and the others do: an audit asks again what a referral, an attribute and an alias were worth
// at the time. The head was a member first, so that an audit comes to their log first.
TEST_F(HouseholdsTest, WhatIsSaidOfAPersonIsInOneOrderWithWhatTheyBuy) {
  Kill();
  std::ofstream(File("program.txtpb"))
      << ProgramText("persons", 10)
      << "multipliers { id: \"staff\" wallet: \"points\" factor { numerator: 3 denominator: 1 }"
         " when { attributes { key: \"staff\" value: \"yes\" } } }\n"
         "incentives { id: \"brought\" referred {} reward { wallet: \"points\" points: 10 } }\n";
  ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  Enroll("head");
  Enroll("friend");
  Enroll("child");
  ASSERT_TRUE(Join(Card("child"), Card("head")).ok());
  v1::RecordReferralRequest referral;
  *referral.mutable_member() = Card("child");
  *referral.mutable_referred_by() = Card("friend");
  ASSERT_TRUE(MakeClient().RecordReferral(referral).ok());
  ASSERT_TRUE(Buy("p-1", Card("child"), 100).ok());
  const auto set_staff = [&](const std::string& value) {
    v1::UpdateMemberRequest update;
    *update.mutable_member() = Card("child");
    (*update.mutable_attributes())["staff"] = value;
    update.mutable_update_mask()->add_paths("attributes.staff");
    const auto updated = MakeClient().UpdateMember(update);
    ASSERT_TRUE(updated.ok()) << updated.status();
    EXPECT_EQ(updated->member().attributes().at("staff"), value);
    EXPECT_EQ(updated->member().aliases(0).value(), "child");
  };
  set_staff("yes");
  ASSERT_TRUE(Buy("p-2", Card("child"), 10).ok());
  set_staff("no");
  ASSERT_TRUE(Buy("p-3", Card("child"), 1).ok());
  v1::AddAliasRequest add;
  *add.mutable_member() = Card("child");
  *add.mutable_alias() = MakeAlias("card", "second");
  const auto added = MakeClient().AddAlias(add);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->member().aliases_size(), 2);
  ASSERT_TRUE(Buy("p-4", Card("second"), 1).ok());
  v1::RemoveAliasRequest remove;
  *remove.mutable_member() = Card("child");
  *remove.mutable_alias() = MakeAlias("card", "second");
  const auto removed = MakeClient().RemoveAlias(remove);
  ASSERT_TRUE(removed.ok()) << removed.status();
  EXPECT_EQ(removed->member().aliases_size(), 1);
  EXPECT_EQ(Available(Card("head")), 100 + 10 + 30 + 1 + 1);
  ExpectSoundBooks(MakeClient());
  ASSERT_TRUE(Leave(Card("child")).ok());
  EXPECT_EQ(Available(Card("child")), 142);
  ExpectSoundBooks(MakeClient());
}

// A referral that is told after the purchase pays into the purse that they use.
TEST_F(HouseholdsTest, ALateReferralPaysIntoTheHouseholdsPurse) {
  Kill();
  std::ofstream(File("program.txtpb"))
      << ProgramText("late", 10)
      << "incentives { id: \"brought\" referred {} reward { wallet: \"points\" points: 10 } }\n";
  ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb")}));
  Enroll("head");
  Enroll("friend");
  const v1::Member child = Enroll("child");
  ASSERT_TRUE(Join(Card("child"), Card("head")).ok());
  ASSERT_TRUE(Buy("p-1", Card("child"), 100).ok());
  v1::RecordReferralRequest referral;
  *referral.mutable_member() = Card("child");
  *referral.mutable_referred_by() = Card("friend");
  *referral.mutable_occurred_at() = child.enrolled_at();
  const auto recorded = MakeClient().RecordReferral(referral);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(Available(Card("head")), 110);
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
