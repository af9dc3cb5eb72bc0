// Years of members' tiers, lived through on a clock that is moved by hand.

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dangol/error.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using ::testing::ElementsAre;

constexpr char kTiers[] = R"(
  tiers { id: "bronze" }
  tiers { id: "silver" reach { net_spend: "GBP" at_least: 10000 } }
  tiers { id: "gold" reach { net_spend: "GBP" at_least: 50000 } }
)";

class TierYearsTest : public DangoldTest {
 protected:
  void SetUp() override {}

  // It is 10 o'clock of that day.
  void StartAt(const std::string& day, const std::string& ladder) {
    std::ofstream(File("program.txtpb"))
        << ProgramText("years", 10) << "ladders { id: \"main\" " << ladder << kTiers << "}\n";
    ASSERT_NO_FATAL_FAILURE(Start({"--program=" + File("program.txtpb"),
                                   absl::StrCat("--test-clock=", day, "T10:00:00+00:00")}));
    Enroll("4005");
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

  void Buy(const std::string& id, int64_t pence, const std::string& occurred_at = "") {
    v1::Purchase purchase = SmallPurchase(id, pence);
    absl::Time at;
    std::string error;
    if (absl::ParseTime("%Y-%m-%d %H:%M:%S", occurred_at, &at, &error)) {
      *purchase.mutable_occurred_at() = ToTimestamp(at);
    }
    const auto response = MakeClient().RecordPurchase(purchase);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  std::string Tier() {
    const auto response = MakeClient().GetTierStatus(Card("4005"));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->ladders(0).tier().id() : "";
  }

  // "2026-01-01 silver REACHED 2026-12-31"; of corrections with whether it was withdrawn.
  std::vector<std::string> History(bool corrections = false) {
    v1::ListTierHistoryRequest request;
    *request.mutable_member() = Card("4005");
    request.set_corrections(corrections);
    std::vector<std::string> told;
    for (const auto& entry : MakeClient().ListTierHistory(request)) {
      EXPECT_TRUE(entry.ok()) << entry.status();
      if (!entry.ok()) break;
      told.push_back(absl::StrCat(entry->day(), " ", entry->tier().id(), " ",
                                  v1::TierReason_Name(entry->reason()).substr(12), " ",
                                  entry->valid_until(), entry->withdrawn() ? " withdrawn" : ""));
    }
    return told;
  }
};

constexpr char kByYears[] = "qualification { calendar_year {} } validity { calendar_years: 1 }";

TEST_F(TierYearsTest, APurchaseOfTheLastDayOfTheYearMayArriveOnTheThird) {
  StartAt("2026-05-01", kByYears);
  Buy("p-1", 9'000);
  GoTo("2027-01-03 12:00:00");
  EXPECT_EQ(Tier(), "bronze");
  Buy("p-2", 1'000, "2026-12-31 23:59:59");
  EXPECT_EQ(Tier(), "silver");
  EXPECT_THAT(History(), ElementsAre("2026-12-31 silver REACHED 2027-12-31"));
  ExpectSoundBooks(MakeClient());
}

TEST_F(TierYearsTest, GoodsOfDecemberThatComeBackInJanuaryReduceDecember) {
  StartAt("2026-12-20", absl::StrCat(kByYears, " late_returns: LATE_RETURNS_WITHDRAW"));
  Buy("p-1", 10'000);
  GoTo("2027-01-05 12:00:00");
  Buy("p-2", 4'000);
  ASSERT_TRUE(MakeClient()
                  .RecordReturn(ReturnBuilder::OfPurchase("r-1", "p-1").EverythingLeft().Build())
                  .ok());
  const auto status = MakeClient().GetTierStatus(Card("4005"));
  EXPECT_EQ(status->ladders(0).tier().id(), "bronze");
  EXPECT_EQ(status->ladders(0).next().criteria(0).value(), 4'000);
  // What was true then, and what was told then.
  EXPECT_THAT(History(), ElementsAre());
  EXPECT_THAT(History(/*corrections=*/true),
              ElementsAre("2026-12-20 silver REACHED 2027-12-31",
                          "2026-12-20 silver REACHED 2027-12-31 withdrawn"));
  ExpectSoundBooks(MakeClient());
}

// The status before says what the review does.
TEST_F(TierYearsTest, OneStepForEachReviewAsItWasForeseen) {
  StartAt("2026-03-03",
          "qualification { rolling { months: 12 } } validity { after { months: 12 } }"
          " fall: TIER_FALL_ONE_STEP");
  Buy("p-1", 50'000);
  GoTo("2027-03-03 23:59:59");
  EXPECT_EQ(Tier(), "gold");
  const auto before = MakeClient().GetTierStatus(Card("4005"));
  EXPECT_EQ(before->ladders(0).review().last_day(), "2027-03-03");
  EXPECT_EQ(before->ladders(0).review().tier().id(), "silver");
  EXPECT_TRUE(before->ladders(0).review().at_risk());
  GoTo("2027-03-04 00:00:00");
  EXPECT_EQ(Tier(), "silver");
  GoTo("2028-03-04 23:59:59");
  EXPECT_EQ(Tier(), "silver");
  GoTo("2028-03-05 00:00:00");
  EXPECT_EQ(Tier(), "bronze");
  EXPECT_THAT(History(),
              ElementsAre("2026-03-03 gold REACHED 2027-03-03", "2027-03-04 silver FELL 2028-03-04",
                          "2028-03-05 bronze FELL "));
  ExpectSoundBooks(MakeClient());
}

TEST_F(TierYearsTest, ADecisionEndsWithItsLastDay) {
  StartAt("2026-03-03", kByYears);
  v1::OverrideTierRequest request;
  request.set_request_id("o-1");
  *request.mutable_member() = Card("4005");
  request.set_ladder("main");
  request.set_tier("gold");
  request.set_until("2026-06-30");
  request.set_reason("a lost parcel");
  ASSERT_TRUE(MakeClient().OverrideTier(request).ok());
  GoTo("2026-06-30 23:59:59");
  Buy("p-1", 100);
  EXPECT_EQ(Tier(), "gold");
  GoTo("2026-07-01 00:00:00");
  EXPECT_EQ(Tier(), "bronze");
  ExpectSoundBooks(MakeClient());
}

// Somebody in a household is reviewed by themselves.
TEST_F(TierYearsTest, ThePersonOfAHouseholdIsReviewed) {
  StartAt("2026-03-03", kByYears);
  Enroll("4006");
  v1::JoinHouseholdRequest join;
  join.set_request_id("j-1");
  *join.mutable_member() = Card("4005");
  *join.mutable_household() = Card("4006");
  ASSERT_TRUE(MakeClient().JoinHousehold(join).ok());
  Buy("p-1", 10'000);
  EXPECT_EQ(MakeClient().GetTierStatus(Card("4006"))->ladders(0).tier().id(), "bronze");
  GoTo("2028-01-01 00:00:00");
  EXPECT_THAT(History(/*corrections=*/true),
              ElementsAre("2026-03-03 silver REACHED 2027-12-31", "2028-01-01 bronze FELL "));
  ExpectSoundBooks(MakeClient());
}

// A year of everybody, and nobody asks in between.
TEST_F(TierYearsTest, ReviewsAreRecordedAtTheirMidnightWhoeverLooks) {
  StartAt("2026-03-03",
          "qualification { rolling { months: 12 } } validity { after { months: 6 } }");
  for (int i = 0; i < 40; ++i) {
    const std::string card = absl::StrCat("m-", i);
    Enroll(card);
    v1::Purchase purchase = SmallPurchase(absl::StrCat("s-", i), 10'000);
    *purchase.mutable_member() = Card(card);
    ASSERT_TRUE(MakeClient().RecordPurchase(purchase).ok());
  }
  GoTo("2027-06-01 12:00:00");
  v1::ListTierHistoryRequest request;
  *request.mutable_member() = Card("m-7");
  request.set_corrections(true);
  std::vector<std::string> recorded;
  for (const auto& entry : MakeClient().ListTierHistory(request)) {
    recorded.push_back(absl::StrCat(
        absl::FormatTime("%Y-%m-%d %H:%M", ToTime(entry->recorded_at()), absl::UTCTimeZone()), " ",
        entry->tier().id()));
  }
  EXPECT_THAT(recorded, ElementsAre("2026-03-03 10:00 silver", "2026-09-04 00:00 silver",
                                    "2027-03-04 00:00 bronze"));
  ExpectSoundBooks(MakeClient());
}

}  // namespace
}  // namespace dangol::e2e
