// Tiers by activity score and by segment: by the norms of each day, whatever is known when.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "server/domain/standing/activity_score.h"
#include "server/domain/standing/explain.h"
#include "tests/domain/standing/climber.h"

namespace dangol::domain {
namespace {

DayNumber Day(const std::string& text) {
  absl::CivilDay day;
  EXPECT_TRUE(absl::ParseCivilTime(text, &day)) << text;
  return NumberOf(day);
}

// Bronze is everybody's; silver takes a segment, gold a score.
Program ScoredProgram() {
  Ladder ladder = MetalLadder();
  Criterion loyal;
  loyal.indicator = Indicator::kSegment;
  loyal.segments = {"regular", "best"};
  Criterion active;
  active.indicator = Indicator::kActivityScore;
  active.at_least = 90;
  ladder.tiers = {TierOf("bronze", {}), TierOf("silver", {loyal}), TierOf("gold", {active})};
  Program program = ProgramWith(ladder);
  Rfm& rfm = program.rfm.emplace();
  rfm.rates = {{1, 1, 16}};
  rfm.scores = 2;
  rfm.segments = {{"best", "Best", {2, 2}, {2, 2}, {2, 2}},
                  {"regular", "Regular", {1, 2}, {2, 2}, {1, 2}},
                  {"other", "Other", {1, 2}, {1, 2}, {1, 2}}};
  rfm.score = {1, 1, 1, 0, 0, 20, {}};
  return program;
}

// Who bought within 30 days, more than so often and for more than so much, is above.
Norms NormsFrom(const std::string& from, int64_t purchases, int64_t minor) {
  Norms norms;
  norms.from = Day(from);
  norms.members = 500;
  norms.basis = {365, 2, "EUR"};
  norms.cut_points = {{{30}}, {{purchases}}, {{minor}}};
  return norms;
}

TEST(ScoredTiersTest, NobodyRisesWhileThereAreNoNorms) {
  Climber climber(ScoredProgram());
  climber.Spend(5'000, "2026-01-10 12:00:00");
  climber.Spend(5'000, "2026-01-11 12:00:00");
  EXPECT_EQ(climber.History("2026-01-31 12:00:00"), "");
}

TEST(ScoredTiersTest, ThePurchaseThatReachesASegmentLifts) {
  Climber climber(ScoredProgram());
  climber.Learn(NormsFrom("2026-01-05", 1, 100'000));
  climber.Spend(5'000, "2026-01-10 12:00:00");
  EXPECT_EQ(climber.TierAt("2026-01-10 13:00:00"), "bronze");
  climber.Spend(5'000, "2026-01-11 12:00:00");
  EXPECT_EQ(climber.TierAt("2026-01-11 13:00:00"), "silver");
  const TierStatus status = climber.Status("2026-01-11 13:00:00");
  EXPECT_EQ(status.next.id, "gold");
  EXPECT_EQ(status.next_criteria[0].value, 67) << "R and F are the best, M is not";
  EXPECT_EQ(status.next_criteria[0].days, (Days{Day("2025-01-12"), Day("2026-01-12")}))
      << "the window of rfm";
}

// Norms that begin lift whoever meets them, though nobody has done anything on that day.
TEST(ScoredTiersTest, NormsThatBeginAreAReasonToLook) {
  Climber climber(ScoredProgram());
  climber.Learn(NormsFrom("2026-01-05", 3, 100'000));
  climber.Spend(5'000, "2026-01-10 12:00:00");
  climber.Spend(5'000, "2026-01-11 12:00:00");
  climber.Learn(NormsFrom("2026-02-01", 1, 9'000));
  EXPECT_EQ(climber.TierAt("2026-01-31 23:59:59"), "bronze");
  EXPECT_EQ(climber.History("2026-02-01 00:00:00"), "2026-02-01 gold REACHED until 2027-02-01; ");
  // Time let pass says the same, and so does the next purchase.
  climber.AdvanceTo(testing::Utc("2026-02-10 00:00:00"));
  climber.Spend(5'000, "2026-02-11 12:00:00");
  EXPECT_EQ(climber.History("2026-02-12 00:00:00"), "2026-02-01 gold REACHED until 2027-02-01; ");
}

// What comes late is judged by the norms of its day.
TEST(ScoredTiersTest, ALatePurchaseMeetsTheNormsOfItsDay) {
  Climber climber(ScoredProgram());
  climber.Learn(NormsFrom("2026-01-05", 1, 100'000));
  climber.Learn(NormsFrom("2026-02-01", 5, 100'000));
  climber.Spend(5'000, "2026-01-10 12:00:00");
  climber.AdvanceTo(testing::Utc("2026-02-10 00:00:00"));
  climber.Spend(5'000, "2026-01-20 12:00:00", "2026-02-10 12:00:00");
  EXPECT_EQ(climber.History("2026-02-12 00:00:00"), "2026-01-20 silver REACHED until 2027-01-20; ");
}

TEST(ScoredTiersTest, BetweenReviewsNobodyFallsThoughScoresDo) {
  Climber climber(ScoredProgram());
  climber.Learn(NormsFrom("2026-01-05", 1, 9'000));
  climber.Spend(5'000, "2026-01-10 12:00:00");
  climber.Spend(5'000, "2026-01-11 12:00:00");
  EXPECT_EQ(climber.TierAt("2026-01-11 13:00:00"), "gold");
  EXPECT_EQ(climber.TierAt("2026-12-31 12:00:00"), "gold") << "who has bought nothing since";
  EXPECT_EQ(climber.Status("2026-12-31 12:00:00").criteria[0].value, 67);
  EXPECT_EQ(climber.TierAt("2027-01-12 00:00:00"), "bronze");
}

TEST(ScoredTiersTest, ExplainsWhatIsInAScore) {
  const Program program = ScoredProgram();
  Criterion active;
  active.indicator = Indicator::kActivityScore;
  const std::vector<Judged> criteria = {{active, {Day("2026-01-01"), Day("2026-02-01")}}};
  Purchase purchase = testing::PurchaseOf({testing::Line(500)});
  purchase.occurred_at = testing::Utc("2026-01-10 12:00:00");
  EXPECT_EQ(SharesOf(purchase, program, criteria)[0].counted, 1);
  purchase.occurred_at = testing::Utc("2025-12-31 12:00:00");
  EXPECT_EQ(SharesOf(purchase, program, criteria)[0].outcome, FactOutcome::kOutsideWindow);
}

}  // namespace
}  // namespace dangol::domain
