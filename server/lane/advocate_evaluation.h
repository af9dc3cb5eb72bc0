#ifndef DANGOL_SERVER_LANE_ADVOCATE_EVALUATION_H_
#define DANGOL_SERVER_LANE_ADVOCATE_EVALUATION_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/domain/program/norms.h"
#include "server/domain/program/program_catalog.h"
#include "server/insight/influence_tree.h"
#include "server/lane/lanes.h"
#include "server/storage/storage.h"

namespace dangol::lane {

// What one look at all members says about advocates.
struct AdvocateEvaluation {
  domain::AdvocateNorms norms;
  // Who stands otherwise now than they were told, since norms have begun or days gone by.
  std::vector<domain::MemberId> reviews;
  std::vector<insight::InfluenceTree::Change> influence;
};

// Reads all members, page by page, as of the end of a day, for norms that are due at `now`. What
// it keeps of them is 40 bytes for each who contributed, and 100 for each who brought somebody or
// was brought.
absl::StatusOr<AdvocateEvaluation> EvaluateAdvocates(const domain::NormsDue& due,
                                                     const domain::ProgramCatalog& catalog,
                                                     absl::Time now, storage::Reader& reader);

// Records what those whom members brought have brought in turn, and waits until it is committed.
absl::Status RecordInfluence(const std::vector<insight::InfluenceTree::Change>& changes,
                             domain::DayNumber day, Lanes& lanes);

}  // namespace dangol::lane

#endif  // DANGOL_SERVER_LANE_ADVOCATE_EVALUATION_H_
