// What is announced ahead of reviews: on declared days, once each, by what was known then.

#include "server/domain/standing/announcements.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

// A tier lasts twelve months; its review is announced 30 days and 7 days before.
Ladder AnnouncingLadder() {
  Ladder ladder = MetalLadder();
  ladder.announce_days = {30, 7};
  return ladder;
}

// What was announced, in its order: "2026-12-17 silver until 2027-01-15 would be bronze, misses
// 10000; ...".
std::string Announced(Climber& climber) {
  std::string text;
  for (const TierRecord& record : climber.state().tier_records) {
    if (record.span.reason != TierReason::kAnnounced) continue;
    const ReviewForecast& review = record.announced;
    absl::StrAppend(&text, absl::FormatCivilTime(DayOf(record.span.day)), " ", record.span.tier,
                    " until ", absl::FormatCivilTime(DayOf(record.span.valid_until)),
                    review.at_risk ? " would be " : " stays ", review.tier.id);
    const Judged& judged = review.criteria[0];
    if (!judged.IsMet()) absl::StrAppend(&text, ", misses ", judged.threshold - judged.value);
    absl::StrAppend(&text, "; ");
  }
  return text;
}

class AnnouncementsTest : public ::testing::Test {
 protected:
  AnnouncementsTest() { climber_.Spend(10'000, "2026-01-15 12:00:00"); }

  void PassTo(const std::string& at) { climber_.AdvanceTo(testing::Utc(at)); }

  Climber climber_{ProgramWith(AnnouncingLadder())};
};

TEST_F(AnnouncementsTest, ComeOnTheirDaysAndOnce) {
  const absl::Time due =
      TiersDueAt(climber_.catalog(), testing::Utc("2026-01-15 12:00:00"), climber_.state().member);
  EXPECT_EQ(due, testing::Utc("2026-12-17 00:00:00")) << "the scheduler comes by";
  PassTo("2026-12-16 23:59:59");
  EXPECT_EQ(Announced(climber_), "");
  PassTo("2026-12-17 00:00:00");
  EXPECT_EQ(Announced(climber_),
            "2026-12-17 silver until 2027-01-15 would be bronze, misses 10000; ");
  PassTo("2026-12-17 00:00:00");
  PassTo("2026-12-20 00:00:00");
  PassTo("2027-01-09 10:00:00");
  EXPECT_EQ(Announced(climber_),
            "2026-12-17 silver until 2027-01-15 would be bronze, misses 10000; "
            "2027-01-09 silver until 2027-01-15 would be bronze, misses 10000; ");
  PassTo("2027-02-01 00:00:00");
  EXPECT_EQ(climber_.TierAt("2027-02-01 00:00:00"), "bronze");
  EXPECT_EQ(climber_.state().member.tier_record_count, 4) << "reached, two announcements, fell";
}

// A server that was down for months says the same as one that was there.
TEST_F(AnnouncementsTest, AreTheSameHoweverLateTimeIsLetPass) {
  Climber late(ProgramWith(AnnouncingLadder()));
  late.Spend(10'000, "2026-01-15 12:00:00");
  late.AdvanceTo(testing::Utc("2028-01-01 00:00:00"));
  for (const char* at : {"2026-12-17 00:00:00", "2027-01-09 00:00:00", "2028-01-01 00:00:00"}) {
    PassTo(at);
  }
  EXPECT_EQ(Announced(late), Announced(climber_));
  EXPECT_NE(Announced(late), "");
}

// A purchase before all else of its day comes after that day's announcement.
TEST_F(AnnouncementsTest, SayWhatWasKnownAtTheirMidnight) {
  climber_.Spend(6'000, "2026-12-10 12:00:00");
  climber_.Spend(4'000, "2026-12-17 08:00:00");
  EXPECT_EQ(Announced(climber_),
            "2026-12-17 silver until 2027-01-15 would be bronze, misses 4000; ");
  PassTo("2027-01-09 00:00:00");
  EXPECT_EQ(Announced(climber_),
            "2026-12-17 silver until 2027-01-15 would be bronze, misses 4000; "
            "2027-01-09 silver until 2027-01-15 stays silver; ");
}

// Who rises meanwhile has another review; what was announced stays announced.
TEST_F(AnnouncementsTest, FollowTheTierThatThereIs) {
  PassTo("2026-12-18 00:00:00");
  climber_.Spend(60'000, "2026-12-20 12:00:00");
  PassTo("2027-01-20 00:00:00");
  EXPECT_EQ(Announced(climber_),
            "2026-12-17 silver until 2027-01-15 would be bronze, misses 10000; ");
  PassTo("2027-11-21 00:00:00");
  EXPECT_EQ(Announced(climber_),
            "2026-12-17 silver until 2027-01-15 would be bronze, misses 10000; "
            "2027-11-21 gold until 2027-12-20 would be bronze, misses 50000; ");
}

TEST_F(AnnouncementsTest, AreNotOfReviewsThatComeSooner) {
  Ladder ladder = AnnouncingLadder();
  ladder.validity.months = 0;
  ladder.validity.days = 14;
  Climber climber(ProgramWith(ladder));
  climber.Spend(10'000, "2026-01-15 12:00:00");
  climber.AdvanceTo(testing::Utc("2026-01-31 00:00:00"));
  EXPECT_EQ(Announced(climber), "2026-01-23 silver until 2026-01-29 stays silver; ");
}

}  // namespace
}  // namespace dangol::domain
