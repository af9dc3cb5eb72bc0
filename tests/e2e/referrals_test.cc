// Who was brought by whom, told through the API.

#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/incentives_fixture.h"

namespace dangol::e2e {
namespace {

// Minji has card 4005 and the code MINJI-24: who brings somebody has 1,000 stars, and so has who is
// brought.
class ReferralsTest : public IncentivesTest {
 protected:
  void StartWithReferrals(const std::string& more = "") {
    ASSERT_NO_FATAL_FAILURE(
        StartWith(absl::StrCat(Incentive("bringing", "referrer { return_days: 30 }", more),
                               Incentive("brought", "referred { return_days: 30 }"))));
    v1::AddAliasRequest add;
    *add.mutable_member() = Card("4005");
    *add.mutable_alias() = MinjisCode().alias();
    ASSERT_TRUE(MakeClient().AddAlias(add).ok());
  }

  static v1::MemberRef MinjisCode() {
    v1::MemberRef code;
    code.mutable_alias()->set_kind("referral_code");
    code.mutable_alias()->set_value("MINJI-24");
    return code;
  }

  v1::EnrollMemberRequest BroughtBy(const v1::MemberRef& by, const std::string& card) {
    v1::EnrollMemberRequest enroll;
    enroll.set_request_id("enroll-" + card);
    *enroll.add_aliases() = Card(card).alias();
    *enroll.mutable_referred_by() = by;
    return enroll;
  }

  void Bring(const std::string& card) {
    const auto enrolled = MakeClient().EnrollMember(BroughtBy(MinjisCode(), card));
    ASSERT_TRUE(enrolled.ok()) << enrolled.status();
    EXPECT_NE(enrolled->member().referrer_id(), "");
  }

