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

// One less of each than there are scores, ascending.
struct RfmThresholds {
  std::vector<int64_t> recency_days;
  std::vector<int64_t> purchases;
  std::vector<int64_t> spent_minor;
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

struct Rfm {
  int window_days = 365;
  int base_currency = 0;                                   // Index into Program::currencies.
  std::vector<RfmRate> rates;                              // One for every other currency.
  int scores = 5;                                          // From 1 to this one.
  std::optional<RfmThresholds> thresholds = std::nullopt;  // Quantiles where there are none.
  std::vector<RfmSegment> segments;  // Every one of the scores is in one of them.
};

// The segments of a program that declares none: for scores from 1 to 5.
std::vector<RfmSegment> DefaultRfmSegments();

// The place of the first one that has these scores; -1 where none has.
int FindSegment(const std::vector<RfmSegment>& segments, const RfmScores& scores);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_PROGRAM_RFM_H_
