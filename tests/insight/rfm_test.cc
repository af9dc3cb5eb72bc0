#include "server/insight/rfm.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dangol::insight {
namespace {

using domain::CutPoint;
using domain::RfmCutPoints;
using domain::RfmScores;
using domain::RfmValues;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "16" and "16 4/5".
std::vector<std::string> Shown(const std::vector<CutPoint>& points) {
  std::vector<std::string> shown;
  for (const CutPoint& point : points) {
    std::string text = absl::StrCat(point.whole);
    if (point.numerator != 0) {
      absl::StrAppend(&text, " ", point.numerator, "/", point.denominator);
    }
    shown.push_back(std::move(text));
  }
  return shown;
}

std::vector<std::string> QuantilesOf(std::vector<int64_t> values, int parts) {
  return Shown(Quantiles(values, parts));
}

TEST(QuantilesTest, LieAtOneValueOrBetweenTwo) {
  struct Case {
    std::vector<int64_t> values;
    int parts;
    std::vector<std::string> points;
  };
  const Case cases[] = {
      {{}, 5, {}},
      {{7}, 5, {"7", "7", "7", "7"}},
      {{0, 10}, 2, {"5"}},
      {{0, 10}, 5, {"2", "4", "6", "8"}},
      {{0, 1}, 5, {"0 1/5", "0 2/5", "0 3/5", "0 4/5"}},
      {{5, 1, 4, 2, 3}, 2, {"3"}},
      {{5, 1, 4, 2, 3}, 4, {"2", "3", "4"}},
      {{5, 1, 4, 2, 3}, 5, {"1 4/5", "2 3/5", "3 2/5", "4 1/5"}},
      {{1, 1, 1, 1, 9}, 5, {"1", "1", "1", "2 3/5"}},
      {{-3, -2}, 4, {"-3 1/4", "-3 2/4", "-3 3/4"}},
      {{10, 20, 30, 40}, 3, {"20", "30"}},
      {{10, 20, 30, 50}, 5, {"16", "22", "28", "38"}},
  };
  for (const Case& one : cases) EXPECT_EQ(QuantilesOf(one.values, one.parts), one.points);
}

TEST(QuantilesTest, HoldAsMuchMoneyAsSixtyFourBits) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  EXPECT_THAT(QuantilesOf({kMost, kLeast}, 2), ElementsAre("-1 1/2"));
  EXPECT_THAT(QuantilesOf({kMost, kMost - 1}, 3),
              ElementsAre(absl::StrCat(kMost - 1, " 1/3"), absl::StrCat(kMost - 1, " 2/3")));
}

domain::Rfm Quintiles() {
  domain::Rfm rfm;
  rfm.segments = domain::DefaultRfmSegments();
  return rfm;
}

// Ten members: the first has bought today, once, for 10; the last nine weeks ago, ten times,
// for 100.
std::vector<RfmValues> TenMembers() {
  std::vector<RfmValues> members;
  for (int64_t i = 0; i < 10; ++i) members.push_back({7 * i, i + 1, 10 * (i + 1)});
  return members;
}

TEST(RfmTest, EveryFifthOfThePopulationHasAScore) {
  const std::vector<RfmValues> members = TenMembers();
  const RfmCutPoints points = CutPointsOf(members, Quintiles());
  EXPECT_THAT(Shown(points.r), ElementsAre("12 3/5", "25 1/5", "37 4/5", "50 2/5"));
  EXPECT_THAT(Shown(points.f), ElementsAre("2 4/5", "4 3/5", "6 2/5", "8 1/5"));
  EXPECT_THAT(Shown(points.m), ElementsAre("28", "46", "64", "82"));
  for (int i = 0; i < 10; ++i) {
    const RfmScores scores = ScoresOf(members[static_cast<size_t>(i)], points, 5);
    EXPECT_EQ(scores, (RfmScores{5 - i / 2, 1 + i / 2, 1 + i / 2})) << i;
  }
}

// A value at a cut point is not above it: of purchases it has the lower score, of days, which
// are the other way round, the higher one.
TEST(RfmTest, AValueAtACutPointIsNotAboveIt) {
  RfmCutPoints points;
  points.r = points.f = points.m = {{10, 0, 5}, {20, 0, 5}, {30, 1, 5}, {31, 0, 5}};
  EXPECT_EQ(ScoresOf({10, 10, 10}, points, 5), (RfmScores{5, 1, 1}));
  EXPECT_EQ(ScoresOf({11, 11, 11}, points, 5), (RfmScores{4, 2, 2}));
  EXPECT_EQ(ScoresOf({30, 30, 30}, points, 5), (RfmScores{3, 3, 3}));
  EXPECT_EQ(ScoresOf({31, 31, 31}, points, 5), (RfmScores{2, 4, 4}));
  EXPECT_EQ(ScoresOf({32, 32, 32}, points, 5), (RfmScores{1, 5, 5}));
}

// Where most have bought once, several cut points are 1: whoever bought twice is above them all.
TEST(RfmTest, ValuesThatAreTheSameHaveTheSameScore) {
  std::vector<RfmValues> members(8, RfmValues{30, 1, 500});
  members.push_back({30, 2, 500});
  members.push_back({30, 9, 500});
  const RfmCutPoints points = CutPointsOf(members, Quintiles());
  EXPECT_EQ(ScoresOf(members[0], points, 5), (RfmScores{5, 1, 1}));
  EXPECT_EQ(ScoresOf(members[8], points, 5), (RfmScores{5, 5, 1}));
}

