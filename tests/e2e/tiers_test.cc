// Members climb, fall and are decided on, told through the API.

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

// Bronze is everybody's; silver takes 100 pounds within twelve months, gold 500.
constexpr char kLadder[] = R"(
ladders {
  id: "main"
  qualification { rolling { months: 12 } }
  validity { after { months: 12 } }
  tiers { id: "bronze" name: "Bronze" }
  tiers { id: "silver" name: "Silver" reach { net_spend: "GBP" at_least: 10000 } $gift }
  tiers { id: "gold" name: "Gold" reach { net_spend: "GBP" at_least: 50000 } }
}
)";

constexpr char kDoubleSilver[] =
    "multipliers { id: \"silver\" wallet: \"points\" factor { numerator: 2 denominator: 1 }"
    " when { tier { at_least: \"silver\" } } }\n";

std::string DayBefore(int days) {
  return absl::FormatCivilTime(absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) - days);
}

class TiersTest : public DangoldTest {
 protected:
  void SetUp() override {}

  static std::string LadderWith(const std::string& gift = "") {
    std::string text = kLadder;
    text.replace(text.find("$gift"), 5, gift);
    return text;
  }

  // A point for ten pence.
  std::string WriteProgram(const std::string& more) {
    const std::string file = File(absl::StrCat("program-", ++programs_, ".txtpb"));
    std::ofstream(file) << ProgramText("tiers", 10) << more;
    return file;
  }

  void StartWith(const std::string& more) {
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + WriteProgram(more)}));
    Enroll("4005");
  }

  v1::PurchaseOutcome Buy(const std::string& id, int64_t pence, int days_ago = 0) {
    v1::Purchase purchase = SmallPurchase(id, pence);
    *purchase.mutable_occurred_at() = ToTimestamp(absl::Now() - absl::Hours(24 * days_ago));
    const auto preview = MakeClient().PreviewPurchase(purchase);
    const auto response = MakeClient().RecordPurchase(purchase);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok() || !preview.ok()) return {};
    // A preview tells the same, tiers included.
    EXPECT_EQ(preview->tiers(0).DebugString(), response->outcome().tiers(0).DebugString());
    EXPECT_EQ(preview->earned_size(), response->outcome().earned_size());
    return response->outcome();
  }

  v1::TierStatus Status(const std::string& card = "4005") {
    const auto response = MakeClient().GetTierStatus(Card(card));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->ladders(0) : v1::TierStatus();
  }

  std::vector<std::string> History() {
    v1::ListTierHistoryRequest request;
    *request.mutable_member() = Card("4005");
    request.set_page_size(1);
    std::vector<std::string> told;
    for (const auto& entry : MakeClient().ListTierHistory(request)) {
      EXPECT_TRUE(entry.ok()) << entry.status();
      if (!entry.ok()) break;
      told.push_back(absl::StrCat(entry->day(), " ", entry->tier().id(), " ",
                                  v1::TierReason_Name(entry->reason())));
    }
    return told;
  }

  absl::StatusOr<v1::OverrideTierResponse> Decide(const std::string& tier,
                                                  const std::string& until = "") {
    v1::OverrideTierRequest request;
    request.set_request_id(absl::StrCat("decision-", ++decisions_));
    *request.mutable_member() = Card("4005");
    request.set_ladder("main");
    request.set_tier(tier);
    request.set_until(until);
    request.set_reason("a test");
    return MakeClient().OverrideTier(request);
  }

  int64_t Available() {
    EXPECT_EQ(TotalsOf(MakeClient()).trial_balance(), 0);
    return MakeClient().GetBalance(Card("4005")).value().wallets(0).available();
  }

 private:
  int programs_ = 0;
  int decisions_ = 0;
};

