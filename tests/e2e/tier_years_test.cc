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
  void StartAt(const std::string& day, const std::string& ladder,
               const std::string& tiers = kTiers) {
    std::ofstream(File("program.txtpb"))
        << ProgramText("years", 10) << "ladders { id: \"main\" " << ladder << tiers << "}\n";
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

  // What dangolctl prints.
  std::string Ctl(std::vector<std::string> words) {
    words.insert(words.begin(), {testing::ProgramPath("dangolctl"), "--server=" + address()});
    const Ended ended = RunToEnd(words, File("output"));
    EXPECT_EQ(ended.code, 0) << ended.output;
    return ended.output;
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

// "will be reviewed after 31 December, would be bronze; 40.00 keep silver", and what a member of
// staff reads.
TEST_F(TierYearsTest, ReviewsAreAnnouncedOnTheirDaysOnceEach) {
  StartAt("2026-03-03",
          "qualification { calendar_year {} } validity { calendar_years: 0 }"
          " announce_days: 30 announce_days: 7");
  Buy("p-1", 10'000);
  GoTo("2027-01-01 00:00:00");
  v1::ListTierHistoryRequest request;
  *request.mutable_member() = Card("4005");
  request.set_announcements(true);
  std::vector<std::string> told;
  for (const auto& entry : MakeClient().ListTierHistory(request)) {
    ASSERT_TRUE(entry.ok()) << entry.status();
    const v1::TierReview& review = entry->announcement();
    told.push_back(
        absl::StrCat(entry->day(), " ", entry->tier().id(), " ", review.last_day(), " ",
                     review.tier().id(), " ", review.at_risk(), " ",
                     absl::FormatTime(ToTime(entry->recorded_at()), absl::UTCTimeZone())));
  }
  EXPECT_THAT(told, ElementsAre("2026-12-02 silver 2026-12-31 silver 0 2026-12-02T00:00:00+00:00",
                                "2026-12-25 silver 2026-12-31 silver 0 2026-12-25T00:00:00+00:00"));
  // The year begins anew, and nothing has been bought in it.
  GoTo("2027-12-10 00:00:00");
  const std::string printed = Ctl({"tier", "history", "card:4005", "--announcements"});
  EXPECT_THAT(printed,
              ::testing::ContainsRegex("2027-12-02 +silver +2027-12-31 +bronze +100.00 GBP more"));
  request.set_corrections(true);
  auto both = MakeClient().ListTierHistory(request);
  EXPECT_EQ(ErrorReason((*both.begin()).status()), "INVALID_FIELDS");
  ExpectSoundBooks(MakeClient());
}

// Norms are computed on the way, and lift whoever meets them.
TEST_F(TierYearsTest, ScoredTiersGoByTheNormsOfTheirDay) {
  StartAt("2026-03-03",
          "qualification { rolling { months: 12 } } validity { after { months: 12 } }",
          R"(tiers { id: "base" }
             tiers { id: "top" reach { activity_score {} at_least: 90 } } }
             rfm { recompute: NORMS_INTERVAL_DAILY score { frequency: 1 money: 1 })");
  Enroll("4006");
  Enroll("4007");
  for (const char* card : {"4006", "4007"}) {
    v1::Purchase small = SmallPurchase(absl::StrCat("s-", card), 1'000);
    *small.mutable_member() = Card(card);
    ASSERT_TRUE(MakeClient().RecordPurchase(small).ok());
  }
  Buy("p-1", 5'000);
  Buy("p-2", 5'000);
  EXPECT_EQ(Tier(), "base") << "there are no norms yet";
  GoTo("2026-03-04 12:00:00");
  EXPECT_EQ(Tier(), "base") << "they were computed this midnight, and begin with the next";
  GoTo("2026-03-05 12:00:00");
  EXPECT_EQ(Tier(), "top");
  EXPECT_THAT(History(), ElementsAre("2026-03-05 top REACHED 2027-03-05"));

  std::vector<std::string> norms;
  for (const auto& one : MakeClient().ListNorms(v1::ListNormsRequest())) {
    ASSERT_TRUE(one.ok()) << one.status();
    norms.push_back(absl::StrCat(one->from(), " of ", one->basis().day(), ": ", one->members()));
  }
  EXPECT_EQ(norms.front(), "2026-03-06 of 2026-03-04: 3");
  EXPECT_EQ(norms.back(), "2026-03-04 of 2026-03-02: 0");
  const auto scored = MakeClient().GetMemberRfm(Card("4005"));
  ASSERT_TRUE(scored.ok()) << scored.status();
  EXPECT_EQ(scored->activity_score().score(), 100);
  EXPECT_GT(scored->norms(), 0);

  // Whoever cannot wait asks for them; once.
  v1::ComputeNormsRequest compute;
  compute.set_request_id("now");
  const auto computed = MakeClient().ComputeNorms(compute);
  ASSERT_TRUE(computed.ok()) << computed.status();
  EXPECT_EQ(computed->norms().from(), "2026-03-06");
  const auto again = MakeClient().ComputeNorms(compute);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(again->norms().number(), computed->norms().number());
  EXPECT_THAT(Ctl({"rfm", "norms"}), ::testing::HasSubstr("2026-03-06"));
  EXPECT_THAT(Ctl({"rfm", "member", "card:4005"}), ::testing::HasSubstr("ACTIVITY SCORE"));
  EXPECT_THAT(Ctl({"tier", "status", "card:4005"}), ::testing::HasSubstr("activity score"));
  ExpectSoundBooks(MakeClient());
}

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
