#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "tests/bench/engine_fixture.h"
#include "tests/bench/samples.h"
#include "tests/bench/store_bench.h"

namespace dangol::bench {
namespace {

// Several transactions of the raw loop, and a rest.
constexpr uint64_t kMembers = 600;

class ReviewsTest : public EngineTest {
 protected:
  // What a round on a small store measures of a probe.
  void Measure(std::set<Probe> wanted, Probe probe) {
    BenchSettings settings = {.dangold = ProgramDirectory() + "/dangold",
                              .decide_benchmark = "",
                              .directory = directory_->path(),
                              .reviewed_members = kMembers,
                              .year_members = kMembers};
    bench_ = std::make_unique<StoreBench>(std::move(settings), std::move(engine_));
    bench_->BeginRound(std::move(wanted));
    const absl::Status measured = bench_->Measure(probe);
    ASSERT_TRUE(measured.ok()) << measured;
  }

  std::unique_ptr<StoreBench> bench_;
};

TEST_P(ReviewsTest, RawLoopWritesTheReviewsOfAMidnightAsTheServerDoes) {
  ASSERT_NO_FATAL_FAILURE(Measure({Probe::kReviews, Probe::kRawReviews}, Probe::kReviews));
  EXPECT_EQ(bench_->samples().at(Probe::kReviewedMembers)[0].value, kMembers);
  EXPECT_GT(bench_->samples().at(Probe::kReviews)[0].value, 0);
  EXPECT_GT(bench_->samples().at(Probe::kRawReviews)[0].value, 0);
}

TEST_P(ReviewsTest, EverybodyIsReviewedInTheYear) {
  ASSERT_NO_FATAL_FAILURE(Measure({Probe::kYear}, Probe::kYear));
  EXPECT_GT(bench_->samples().at(Probe::kYear)[0].value, 0);
  EXPECT_GT(bench_->samples().at(Probe::kYearMoves)[0].value, 0);
}

DANGOL_TEST_ON_EACH_ENGINE(ReviewsTest);

}  // namespace
}  // namespace dangol::bench
