#include "server/domain/standing/activity_score.h"

#include <algorithm>
#include <cstdint>

#include "absl/numeric/int128.h"
#include "server/domain/activity/activity_fact.h"

namespace dangol::domain {
namespace {

// So many of a hundred, rounded half up; at most 100.
int PartOf(absl::int128 amount, absl::int128 all) {
  if (amount <= 0 || all <= 0) return 0;
  return static_cast<int>(std::min<absl::int128>((amount * 200 + all) / (all * 2), 100));
}

int64_t EngagementIn(const std::vector<History>& histories, const ScoreWeights& weights, Days days,
                     const Program& program, const ProgramCatalog& catalog) {
  int64_t count = 0;
  const auto add = [&](const std::string& kind) {
    count += CountedOf(histories, kind, days, catalog).all();
  };
  for (const std::string& kind : weights.engagement_kinds) add(kind);
  if (!weights.engagement_kinds.empty()) return count;
  for (const ActivityKind& declared : program.activities) add(declared.kind);
  return count;
}

// What was kept of what was bought.
int QualityIn(const std::vector<History>& histories, Days days, const Program& program) {
  const absl::int128 kept = InBaseCurrency(histories, Measure::kNetSpend, days, program);
  const absl::int128 returned = InBaseCurrency(histories, Measure::kReturned, days, program);
  return PartOf(kept, kept + returned);
}

ActivityScore ActivityOf(const std::optional<RfmScores>& scores,
                         const std::vector<History>& histories, const Program& program,
                         const ProgramCatalog& catalog, DayNumber day) {
  const ScoreWeights& weights = *program.rfm->score;
  const Days window = RfmWindow(*program.rfm, day);
  const auto part_of = [&](int score) { return PartOf(score - 1, program.rfm->scores - 1); };
  const RfmScores of = scores.value_or(RfmScores{1, 1, 1});
  ActivityScore out;
  out.parts = {{
      {"recency", weights.recency, part_of(of.r)},
      {"frequency", weights.frequency, part_of(of.f)},
      {"money", weights.money, part_of(of.m)},
      {"engagement", weights.engagement,
       PartOf(EngagementIn(histories, weights, window, program, catalog), weights.full_engagement)},
      {"quality", weights.quality, QualityIn(histories, window, program)},
  }};
  int64_t sum = 0;
  int64_t all = 0;
  for (const ScorePart& part : out.parts) {
    sum += int64_t{part.weight} * part.value;
    all += part.weight;
  }
  out.score = static_cast<int>((sum * 2 + all) / (all * 2));
  return out;
}

}  // namespace

const RfmCutPoints* CutPointsOn(const Program& program, const ProgramCatalog& catalog,
                                DayNumber day) {
  if (program.rfm->thresholds.has_value()) return &*program.rfm->thresholds;
  const Norms* const norms = catalog.NormsOn(day, program);
  return norms == nullptr ? nullptr : &norms->cut_points;
}

Scored ScoresOn(const std::vector<History>& histories, const Program& program,
                const ProgramCatalog& catalog, const RfmCutPoints* cut_points, DayNumber day) {
  const Rfm& rfm = *program.rfm;
  Scored scored;
  scored.values = RfmValuesOf(histories, program, day);
  if (scored.values.has_value() && cut_points != nullptr) {
    scored.scores = ScoresOf(*scored.values, *cut_points, rfm.scores);
    scored.segment = FindSegment(rfm.segments, *scored.scores);
  }
  if (rfm.score.has_value()) {
    scored.activity = ActivityOf(scored.scores, histories, program, catalog, day);
  }
  return scored;
}

}  // namespace dangol::domain
