#include "server/domain/program/rfm.h"

#include <cstddef>

namespace dangol::domain {

// Money only tells the best from the loyal, and whom one can't lose from who is at risk: what
// to do about anybody else follows from when and how often they come.
std::vector<RfmSegment> DefaultRfmSegments() {
  constexpr ScoreRange kAny = {1, 5};
  return {
      {"champions", "Champions", {4, 5}, {4, 5}, {4, 5}},
      {"loyal", "Loyal", {3, 5}, {4, 5}, kAny},
      {"potential-loyalist", "Potential Loyalist", {4, 5}, {2, 3}, kAny},
      {"new", "New", {5, 5}, {1, 1}, kAny},
      {"promising", "Promising", {4, 4}, {1, 1}, kAny},
      {"need-attention", "Need Attention", {3, 3}, {3, 3}, kAny},
      {"about-to-sleep", "About To Sleep", {3, 3}, {1, 2}, kAny},
      {"cant-lose", "Can't Lose", {1, 2}, {4, 5}, {4, 5}},
      {"at-risk", "At Risk", {1, 2}, {3, 5}, kAny},
      {"hibernating", "Hibernating", {2, 2}, {1, 2}, kAny},
      {"lost", "Lost", kAny, kAny, kAny},
  };
}

int FindSegment(const std::vector<RfmSegment>& segments, const RfmScores& scores) {
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].Contains(scores)) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace dangol::domain
