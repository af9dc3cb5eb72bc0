#ifndef DANGOL_SERVER_DOMAIN_PROGRAM_RFM_H_
#define DANGOL_SERVER_DOMAIN_PROGRAM_RFM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a program says of recency, frequency and money, as protos/dangol/v1/program_rfm.proto
// documents it.
namespace dangol::domain {

// Recency is told up to so many days; whoever bought last before that has these. Of days that
// lie further back than the history goes, nobody knows which of them were the last.
inline constexpr int kMaxRecencyDays = 731;

// What money in a currency is worth: so many minor units of the base currency for each so many
// of it.
struct RfmRate {
  int currency = 0;  // Index into Program::currencies.
  int64_t base_minor = 1;
  int64_t per_minor = 1;
};

// A point between values: whole + numerator / denominator, 0 <= numerator < denominator.
struct CutPoint {
  int64_t whole = 0;
  int numerator = 0;
  int denominator = 1;

  friend bool operator==(const CutPoint&, const CutPoint&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.whole);
    v(2, row.numerator);
    v(3, row.denominator);
  }
};

// Whether it lies strictly below a value. Values are whole numbers, and the point is less than
// one above its whole part, so that this alone decides.
inline bool IsBelow(const CutPoint& point, int64_t value) { return point.whole < value; }

// Those of recency, frequency and money, each ascending, one less than there are scores.
struct RfmCutPoints {
  std::vector<CutPoint> r;
  std::vector<CutPoint> f;
  std::vector<CutPoint> m;

  friend bool operator==(const RfmCutPoints&, const RfmCutPoints&) = default;

  static void Fields(auto& row, auto& v) {
    v(1, row.r);
    v(2, row.f);
    v(3, row.m);
  }
};

// What somebody has of each, from 1, the lowest.
struct RfmScores {
  int r = 0;
  int f = 0;
  int m = 0;

  friend bool operator==(const RfmScores&, const RfmScores&) = default;
};

// Both ends are included.
struct ScoreRange {
  int least = 1;
  int most = 1;

  bool Contains(int score) const { return least <= score && score <= most; }
};

struct RfmSegment {
  std::string id;
  std::string name;
  ScoreRange r;
  ScoreRange f;
  ScoreRange m;

  bool Contains(const RfmScores& scores) const {
    return r.Contains(scores.r) && f.Contains(scores.f) && m.Contains(scores.m);
  }
};

// How often norms are computed, each time for the first midnight of a period.
enum class NormsInterval : int8_t { kMonthly, kWeekly, kDaily, kNever };

// What a member's activity score is made of, as ActivityScore of program_rfm.proto documents it.
struct ScoreWeights {
  int recency = 0;
  int frequency = 0;
  int money = 0;
  int engagement = 0;
  int quality = 0;
  int64_t full_engagement = 20;
  std::vector<std::string> engagement_kinds;  // All that the program declares, if it names none.
};

struct Rfm {
  int window_days = 365;
  int base_currency = 0;       // Index into Program::currencies.
  std::vector<RfmRate> rates;  // One for every other currency.
  int scores = 5;              // From 1 to this one.
  // Fixed cut points. Without any they are quantiles: those of norms where something is decided.
  std::optional<RfmCutPoints> thresholds = std::nullopt;
  std::vector<RfmSegment> segments;  // Every one of the scores is in one of them.
  NormsInterval recompute = NormsInterval::kMonthly;
  std::optional<ScoreWeights> score = std::nullopt;
};

// The segments of a program that declares none: for scores from 1 to 5.
std::vector<RfmSegment> DefaultRfmSegments();

// The place of the first one that has these scores; -1 where none has.
int FindSegment(const std::vector<RfmSegment>& segments, const RfmScores& scores);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_RFM_H_
