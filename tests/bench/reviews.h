#ifndef DANGOL_TESTS_BENCH_REVIEWS_H_
#define DANGOL_TESTS_BENCH_REVIEWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/database.h"
#include "tests/bench/engine.h"
#include "tests/bench/history.h"

namespace dangol::bench {

// What dangold writes when it reviews members at a midnight, and the same from a bare loop.

// The rows for one member.
struct ReviewRows {
  InheritedRow command;
  std::vector<InheritedRow> records;  // Of tiers.
  InheritedRow member;
};

// For one member with each history.
struct ReviewSamples {
  std::vector<ReviewRows> members;
  std::vector<std::string> changing;  // Columns of a member.
};

// Reads what was written of the first of the heirs: `before` is a store in which none of them
// has been reviewed yet, `after` one in which all of them were, once.
absl::StatusOr<ReviewSamples> ReadReviews(Database& before, Database& after,
                                          const std::vector<Heir>& heirs);

// Writes reviews of all heirs to a store that has them and that no server has open. Members a
// second.
absl::StatusOr<double> RunReviewLoop(Engine& engine, const std::string& url, ReviewSamples samples,
                                     const std::vector<Heir>& heirs);

}  // namespace dangol::bench

#endif  // DANGOL_TESTS_BENCH_REVIEWS_H_