TEST(RfmTest, ThresholdsDoNotDependOnThePopulation) {
  domain::Rfm rfm = Quintiles();
  rfm.scores = 3;
  rfm.thresholds = RfmCutPoints{{{30}, {90}}, {{1}, {4}}, {{10'000}, {50'000}}};
  const RfmCutPoints points = CutPointsOf({}, rfm);
  EXPECT_EQ(ScoresOf({30, 2, 10'000}, points, 3), (RfmScores{3, 2, 1}));
  EXPECT_EQ(ScoresOf({31, 5, 50'001}, points, 3), (RfmScores{2, 3, 3}));
  EXPECT_EQ(ScoresOf({731, 0, 0}, points, 3), (RfmScores{1, 1, 1}));
}

TEST(RfmTest, TheFirstSegmentThatFitsCounts) {
  const std::vector<domain::RfmSegment> segments = {
      {"best", "Best", {5, 5}, {4, 5}, {1, 5}},
      {"recent", "Recent", {5, 5}, {1, 5}, {1, 5}},
      {"rich", "Rich", {1, 5}, {1, 5}, {5, 5}},
  };
  EXPECT_EQ(domain::FindSegment(segments, {5, 4, 5}), 0);
  EXPECT_EQ(domain::FindSegment(segments, {5, 3, 5}), 1);
  EXPECT_EQ(domain::FindSegment(segments, {4, 5, 5}), 2);
  EXPECT_EQ(domain::FindSegment(segments, {4, 5, 4}), -1);
}

TEST(RfmTest, MembersAreCountedByScoresAndBySegment) {
  const std::vector<RfmValues> members = TenMembers();
  const domain::Rfm rfm = Quintiles();
  const RfmCounts counts = CountRfm(members, CutPointsOf(members, rfm), rfm);
  int64_t in_grid = 0;
  for (const auto& row : counts.grid) {
    for (const RfmGroup& cell : row) in_grid += cell.members;
  }
  EXPECT_EQ(in_grid, 10);
  EXPECT_EQ(counts.grid[4][0].members, 2);  // The two most recent, who came least.
  EXPECT_EQ(counts.grid[4][0].AverageMinor(), 15);
  EXPECT_EQ(counts.grid[0][4].members, 2);
  EXPECT_EQ(counts.grid[0][4].AverageMinor(), 95);
  EXPECT_EQ(counts.grid[2][2].members, 2);
  const auto in = [&](const char* id) {
    for (size_t i = 0; i < rfm.segments.size(); ++i) {
      if (rfm.segments[i].id == id) return counts.segments[i].members;
    }
    return int64_t{-1};
  };
  EXPECT_EQ(in("new"), 2);
  EXPECT_EQ(in("potential-loyalist"), 2);
  EXPECT_EQ(in("need-attention"), 2);
  EXPECT_EQ(in("cant-lose"), 4);
  EXPECT_EQ(in("champions"), 0);
}

TEST(RfmTest, AveragesAreRoundedHalfUp) {
  EXPECT_EQ((RfmGroup{0, 0}.AverageMinor()), 0);
  EXPECT_EQ((RfmGroup{2, 1}.AverageMinor()), 1);
  EXPECT_EQ((RfmGroup{3, 1}.AverageMinor()), 0);
  EXPECT_EQ((RfmGroup{2, -1}.AverageMinor()), 0);
  EXPECT_EQ((RfmGroup{2, -3}.AverageMinor()), -1);
}

TEST(RfmTest, NobodyIsNoReasonToFail) {
  const RfmCutPoints points = CutPointsOf({}, Quintiles());
  EXPECT_THAT(points.r, IsEmpty());
  const RfmCounts counts = CountRfm({}, points, Quintiles());
  EXPECT_EQ(counts.grid.size(), 5u);
  EXPECT_EQ(counts.segments.size(), 11u);
}

// The definition, word by word: a cut point is a fraction with the denominator k, and a value is
// above it where the value k times is more than the numerator.
int NaiveScore(const std::vector<int64_t>& sorted, int64_t value, int k) {
  int below = 0;
  for (int i = 1; i < k; ++i) {
    const int64_t h = (static_cast<int64_t>(sorted.size()) - 1) * i;
    const int64_t low = sorted[static_cast<size_t>(h / k)];
    const int64_t high = sorted[std::min(static_cast<size_t>(h / k) + 1, sorted.size() - 1)];
    const absl::int128 point = absl::int128(low) * (k - h % k) + absl::int128(high) * (h % k);
    if (point < absl::int128(value) * k) ++below;
  }
  return 1 + below;
}

TEST(RfmTest, AgreesWithTheDefinitionWhateverThePopulation) {
  std::mt19937_64 random(15);
  const int64_t greatest[] = {1, 3, 50, 1'000'000, std::numeric_limits<int64_t>::max() - 1};
  for (int round = 0; round < 2'000; ++round) {
    domain::Rfm rfm;
    rfm.scores = 2 + static_cast<int>(random() % 9);
    std::vector<RfmValues> members(1 + random() % 40);
    std::vector<int64_t> values[3];
    for (RfmValues& member : members) {
      int part = 0;
      for (int64_t* value : {&member.recency_days, &member.purchases, &member.spent_minor}) {
        *value = static_cast<int64_t>(random() % static_cast<uint64_t>(greatest[random() % 5] + 1));
        values[part++].push_back(*value);
      }
    }
    for (std::vector<int64_t>& of : values) std::sort(of.begin(), of.end());
    const RfmCutPoints points = CutPointsOf(members, rfm);
    for (const RfmValues& member : members) {
      const RfmScores expected = {
          rfm.scores + 1 - NaiveScore(values[0], member.recency_days, rfm.scores),
          NaiveScore(values[1], member.purchases, rfm.scores),
          NaiveScore(values[2], member.spent_minor, rfm.scores)};
      ASSERT_EQ(ScoresOf(member, points, rfm.scores), expected) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace dangol::insight