TEST_F(TiersTest, ThePurchaseThatCrossesEarnsAtTheOldTierAndTellsOfTheNext) {
  StartWith(absl::StrCat(LadderWith(), kDoubleSilver));
  EXPECT_EQ(Status().tier().id(), "bronze");
  const v1::PurchaseOutcome below = Buy("p-1", 9'999);
  EXPECT_EQ(below.tiers(0).after().name(), "Bronze");
  EXPECT_EQ(below.tiers(0).next().tier().name(), "Silver");
  EXPECT_EQ(below.tiers(0).next().criteria(0).missing(), 1);
  const v1::PurchaseOutcome crossing = Buy("p-2", 1'000);
  EXPECT_EQ(crossing.earned(0).points(), 100);
  EXPECT_EQ(crossing.tiers(0).before().id(), "bronze");
  EXPECT_EQ(crossing.tiers(0).after().id(), "silver");
  EXPECT_EQ(crossing.tiers(0).next().criteria(0).missing(), 39'001);
  EXPECT_EQ(Buy("p-3", 1'000).earned(0).points(), 200);
  EXPECT_EQ(Status().since(), DayBefore(0));
  ExpectSoundBooks(MakeClient());
}

TEST_F(TiersTest, WhatComesLateIsJudgedAsOfItsDay) {
  StartWith(LadderWith());
  Buy("p-2", 5'000, /*days_ago=*/400);
  Buy("p-1", 5'000, /*days_ago=*/420);
  EXPECT_EQ(Status().tier().id(), "bronze");
  EXPECT_THAT(History(),
              ::testing::ElementsAre(absl::StrCat(DayBefore(400), " silver TIER_REASON_REACHED"),
                                     ::testing::HasSubstr(" bronze TIER_REASON_FELL")));
  ExpectSoundBooks(MakeClient());
}

TEST_F(TiersTest, AnEntryGiftIsGivenOnceHoweverOftenGoodsComeBack) {
  StartWith(LadderWith("entry_gift { wallet: \"points\" points: 700 }"));
  Buy("p-1", 10'000);
  EXPECT_EQ(Available(), 1'700);
  const auto back =
      MakeClient().RecordReturn(ReturnBuilder::OfPurchase("r-1", "p-1").EverythingLeft().Build());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(Available(), 0);
  EXPECT_EQ(Status().tier().id(), "bronze");
  Buy("p-2", 10'000);
  EXPECT_EQ(Available(), 1'700);
  ExpectSoundBooks(MakeClient());
}

TEST_F(TiersTest, RefundsInSmallPartsDoNotKeepTheTier) {
  StartWith(LadderWith());
  Buy("p-1", 10'000);
  for (int part = 0; part < 3; ++part) {
    const auto back = MakeClient().RecordReturn(
        ReturnBuilder::OfPurchase(absl::StrCat("r-", part), "p-1").Amount(1).Build());
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(Status().tier().id(), "bronze");
  }
  ExpectSoundBooks(MakeClient());
}

TEST_F(TiersTest, ATierSetByHandIsNotOverwrittenByTheNextPurchase) {
  StartWith(LadderWith());
  const auto decided = Decide("gold", DayBefore(-30));
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->ladders(0).tier().id(), "gold");
  EXPECT_EQ(decided->ladders(0).qualified().id(), "bronze");
  EXPECT_EQ(Buy("p-1", 100).tiers(0).after().id(), "gold");
  EXPECT_EQ(Status().decision().reason(), "a test");
  v1::EndTierOverrideRequest end;
  end.set_request_id("end-1");
  *end.mutable_member() = Card("4005");
  end.set_override_id("decision-1");
  ASSERT_TRUE(MakeClient().EndTierOverride(end).ok());
  EXPECT_EQ(Status().tier().id(), "bronze");
  // Held down, whatever they buy.
  Buy("p-2", 50'000);
  ASSERT_TRUE(Decide("bronze").ok());
  EXPECT_EQ(Buy("p-3", 50'000).tiers(0).after().id(), "bronze");
  EXPECT_EQ(Status().qualified().id(), "gold");
  ExpectSoundBooks(MakeClient());
}

TEST_F(TiersTest, BadDecisionsSayWhatIsWrong) {
  StartWith(LadderWith());
  EXPECT_EQ(ErrorReason(Decide("platinum").status()), "TIER_NOT_FOUND");
  EXPECT_EQ(ErrorReason(Decide("gold", DayBefore(1)).status()), "OVERRIDE_IS_OVER");
  EXPECT_EQ(ErrorReason(Decide("gold", "tomorrow").status()), "INVALID_FIELDS");
}

TEST_F(TiersTest, TellsWhatCountsAndWhyTheRestDoesNot) {
  StartWith(absl::StrCat(LadderWith(), "activities { kind: \"visit\" daily_cap: 1 }\n"));
  Buy("old", 3'000, /*days_ago=*/400);
  Buy("back", 2'000, /*days_ago=*/3);
  Buy("kept", 1'000, /*days_ago=*/2);
  ASSERT_TRUE(MakeClient()
                  .RecordReturn(ReturnBuilder::OfPurchase("r-1", "back").EverythingLeft().Build())
                  .ok());
  v1::RecordActivityRequest visit;
  visit.mutable_activity()->set_activity_id("v-1");
  *visit.mutable_activity()->mutable_member() = Card("4005");
  visit.mutable_activity()->set_kind("visit");
  ASSERT_TRUE(MakeClient().RecordActivity(visit).ok());
  v1::ListTierFactsRequest request;
  *request.mutable_member() = Card("4005");
  request.set_page_size(1);
  std::vector<std::string> told;
  for (const auto& fact : MakeClient().ListTierFacts(request)) {
    ASSERT_TRUE(fact.ok()) << fact.status();
    ASSERT_EQ(fact->shares_size(), 1);
    told.push_back(absl::StrCat(fact->purchase_id(), fact->activity_id(), " ",
                                fact->shares(0).counted(), " ",
                                v1::TierFactOutcome_Name(fact->shares(0).outcome()).substr(18)));
  }
  EXPECT_THAT(told, ::testing::ElementsAre("v-1 0 OTHER_KIND", "kept 1000 COUNTED",
                                           "back 0 CAME_BACK", "old 0 OUTSIDE_WINDOW"));
}

TEST_F(TiersTest, TwoWhoAreMergedHaveTheTierOfTheirSumAndPartWithTheirOwn) {
  StartWith(LadderWith("entry_gift { wallet: \"points\" points: 700 }"));
  const std::string other = Enroll("4006").member_id();
  Buy("p-1", 6'000);
  v1::Purchase theirs = SmallPurchase("p-2", 6'000);
  *theirs.mutable_member() = Card("4006");
  ASSERT_TRUE(MakeClient().RecordPurchase(theirs).ok());
  v1::MergeMembersRequest merge;
  merge.set_request_id("m-1");
  *merge.mutable_member() = Card("4006");
  *merge.mutable_into() = Card("4005");
  ASSERT_TRUE(MakeClient().MergeMembers(merge).ok());
  EXPECT_EQ(Status().tier().id(), "silver");
  EXPECT_EQ(Available(), 1'200);
  v1::UnmergeMemberRequest unmerge;
  unmerge.set_request_id("u-1");
  unmerge.set_merged_member_id(other);
  ASSERT_TRUE(MakeClient().UnmergeMember(unmerge).ok());
  EXPECT_EQ(Status().tier().id(), "bronze");
  EXPECT_EQ(Status("4006").tier().id(), "bronze");
  EXPECT_EQ(Available(), 600);
  ExpectSoundBooks(MakeClient());
}

TEST_F(TiersTest, TwoRacingPurchasesPromoteOnce) {
  StartWith(LadderWith("entry_gift { wallet: \"points\" points: 700 }"));
  std::vector<std::thread> tills;
  for (int till = 0; till < 8; ++till) {
    tills.emplace_back([this, till] {
      const auto recorded =
          MakeClient().RecordPurchase(SmallPurchase(absl::StrCat("race-", till), 10'000));
      EXPECT_TRUE(recorded.ok()) << recorded.status();
    });
  }
  for (std::thread& till : tills) till.join();
  EXPECT_EQ(Available(), 8'700);
  EXPECT_THAT(History(), ::testing::SizeIs(1));
  ExpectSoundBooks(MakeClient());
}

TEST_F(TiersTest, ARewardForATierIsForThatTier) {
  StartWith(absl::StrCat(LadderWith(),
                         "rewards { id: \"lounge\" name: \"Lounge\" wallet: \"points\" points: 0"
                         " gift { sku: \"lounge\" } tier { at_least: \"silver\" } }\n"));
  v1::IssueCouponRequest request;
  request.set_request_id("c-1");
  *request.mutable_member() = Card("4005");
  request.set_reward_id("lounge");
  EXPECT_EQ(ErrorReason(MakeClient().IssueCoupon(request).status()), "REWARD_NOT_FOR_TIER");
  EXPECT_EQ(MakeClient().ListRewards(Card("4005"))->offers(0).obstacles(0),
            v1::REWARD_OBSTACLE_NOT_IN_TIER);
  Buy("p-1", 10'000);
  EXPECT_TRUE(MakeClient().IssueCoupon(request).ok());
}

// What the simulation says is what the activation does, member by member.
TEST_F(TiersTest, ActivationEndsWhereTheSimulationSaid) {
  StartWith(LadderWith());
  for (int i = 0; i < 12; ++i) {
    const std::string card = absl::StrCat("m-", i);
    Enroll(card);
    v1::Purchase purchase = SmallPurchase(absl::StrCat("s-", i), 1'000 * i + 1'000);
    *purchase.mutable_member() = Card(card);
    ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  }
  std::string proposed = ProgramText("tiers", 10) + LadderWith();
  proposed.replace(proposed.find("at_least: 10000"), 15, "at_least: 3000");
  v1::SimulateTiersRequest simulate;
  simulate.set_program_text(proposed);
  simulate.set_page_size(5);
  std::map<std::string, int64_t> said;
  int64_t members = 0;
  do {
    const auto page = MakeClient().SimulateTiers(simulate);
    ASSERT_TRUE(page.ok()) << page.status();
    members += page->members();
    for (const v1::TierMove& move : page->moves()) said[move.to().id()] += move.members();
    simulate.set_page_token(page->next_page_token());
  } while (!simulate.page_token().empty());
  EXPECT_EQ(members, 13);
  v1::ActivateProgramRequest activate;
  activate.set_request_id("a-1");
  activate.set_program_text(proposed);
  ASSERT_TRUE(MakeClient().ActivateProgram(activate).ok());
  std::map<std::string, int64_t> is;
  v1::GetTierDistributionRequest distribution;
  distribution.set_page_size(5);
  do {
    const auto page = MakeClient().GetTierDistribution(distribution);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::TierCount& count : page->tiers()) {
      if (count.members() > 0) is[count.tier().id()] += count.members();
    }
    distribution.set_page_token(page->next_page_token());
  } while (!distribution.page_token().empty());
  EXPECT_EQ(said, is);
  EXPECT_EQ(is["silver"], 10);
  EXPECT_EQ(Status("m-2").tier().id(), "silver");
  EXPECT_EQ(Status("m-1").tier().id(), "bronze");
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