  absl::Status Refer(const std::string& id, const v1::MemberRef& member, const v1::MemberRef& by) {
    v1::RecordReferralRequest record;
    record.set_request_id(id);
    *record.mutable_member() = member;
    *record.mutable_referred_by() = by;
    return MakeClient().RecordReferral(record).status();
  }
};

TEST_F(ReferralsTest, TheFirstPurchaseIsWorthSomethingToBothAndIsToldAtOnce) {
  StartWithReferrals();
  Bring("4006");
  EXPECT_EQ(Stars(), 0);
  const v1::PurchaseOutcome first = Buy("p-1", 0, 1'000, "4006");
  ASSERT_EQ(first.awards_size(), 1);
  EXPECT_EQ(first.awards(0).cause(), "incentive:brought");
  EXPECT_EQ(Stars("4006"), 1'000);
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_EQ(Buy("p-2", 0, 1'000, "4006").awards_size(), 0);
  EXPECT_EQ(Stars(), 1'000);
  BringBack("r-1", "p-1");
  EXPECT_EQ(Stars(), 1'000) << "the other of the day is left";
  BringBack("r-2", "p-2");
  EXPECT_EQ(Stars(), 0);
  EXPECT_EQ(Stars("4006"), 0);
  Buy("p-3", 0, 1'000, "4006");
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_THAT(Awards(), ::testing::ElementsAre(absl::StrCat(DayBefore(0), " incentive:bringing")));
  ExpectSoundBooks(MakeClient());
}

TEST_F(ReferralsTest, RefusesWhatIsNone) {
  StartWithReferrals();
  Bring("4006");
  Enroll("4007");
  EXPECT_EQ(ErrorReason(Refer("r-1", Card("4005"), MinjisCode())), "REFERRED_BY_THEMSELVES");
  EXPECT_EQ(ErrorReason(Refer("r-2", Card("4005"), Card("4006"))), "MEMBER_BEFORE_REFERRER");
  EXPECT_EQ(ErrorReason(Refer("r-3", Card("4006"), Card("4005"))), "ALREADY_REFERRED");
  EXPECT_EQ(ErrorReason(Refer("r-4", Card("4007"), Card("9999"))), "REFERRER_NOT_FOUND");
  EXPECT_EQ(ErrorReason(Refer("r-5", Card("9999"), Card("4005"))), "MEMBER_NOT_FOUND");
  EXPECT_EQ(ErrorReason(MakeClient().EnrollMember(BroughtBy(Card("9999"), "4008")).status()),
            "REFERRER_NOT_FOUND");
  Buy("p-1", 0, 1'000, "4007");
  EXPECT_EQ(ErrorReason(Refer("r-6", Card("4007"), Card("4005"))), "REFERRED_AFTER_PURCHASE");
  BringBack("b-1", "p-1");
  EXPECT_TRUE(Refer("r-7", Card("4007"), Card("4005")).ok());
  ExpectSoundBooks(MakeClient());
}

// A code was noted at the till and is recorded when the network is there again, after the
// purchase.
TEST_F(ReferralsTest, MayBeRecordedAfterThePurchaseThatItCameBefore) {
  StartWithReferrals();
  Enroll("4006");
  Buy("p-1", 0, 1'000, "4006");
  v1::RecordReferralRequest record;
  record.set_request_id("late");
  *record.mutable_member() = Card("4006");
  *record.mutable_referred_by() = MinjisCode();
  *record.mutable_occurred_at() = ToTimestamp(absl::Now() - absl::Hours(1));
  const auto recorded = MakeClient().RecordReferral(record);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(Stars(), 1'000);
  EXPECT_EQ(Stars("4006"), 1'000);
  // Repeated, whatever has become of the code.
  v1::RemoveAliasRequest remove;
  *remove.mutable_member() = Card("4005");
  *remove.mutable_alias() = MinjisCode().alias();
  ASSERT_TRUE(MakeClient().RemoveAlias(remove).ok());
  const auto again = MakeClient().RecordReferral(record);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(Stars(), 1'000);
  ExpectSoundBooks(MakeClient());
}

// Into either, so that the awards of who brought them lie in the purse that stays, or in the one
// that goes.
TEST_F(ReferralsTest, WhoIsMergedWithTheirReferrerHasBroughtThemselves) {
  StartWithReferrals();
  int merges = 0;
  for (const bool into_referrer : {true, false}) {
    const std::string card = absl::StrCat("41", ++merges);
    const std::string friends = absl::StrCat("42", merges);
    Enroll(card);
    ASSERT_TRUE(MakeClient().EnrollMember(BroughtBy(Card(card), friends)).ok());
    Buy(absl::StrCat("p-", merges), 0, 1'000, friends);
    EXPECT_EQ(Stars(card), 1'000);
    v1::MergeMembersRequest merge;
    merge.set_request_id(absl::StrCat("m-", merges));
    *merge.mutable_member() = Card(into_referrer ? friends : card);
    *merge.mutable_into() = Card(into_referrer ? card : friends);
    const auto merged = MakeClient().MergeMembers(merge);
    ASSERT_TRUE(merged.ok()) << merged.status();
    EXPECT_EQ(Stars(card), 0);
    ExpectSoundBooks(MakeClient());
    v1::UnmergeMemberRequest unmerge;
    unmerge.set_request_id(absl::StrCat("u-", merges));
    unmerge.set_merged_member_id(merged->merged_member_id());
    const auto parted = MakeClient().UnmergeMember(unmerge);
    ASSERT_TRUE(parted.ok()) << parted.status();
    ExpectSoundBooks(MakeClient());
  }
}

// Each of whom buys at the same time as all others.
TEST_F(ReferralsTest, ManyWhoAreBroughtAtOnceAreAllCountedWithinTheBudget) {
  StartWithReferrals("budget: 5500");
  constexpr int kFriends = 12;
  for (int i = 0; i < kFriends; ++i) Bring(absl::StrCat("f-", i));
  std::vector<std::thread> callers;
  for (int i = 0; i < kFriends; ++i) {
    callers.emplace_back([this, i] {
      const auto bought = MakeClient().RecordPurchase(
          PurchaseOf(absl::StrCat("p-", i), 0, 1'000, absl::StrCat("f-", i)));
      EXPECT_TRUE(bought.ok()) << bought.status();
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Stars(), 5'500);
  ExpectSoundBooks(MakeClient());
}

TEST_F(ReferralsTest, TellsWhoWasNotBrought) {
  StartWithReferrals();
  Buy("p-1", 0);
  const v1::ListProgressResponse progress = Progress();
  ASSERT_EQ(progress.incentives_size(), 2);
  EXPECT_EQ(progress.last_purchase(0), v1::PURCHASE_MISS_NO_PURCHASES);
  EXPECT_EQ(progress.last_purchase(1), v1::PURCHASE_MISS_NOT_REFERRED);
  EXPECT_EQ(progress.incentives(1).obstacles(0), v1::INCENTIVE_OBSTACLE_NOT_REFERRED);
}

}  // namespace
}  // namespace dangol::e2e
