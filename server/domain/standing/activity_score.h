#ifndef DANGOL_SERVER_DOMAIN_STANDING_ACTIVITY_SCORE_H_
#define DANGOL_SERVER_DOMAIN_STANDING_ACTIVITY_SCORE_H_

#include <array>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/domain/program/program_catalog.h"
#include "server/domain/standing/rfm_values.h"

// How active a person is, by recency, frequency, money, engagement and quality.
namespace dangol::domain {

// What is scored of one of these, from 0 to 100.
struct ScorePart {
  absl::string_view name;
  int weight = 0;
  int value = 0;

  friend bool operator==(const ScorePart&, const ScorePart&) = default;
};

struct ActivityScore {
  int score = 0;  // From 0 to 100.
  std::array<ScorePart, 5> parts;
};

// What a person's scores are at the end of a day.
struct Scored {
  std::optional<RfmValues> values;        // Nothing for whoever has bought nothing.
  std::optional<RfmScores> scores;        // Nothing also while there are no cut points.
  int segment = -1;                       // Its place in the program; -1: none.
  std::optional<ActivityScore> activity;  // Where the program declares one.
};

// The cut points in force on a day: the program's thresholds or those of norms; null while there
// are none. Of a program with Program::rfm.
const RfmCutPoints* CutPointsOn(const Program& program, const ProgramCatalog& catalog,
                                DayNumber day);

// `cut_points`: null where there are none. Of a program with Program::rfm; what counts of
// activities goes by the caps of their days. `day` must not lie before FirstRfmDay.
Scored ScoresOn(const std::vector<History>& histories, const Program& program,
                const ProgramCatalog& catalog, const RfmCutPoints* cut_points, DayNumber day);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_STANDING_ACTIVITY_SCORE_H_
